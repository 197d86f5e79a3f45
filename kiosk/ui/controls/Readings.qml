pragma ComponentBehavior: Bound
import QtQuick
import theme

// The readings above the kanji of a label, half as large as they. A word broken between two lines has its reading broken
// in the same proportion.
Item {
    id: root

    required property Text label
    required property var readings
    readonly property bool wanted: readings.length > 0
    readonly property real room: wanted ? Math.round(label.font.pixelSize * Theme.readingRoom) : 0
    readonly property real lineHeight: label.contentHeight / Math.max(1, label.lineCount)
    readonly property var pieces: label.visible ? place() : []

    // [{x, line, text}], x being the middle. Everything that moves the letters is named here, so that this is done anew.
    function place(): var {
        const moved = [ruler.width, ruler.contentWidth, ruler.contentHeight, ruler.font.pixelSize, ruler.length, ruler.text]
        const ready = moved[4] === label.text.length && moved[5] === label.text
        const found = []
        for (const {at, length, reading} of ready ? readings : []) {
            let from = 0
            while (from < length) {
                let to = from + 1
                const line = lineOf(at + from)
                while (to < length && lineOf(at + to) === line)
                    ++to
                const part = reading.slice(Math.round(reading.length * from / length), Math.round(reading.length * to / length))
                found.push({x: (ruler.positionToRectangle(at + from).x + rightOf(at + to - 1)) / 2, line: line, text: part})
                from = to
            }
        }
        return found.filter(piece => piece.line < label.lineCount)
    }

    function lineOf(position: int): int {
        const area = ruler.positionToRectangle(position)
        return Math.round(area.y / area.height)
    }

    function rightOf(position: int): real {
        const next = ruler.positionToRectangle(position + 1)
        return lineOf(position + 1) === lineOf(position) ? next.x : ruler.positionToRectangle(position).x + label.font.pixelSize
    }

    // The lines make room. Qt leaves a line's spare room below it; the padding moves it above.
    Binding {
        target: root.label
        property: "lineHeight"
        value: Theme.annotatedLineHeight
        when: root.wanted
    }
    Binding {
        target: root.label
        property: "topPadding"
        value: root.room
    }
    Binding {
        target: root.label
        property: "bottomPadding"
        value: -root.room
    }
    // Text does not tell where its letters stand; an editor does, and breaks lines the same way.
    TextEdit {
        id: ruler
        visible: false
        readOnly: true
        width: root.label.width
        text: root.label.text
        font: root.label.font
        textFormat: TextEdit.PlainText
        wrapMode: root.label.wrapMode === Text.NoWrap ? TextEdit.NoWrap : TextEdit.Wrap
        horizontalAlignment: root.label.horizontalAlignment
    }
    Repeater {
        model: root.pieces

        Text {
            required property var modelData

            objectName: "reading"
            x: modelData.x - width / 2
            y: root.label.topPadding + modelData.line * root.lineHeight - height
            text: modelData.text
            color: root.label.color
            font.family: root.label.font.family
            font.pixelSize: Math.round(root.label.font.pixelSize / 2)
            textFormat: Text.PlainText
            Accessible.ignored: true
        }
    }
}

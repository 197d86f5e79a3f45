pragma ComponentBehavior: Bound
import QtQuick
import theme
import controls

// A number typed in the open. On a television the keys 決定, けす and もどる stand at the right; with touch the pad does.
Page {
    id: page

    property string typed: Kiosk.kept
    readonly property string places: screen.pattern || '#'.repeat(screen.length_max)
    readonly property bool enough: typed.length >= screen.length_min
    readonly property bool full: typed.length === screen.length_max

    onTypedChanged: Kiosk.kept = typed

    Connections {
        target: Kiosk
        function onFilled(digits: string) {
            page.typed = digits
        }
    }

    initialKey: "ok"

    function act(action: string) {
        if (/^\d$/.test(action))
            full ? refuse() : typed += action
        else if (action === "left" && Theme.pointer && !focusedItem())
            erase()
        else if (action === "ok" && !focusedItem())
            answer()
        else if (action === "ok")
            press(focusedItem())
        else
            move(action)
    }

    function erase() {
        typed === "" ? refuse() : typed = typed.slice(0, -1)
    }

    function answer() {
        enough ? Kiosk.answered([typed]) : refuse()
    }

    function refuse() {
        if (focusedItem())
            focusedItem().bump("right")
        Kiosk.deadEnd()
    }

    // What stands at a place of the pattern: a typed digit, nothing yet, or what is between.
    function letter(at: int): string {
        const before = places.slice(0, at).split('#').length - 1
        return places[at] === '#' ? typed[before] ?? "" : places[at]
    }

    function isNext(at: int): bool {
        return places[at] === '#' && places.slice(0, at).split('#').length - 1 === typed.length
    }

    Column {
        anchors.verticalCenter: parent.verticalCenter
        width: (pad.visible ? pad.x : keys.x) - Theme.gap
        spacing: Theme.gap

        Row {
            id: row

            readonly property real unitWidth: unit.visible ? unit.width + spacing : 0
            readonly property real room: (parent.width - unitWidth) / page.places.length - spacing
            readonly property real cellWidth: Math.min(Theme.length(132), room)

            anchors.horizontalCenter: parent.horizontalCenter
            spacing: Theme.length(12)
            Accessible.role: Accessible.Indicator
            Accessible.name: page.typed === "" ? page.screen.title : page.typed + page.screen.unit

            Repeater {
                model: page.places.length

                Rectangle {
                    id: cell

                    required property int index
                    readonly property bool place: page.places[index] === '#'

                    width: place ? row.cellWidth : row.cellWidth / 2
                    height: Theme.length(180)
                    radius: Theme.radius
                    color: place ? Theme.card.fill : Theme.ground.fill
                    border.width: !place ? 0 : page.isNext(index) ? Theme.ringWidth : Theme.hairline
                    border.color: page.isNext(index) ? Theme.active : Theme.card.line

                    Label {
                        anchors.centerIn: parent
                        text: page.letter(cell.index)
                        font.family: cell.place ? Theme.digitFace : Theme.face
                        font.pixelSize: Math.min(Theme.length(112), Math.round(row.cellWidth * 0.9))
                        font.bold: true
                        Accessible.ignored: true
                    }
                }
            }
            Label {
                id: unit
                visible: text !== ""
                anchors.verticalCenter: parent.verticalCenter
                text: page.screen.unit
                font.pixelSize: Theme.action
                font.bold: true
                wrapMode: Text.NoWrap
            }
        }
        Label {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: page.full ? Kiosk.words.press_ok : page.screen.hint
            color: page.full ? Theme.ground.care : Theme.ground.quiet
            font.bold: page.full
            lineHeight: Theme.tightLineHeight
        }
    }
    Column {
        id: keys
        visible: !pad.visible
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        width: Math.round(parent.width * 0.27)
        spacing: Theme.gap

        Button {
            width: parent.width
            key: "ok"
            text: Kiosk.words.ok
            onPressed: page.answer()
        }
        Button {
            width: parent.width
            key: "erase"
            text: Kiosk.words.erase
            onPressed: page.erase()
        }
        Button {
            width: parent.width
            key: "back"
            text: Kiosk.words.back
            onPressed: Kiosk.tapped("back")
        }
    }
    PinPad {
        id: pad
        visible: Theme.pointer
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        ready: page.enough
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import theme

// The card and the reader, with an arrow: put it on (down), take it (up), leave it (none),
// or keep it in the middle (still).
Item {
    id: root

    property string direction: ""
    readonly property bool still: direction === "still"
    readonly property bool lies: direction === "" || still
    readonly property real lyingY: still ? reader.y + (reader.height - root.length(126)) / 2 : reader.y - root.length(70)

    // Makes room for very large words.
    function length(px: real): int {
        return Theme.length(Theme.veryLarge ? px * 0.65 : px)
    }

    implicitWidth: root.length(420)
    implicitHeight: root.length(270)

    Rectangle {
        id: reader
        width: root.length(root.still ? 250 : 300)
        height: root.length(root.still ? 190 : 108)
        anchors.bottom: parent.bottom
        anchors.horizontalCenter: parent.horizontalCenter
        radius: root.length(20)
        color: Theme.card.fill
        border.width: Theme.hairline
        border.color: Theme.card.line
    }
    Rectangle {
        width: root.length(200)
        height: root.length(126)
        anchors.horizontalCenter: reader.horizontalCenter
        y: root.lies ? root.lyingY : root.length(12)
        rotation: root.lies ? 0 : -8
        antialiasing: true
        radius: root.length(14)
        color: Theme.cardBody
        border.width: Theme.hairline
        border.color: Theme.cardLine

        Rectangle {
            x: parent.width * 0.1
            y: parent.height * 0.28
            width: parent.width * 0.22
            height: parent.height * 0.25
            radius: root.length(6)
            antialiasing: true
            color: Theme.cardChip
        }
        Rectangle {
            x: parent.width * 0.62
            y: parent.height * 0.2
            width: parent.width * 0.28
            height: parent.height * 0.55
            antialiasing: true
            color: Theme.cardPhoto
        }
    }
    Label {
        visible: !root.lies
        anchors.right: parent.right
        y: root.length(24)
        text: root.direction === "up" ? "↑" : "↓"
        color: Theme.active
        font.pixelSize: root.length(110)
        font.bold: true
        Accessible.ignored: true
    }
    Repeater {
        model: root.still ? ["→", "←"] : []

        Label {
            required property int index
            required property string modelData

            x: index === 0 ? 0 : root.width - width
            y: reader.y + (reader.height - height) / 2
            text: modelData
            color: Theme.active
            font.pixelSize: root.length(80)
            font.bold: true
            Accessible.ignored: true
        }
    }
}

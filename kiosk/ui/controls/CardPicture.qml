import QtQuick
import theme

// The card and the reader, with an arrow: put it on (down), take it (up), or leave it (none).
Item {
    id: root

    property string direction: ""

    // Makes room for very large words.
    function length(px: real): int {
        return Theme.length(Theme.veryLarge ? px * 0.65 : px)
    }

    implicitWidth: root.length(420)
    implicitHeight: root.length(270)

    Rectangle {
        id: reader
        width: root.length(300)
        height: root.length(108)
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
        y: root.direction === "" ? reader.y - height * 0.55 : root.length(12)
        rotation: root.direction === "" ? 0 : -8
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
        visible: root.direction !== ""
        anchors.right: parent.right
        y: root.length(24)
        text: root.direction === "up" ? "↑" : "↓"
        color: Theme.active
        font.pixelSize: root.length(110)
        font.bold: true
        Accessible.ignored: true
    }
}

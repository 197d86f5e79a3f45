pragma ComponentBehavior: Bound
import QtQuick
import theme

// A reader with keys of its own, a card in it and a finger's arrow on its keys: that is where to type, not here.
Item {
    id: root

    // Makes room for very large words.
    function length(px: real): int {
        return Theme.length(Theme.veryLarge ? px * 0.65 : px)
    }

    implicitWidth: root.length(560)
    implicitHeight: root.length(300)

    Rectangle {
        width: root.length(150)
        height: root.length(110)
        anchors.horizontalCenter: reader.horizontalCenter
        anchors.bottom: parent.bottom
        radius: root.length(12)
        color: Theme.cardBody
        border.width: Theme.hairline
        border.color: Theme.cardLine
    }
    Rectangle {
        id: reader
        width: root.length(210)
        height: root.length(262)
        anchors.horizontalCenter: parent.horizontalCenter
        radius: root.length(20)
        color: Theme.card.fill
        border.width: Theme.hairline
        border.color: Theme.card.line

        Rectangle {
            id: display
            width: parent.width - root.length(36)
            height: root.length(46)
            x: root.length(18)
            y: root.length(16)
            radius: root.length(6)
            color: Theme.ground.fill
            border.width: Theme.hairline
            border.color: Theme.card.line

            Row {
                anchors.centerIn: parent
                spacing: root.length(16)

                Repeater {
                    model: 4

                    Rectangle {
                        required property int index

                        width: root.length(16)
                        height: width
                        radius: width / 2
                        color: index < 2 ? Theme.ground.text : "transparent"
                        border.width: Theme.hairline
                        border.color: Theme.ground.text
                    }
                }
            }
        }
        Grid {
            columns: 3
            spacing: root.length(10)
            anchors.horizontalCenter: parent.horizontalCenter
            anchors.top: display.bottom
            anchors.topMargin: root.length(14)

            Repeater {
                model: 12

                Rectangle {
                    required property int index

                    width: root.length(50)
                    height: root.length(34)
                    radius: root.length(6)
                    color: index === 11 ? Theme.green.fill : index === 9 ? Theme.red.fill : Theme.active
                }
            }
        }
    }
    Label {
        anchors.right: reader.left
        anchors.rightMargin: root.length(24)
        anchors.verticalCenter: reader.verticalCenter
        text: "→"
        color: Theme.active
        font.pixelSize: root.length(110)
        font.bold: true
        Accessible.ignored: true
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import theme
import controls

Poster {
    id: page

    // How long it runs before a way to stop is offered.
    property int stopAfterMs: 4000
    property bool stoppable: false

    lines: screen.detail === "" ? [] : [screen.detail]
    picture: Row {
        id: dots

        property int step: 0

        anchors.horizontalCenter: parent.horizontalCenter
        spacing: Theme.length(36)

        Repeater {
            model: 3

            Rectangle {
                required property int index

                width: Theme.length(48)
                height: width
                radius: width / 2
                color: dots.step % 3 === index ? Theme.active : Theme.card.line
            }
        }
        Timer {
            interval: 400
            repeat: true
            running: true
            onTriggered: dots.step += 1
        }
    }

    Item {
        width: parent.width
        height: page.screen.stop === "" ? 0 : Theme.gap + stop.height
        Button {
            id: stop
            visible: page.stoppable
            anchors.horizontalCenter: parent.horizontalCenter
            y: Theme.gap
            key: "stop"
            text: page.screen.stop
            onPressed: Kiosk.tapped("back")
        }
        Timer {
            interval: page.stopAfterMs
            running: page.screen.stop !== ""
            onTriggered: {
                page.stoppable = true
                stop.take()
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import theme
import controls

Poster {
    id: page

    // How long it runs before a way to stop is offered.
    property int stopAfterMs: 4000
    property bool stoppable: false

    beside: screen.facts.length > 0
    lines: screen.detail === "" ? [] : [screen.detail]
    picture: Row {
        id: dots

        property int step: 0

        anchors.horizontalCenter: parent.horizontalCenter
        spacing: Theme.length(page.beside ? 12 : 36)

        Repeater {
            model: 3

            Rectangle {
                required property int index

                width: Theme.length(page.beside ? 30 : 48)
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

    Rectangle {
        visible: page.screen.facts.length > 0
        width: parent.width
        height: visible ? facts.height + 2 * facts.y : 0
        radius: Theme.radius
        color: Theme.card.fill

        FactList {
            id: facts
            x: Theme.gap
            y: Theme.length(24)
            width: parent.width - 2 * x
            stacked: false
            facts: page.screen.facts
        }
    }
    Item {
        width: parent.width
        y: page.screen.facts.length > 0 ? facts.height + 2 * facts.y : 0
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

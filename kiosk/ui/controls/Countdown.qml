pragma ComponentBehavior: Bound
import QtQuick
import theme

// One segment a second, going out by itself. Only to be seen: the visit decides when time is up.
Row {
    id: root

    required property int seconds
    property int remaining: seconds
    readonly property real pitch: width / Math.max(1, seconds)

    height: Theme.length(22)

    Timer {
        interval: 1000
        repeat: true
        running: root.remaining > 0
        onTriggered: root.remaining -= 1
    }
    Repeater {
        model: root.seconds

        Item {
            id: cell

            required property int index

            width: root.pitch
            height: root.height

            Rectangle {
                width: root.pitch * 0.88
                height: parent.height
                radius: Math.min(width, height) / 2
                color: cell.index < root.remaining ? Theme.active : Theme.card.fill
                border.width: cell.index < root.remaining ? 0 : Theme.hairline
                border.color: Theme.card.line
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import theme

// のこり ◆◆◇ 2回: said by word, shape and number, never by colour alone.
Row {
    id: root

    // A screen with tries_label, tries_left, tries_max and tries_text.
    required property var screen

    spacing: Theme.padding

    Label {
        text: root.screen.tries_label
        font.pixelSize: Theme.action
    }
    Repeater {
        model: root.screen.tries_max

        Rectangle {
            required property int index
            readonly property bool unused: index < root.screen.tries_left

            anchors.verticalCenter: parent.verticalCenter
            width: Theme.length(30)
            height: width
            rotation: 45
            antialiasing: true
            color: unused ? root.screen.tries_left === 1 ? Theme.ground.care : Theme.ground.good : "transparent"
            border.width: unused ? 0 : Theme.hairline
            border.color: Theme.ground.line
        }
    }
    Label {
        text: root.screen.tries_text
        font.pixelSize: Theme.action
        font.bold: true
    }
}

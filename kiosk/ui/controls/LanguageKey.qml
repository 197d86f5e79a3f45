import QtQuick
import theme

// A language on the first screen, by its digit; on a touch screen a button.
Item {
    id: root

    required property int digit
    required property string word

    implicitWidth: name.x + name.width + Theme.smallGap
    implicitHeight: Math.max(number.height, Theme.pointer ? Theme.length(84) : 0)

    Rectangle {
        visible: Theme.pointer
        anchors.fill: parent
        radius: Theme.length(16)
        color: Theme.button.fill
        border.width: Theme.hairline
        border.color: Theme.button.line
    }
    Digit {
        id: number
        anchors.verticalCenter: parent.verticalCenter
        x: Theme.pointer ? Theme.smallGap : 0
        digit: root.digit
    }
    Label {
        id: name
        anchors.verticalCenter: parent.verticalCenter
        x: number.x + number.width + Theme.smallGap
        text: root.word
        color: Theme.pointer ? Theme.button.text : Theme.ground.text
        font.pixelSize: Theme.chrome
        Accessible.role: Accessible.Button
        Accessible.onPressAction: Kiosk.tapped(root.digit.toString())
    }
    TapHandler {
        enabled: Theme.pointer
        onTapped: Kiosk.tapped(root.digit.toString())
    }
}

import QtQuick
import theme

// Says that there is more that way. The arrow keys do it; on a touch screen it is a button.
Item {
    id: root

    required property string word

    signal turned

    implicitWidth: text.width + 2 * Theme.padding
    implicitHeight: Math.max(Theme.pointer ? Theme.length(92) : 0, Math.round(Theme.chrome * 1.6))

    Rectangle {
        visible: Theme.pointer
        anchors.fill: parent
        radius: Theme.length(16)
        color: Theme.button.fill
        border.width: Theme.hairline
        border.color: Theme.button.line
    }
    Label {
        id: text
        anchors.centerIn: parent
        text: root.word
        color: Theme.pointer ? Theme.button.text : Theme.card.accent
        font.pixelSize: Theme.chrome
        font.bold: true
        Accessible.role: Accessible.Button
        Accessible.onPressAction: root.turned()
    }
    TapHandler {
        enabled: Theme.pointer
        onTapped: root.turned()
    }
}

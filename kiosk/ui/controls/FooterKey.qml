import QtQuick
import theme

// One key of the footer: on a television its coloured key and its word, to be pressed on the remote control; on a touch
// screen a button. It has the ring as well: some televisions keep 戻る and the colours to themselves.
Item {
    id: root

    required property string action
    required property string word
    required property string cap
    required property bool takesFocus
    readonly property Tone keyTone: action === "blue" ? Theme.blue : action === "red" ? Theme.red : action === "green" ? Theme.green
                                  : action === "yellow" ? Theme.yellow : Theme.chip

    implicitWidth: face.width

    Pressable {
        visible: root.takesFocus
        anchors.fill: parent
        key: "footer." + root.action
        name: root.word
        radius: Theme.length(12)
        tone: Theme.pointer ? Theme.ground : Theme.plain
        onPressed: Kiosk.tapped(root.action)
    }

    Rectangle {
        visible: Theme.pointer && !root.takesFocus
        anchors.fill: parent
        radius: Theme.length(16)
        color: Theme.ground.fill
        border.width: Theme.hairline
        border.color: Theme.ground.line
    }

    Item {
        id: face
        height: parent.height
        width: text.x + text.width + Theme.length(Theme.pointer ? 24 : 8)

        Rectangle {
            id: key
            visible: !Theme.pointer
            width: height
            height: parent.height
            radius: Theme.length(10)
            color: root.keyTone.fill
            border.width: Theme.hairline
            border.color: root.keyTone.line

            Label {
                anchors.centerIn: parent
                text: root.cap
                color: root.keyTone.text
                font.pixelSize: Theme.chrome
                font.bold: true
                Accessible.ignored: true
            }
        }
        Label {
            id: text
            x: Theme.pointer ? Theme.length(24) : key.width + Theme.length(14)
            anchors.verticalCenter: parent.verticalCenter
            text: root.word
            color: root.takesFocus && Kiosk.focusKey === "footer." + root.action ? Theme.focused.text : Theme.ground.text
            font.pixelSize: Theme.chrome
            Accessible.role: Accessible.Button
            Accessible.ignored: root.takesFocus
            Accessible.onPressAction: Kiosk.tapped(root.action)
        }
    }

    TapHandler {
        enabled: Theme.pointer && !root.takesFocus
        onTapped: Kiosk.tapped(root.action)
    }
}

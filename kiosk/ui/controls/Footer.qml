pragma ComponentBehavior: Bound
import QtQuick
import theme

// The same keys at the same place on every screen; a small code at the left where something went wrong.
Item {
    id: root

    required property var actions
    required property bool backTakesFocus
    required property string code
    readonly property bool bar: Theme.pointer && (actions.length > 0 || card.visible)

    implicitHeight: Theme.edge + keys.height + (bar ? Theme.length(24) : 0)

    Rectangle {
        visible: root.bar
        anchors.fill: parent
        color: Theme.card.fill
    }

    Label {
        id: codeText
        visible: root.code !== ""
        x: Theme.side
        anchors.verticalCenter: keys.verticalCenter
        text: root.code
        color: Theme.ground.quiet
        font.family: Theme.digitFace
        font.pixelSize: Theme.chrome
    }

    Row {
        id: keys
        anchors.bottom: parent.bottom
        anchors.bottomMargin: root.bar ? Theme.length(36) : Theme.edge
        x: codeText.visible ? codeText.x + codeText.width + Theme.gap : Theme.side
        height: Theme.pointer ? Theme.length(84) : Math.round(Theme.chrome * 1.6)
        spacing: Theme.pointer ? Theme.length(28) : Theme.gap

        Repeater {
            model: root.actions

            FooterKey {
                required property var modelData

                height: keys.height
                action: modelData.action
                word: modelData.word
                cap: modelData.cap
                takesFocus: root.backTakesFocus && modelData.action === "back"
            }
        }
    }

    CardMark {
        id: card
        anchors.right: parent.right
        anchors.rightMargin: Theme.side
        anchors.verticalCenter: keys.verticalCenter
        visible: Kiosk.cardInside && root.actions.length > 0
        room: root.width - 2 * Theme.side - keys.width - (codeText.visible ? codeText.width + Theme.gap : 0) - Theme.gap
    }
}

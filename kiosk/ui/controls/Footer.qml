pragma ComponentBehavior: Bound
import QtQuick
import theme

// The same keys at the same place on every screen; a small code at the left where something went wrong.
Item {
    id: root

    required property var actions
    required property bool takesFocus
    required property string code
    readonly property bool bar: Theme.pointer && (actions.length > 0 || card.visible)

    implicitHeight: Theme.bottom + keys.height + (bar ? Theme.length(24) : 0)

    Rectangle {
        visible: root.bar
        anchors.fill: parent
        color: Theme.card.fill
    }

    Label {
        id: codeText
        visible: root.code !== ""
        x: Theme.left
        anchors.verticalCenter: keys.verticalCenter
        text: root.code
        color: Theme.ground.quiet
        font.family: Theme.digitFace
        font.pixelSize: Theme.chrome
    }

    Row {
        id: keys
        anchors.bottom: parent.bottom
        anchors.bottomMargin: root.bar ? Theme.length(36) : Theme.bottom
        x: codeText.visible ? codeText.x + codeText.width + Theme.gap : Theme.left
        height: Theme.pointer ? Theme.length(84) : Math.round(Theme.chrome * 1.6)
        // Closer together where five long words would not fit.
        readonly property real spare: (root.width - x - Theme.right - taken()) / Math.max(1, root.actions.length - 1)
        spacing: Math.max(Theme.length(12), Math.min(spare, Theme.pointer ? Theme.length(28) : Theme.gap))

        function taken(): real {
            let sum = 0
            for (let i = 0; i < offered.count; ++i)
                sum += offered.itemAt(i)?.implicitWidth ?? 0
            return sum
        }

        Repeater {
            id: offered
            model: root.actions

            FooterKey {
                required property var modelData

                height: keys.height
                action: modelData.action
                word: modelData.word
                cap: modelData.cap
                // Never おわる: it acts at once, and おわる or もどる stands elsewhere.
                takesFocus: root.takesFocus && modelData.action !== "red"
            }
        }
    }

    Reminder {
        id: reminder
        anchors.right: parent.right
        anchors.rightMargin: Theme.right
        anchors.verticalCenter: keys.verticalCenter
        visible: Kiosk.reminder !== "" && root.actions.length > 0
        room: root.width - Theme.right - keys.x - keys.width - Theme.gap
    }
    PhoneMark {
        id: phone
        anchors.right: card.visible ? card.left : reminder.visible ? reminder.left : parent.right
        anchors.rightMargin: card.visible || reminder.visible ? Theme.gap : Theme.right
        anchors.verticalCenter: keys.verticalCenter
        visible: Kiosk.phone !== "none"
    }
    CardMark {
        id: card
        anchors.right: reminder.visible ? reminder.left : parent.right
        anchors.rightMargin: reminder.visible ? Theme.gap : Theme.right
        anchors.verticalCenter: keys.verticalCenter
        visible: Kiosk.cardInside && root.actions.length > 0 && room > Theme.chrome * 1.5
        room: root.width - Theme.left - Theme.right - keys.width - (codeText.visible ? codeText.width + Theme.gap : 0) - Theme.gap
              - (phone.visible ? phone.width + Theme.gap : 0) - (reminder.visible ? reminder.width + Theme.gap : 0)
    }
}

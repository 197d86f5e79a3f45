import QtQuick
import theme

// What must not be forgotten, on every screen: a sign, and its words where there is room.
Rectangle {
    id: root

    // Width there is; too little shows the sign alone.
    required property real room
    readonly property bool worded: sign.implicitWidth + words.implicitWidth + 3 * Theme.smallGap <= room

    implicitWidth: worded ? words.x + words.implicitWidth + Theme.smallGap : sign.implicitWidth + 2 * Theme.smallGap
    implicitHeight: Math.round(Theme.chrome * 1.5)
    radius: Theme.length(8)
    color: Theme.badge.fill
    Accessible.role: Accessible.AlertMessage
    Accessible.name: Kiosk.reminder

    Label {
        id: sign
        x: Theme.smallGap
        anchors.verticalCenter: parent.verticalCenter
        text: "！"
        color: Theme.badge.text
        font.pixelSize: Theme.chrome
        font.bold: true
        Accessible.ignored: true
    }
    Label {
        id: words
        visible: root.worded
        x: sign.x + sign.implicitWidth
        anchors.verticalCenter: parent.verticalCenter
        text: Kiosk.reminder
        wrapMode: Text.NoWrap
        color: Theme.badge.text
        font.pixelSize: Theme.chrome
        font.bold: true
        Accessible.ignored: true
    }
}

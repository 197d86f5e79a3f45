import QtQuick
import theme

// The pages before and after this one.
Item {
    id: root

    required property int page
    required property int pages

    signal turned(step: int)

    visible: pages > 1
    height: visible ? next.implicitHeight + Theme.smallGap : 0

    TurnKey {
        visible: root.page > 0
        anchors.left: parent.left
        anchors.bottom: parent.bottom
        word: "▲ " + Kiosk.words.previous_page
        onTurned: root.turned(-1)
    }
    TurnKey {
        id: next
        visible: root.page < root.pages - 1
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        word: "▼ " + Kiosk.words.next_page
        onTurned: root.turned(1)
    }
}

import QtQuick
import theme

// A card is inside, and what taking it away means.
Item {
    id: root

    // Width there is; too little shows the mark alone.
    required property real room

    implicitWidth: text.visible ? text.x + text.width : mark.width
    implicitHeight: mark.height

    Rectangle {
        id: mark
        width: Math.round(Theme.chrome * 1.5)
        height: Theme.chrome
        radius: Theme.length(6)
        color: Theme.ground.good

        Rectangle {
            x: parent.width * 0.15
            y: parent.height * 0.3
            width: parent.width * 0.25
            height: parent.height * 0.4
            color: Theme.ground.fill
        }
    }
    Label {
        id: text
        visible: text.x + text.implicitWidth <= root.room
        x: mark.width + Theme.length(16)
        anchors.verticalCenter: mark.verticalCenter
        text: Kiosk.words.card_in
        color: Theme.ground.quiet
        font.pixelSize: Theme.chrome
    }
}

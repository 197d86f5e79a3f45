import QtQuick
import theme
import controls

Poster {
    id: page

    titleSize: Theme.text(84, 0.25)
    lines: [screen.lead]
    lineSize: Theme.text(54, 0.5)
    picture: CardPicture {
        anchors.horizontalCenter: parent.horizontalCenter
        direction: "down"
    }

    TapHandler {
        enabled: Theme.pointer
        parent: page
        onTapped: Kiosk.tapped("ok")
    }
}

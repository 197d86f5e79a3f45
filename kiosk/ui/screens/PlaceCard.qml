import QtQuick
import controls

Poster {
    id: page

    lines: screen.hints
    picture: CardPicture {
        anchors.horizontalCenter: parent.horizontalCenter
        direction: page.screen.still ? "still" : "down"
    }
}

import QtQuick
import controls

Poster {
    lines: screen.hints
    picture: CardPicture {
        anchors.horizontalCenter: parent.horizontalCenter
        direction: "down"
    }
}

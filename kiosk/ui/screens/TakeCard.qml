import QtQuick
import controls

Poster {
    id: page

    footerTakesFocus: false
    lines: screen.lines
    picture: [
        CardPicture {
            visible: !page.screen.taken
            anchors.horizontalCenter: parent.horizontalCenter
            direction: "up"
        },
        BigMark {
            visible: page.screen.taken
            anchors.horizontalCenter: parent.horizontalCenter
            mark: "good"
        }
    ]
}

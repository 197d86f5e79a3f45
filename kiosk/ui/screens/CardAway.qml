import QtQuick
import theme
import controls

Poster {
    id: page

    footerTakesFocus: false
    lines: [screen.lead]
    lineSize: Theme.text(46, 0.5)
    picture: CardPicture {
        anchors.horizontalCenter: parent.horizontalCenter
        direction: "down"
    }

    Column {
        width: parent.width
        spacing: Theme.gap

        Countdown {
            anchors.horizontalCenter: parent.horizontalCenter
            width: parent.width * 0.64
            seconds: page.screen.seconds
        }
        Label {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: page.screen.note
            color: Theme.ground.accent
            font.pixelSize: Theme.label
            lineHeight: Theme.tightLineHeight
        }
    }
}

import QtQuick
import theme
import controls

// The PIN is typed on the reader's own keys. Nothing here counts digits: not even their number comes to this machine.
Poster {
    id: page

    footerTakesFocus: !Theme.pointer
    lines: screen.hints
    titleSize: Theme.text(64, 0.25)
    picture: KeysPicture {
        anchors.horizontalCenter: parent.horizontalCenter
    }

    Rectangle {
        parent: page
        anchors.fill: parent
        color: "transparent"
        border.width: Theme.length(14)
        border.color: page.screen.pin === "digital signature" ? Theme.signFrame : Theme.pinFrame
    }
    Column {
        width: parent.width
        spacing: Theme.smallGap

        Tries {
            anchors.horizontalCenter: parent.horizontalCenter
            screen: page.screen
        }
        Label {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: page.screen.note
            color: Theme.ground.accent
            font.pixelSize: Theme.text(36, 0.5)
            lineHeight: Theme.tightLineHeight
        }
    }
}

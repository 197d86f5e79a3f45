import QtQuick
import theme
import controls

Poster {
    id: page

    footerTakesFocus: false
    lines: [screen.lead]

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
            text: page.screen.go_on
            color: Theme.ground.accent
            font.pixelSize: Theme.action
            font.bold: true
            lineHeight: Theme.tightLineHeight
        }
    }
    TapHandler {
        enabled: Theme.pointer
        parent: page
        onTapped: Kiosk.tapped("ok")
    }
}

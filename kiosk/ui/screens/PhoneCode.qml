import QtQuick
import theme
import controls

// A QR for a phone: black on white in every theme, with its quiet zone, each module a whole number of pixels.
Poster {
    id: page

    lines: screen.hints
    initialKey: "footer.back"
    titleSize: Theme.text(64, 0.25)
    picture: Item {
        readonly property int wanted: Theme.length(Theme.large ? 420 : 480)

        anchors.horizontalCenter: parent.horizontalCenter
        width: wanted
        height: wanted

        // It comes when the page stands already, and moves nothing then.
        Image {
            anchors.centerIn: parent
            source: page.screen.code_picture
            width: Math.max(1, Math.floor(parent.width / Math.max(1, sourceSize.width))) * sourceSize.width
            height: width
            smooth: false
            Accessible.role: Accessible.Graphic
            Accessible.name: page.screen.title
        }
    }
}

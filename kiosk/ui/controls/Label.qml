import QtQuick
import theme

// All text of the kiosk. Plain text always: what a sender wrote is never read as markup.
Text {
    color: Theme.ground.text
    font.family: Theme.face
    font.pixelSize: Theme.body
    textFormat: Text.PlainText
    wrapMode: Text.Wrap
    elide: Text.ElideRight
    Accessible.role: Accessible.StaticText
    Accessible.name: text
}

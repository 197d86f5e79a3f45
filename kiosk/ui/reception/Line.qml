import QtQuick
import reception.theme

// All text of the staff's window.
Text {
    color: Staff.text
    font.family: Staff.face
    font.pixelSize: Staff.body
    textFormat: Text.PlainText
    wrapMode: Text.Wrap
    elide: Text.ElideRight
    Accessible.role: Accessible.StaticText
    Accessible.name: text
}

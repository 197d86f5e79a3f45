import QtQuick
import theme

// All text of the kiosk. Plain text always: what a sender wrote is never read as markup. Where the language has readings
// for its kanji, they stand above them.
Text {
    id: label

    readonly property var readings: Kiosk.readings[text]
    property Item above: null

    onReadingsChanged: {
        if (readings && !above)
            above = Qt.createComponent("Readings.qml").createObject(label, {label: label, readings: Qt.binding(() => label.readings ?? [])})
    }

    color: Theme.ground.text
    font.family: Theme.face
    font.pixelSize: Theme.body
    textFormat: Text.PlainText
    wrapMode: Text.Wrap
    elide: Text.ElideRight
    Accessible.role: Accessible.StaticText
    Accessible.name: text
}

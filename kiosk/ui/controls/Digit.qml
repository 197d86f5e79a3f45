import QtQuick
import theme

// The number that chooses a thing at once.
Rectangle {
    id: root

    required property int digit
    property Tone tone: Theme.chip

    visible: digit >= 0
    implicitWidth: visible ? side : 0
    implicitHeight: side
    radius: Theme.length(12)
    color: tone.fill

    readonly property int side: Math.round(Theme.text(36, 0.5) * 1.5)

    Label {
        anchors.centerIn: parent
        text: root.digit
        color: root.tone.text
        font.family: Theme.digitFace
        font.pixelSize: Theme.text(36, 0.5)
        font.bold: true
    }
}

import QtQuick
import reception.theme

// A text to be typed, under its name.
Item {
    id: entry

    required property string label
    property alias text: input.text
    property alias most: input.maximumLength
    property alias hints: input.inputMethodHints
    signal done
    signal escaped

    function focusIt(): void {
        input.forceActiveFocus()
    }

    height: name.height + box.height
    Line {
        id: name
        text: entry.label
        color: Staff.quiet
        font.pixelSize: Staff.small
        Accessible.ignored: true
    }
    Rectangle {
        id: box
        anchors.top: name.bottom
        width: parent.width
        height: Staff.touch
        color: Staff.ground
        border.color: input.activeFocus ? Staff.chosen : Staff.line
        border.width: input.activeFocus ? 3 : 1

        TextInput {
            id: input
            anchors.fill: parent
            anchors.margins: Staff.gap / 2
            verticalAlignment: TextInput.AlignVCenter
            clip: true
            color: Staff.text
            font.family: Staff.face
            font.pixelSize: Staff.body
            maximumLength: 200
            activeFocusOnTab: true
            Accessible.role: Accessible.EditableText
            Accessible.name: entry.label
            onAccepted: entry.done()
            Keys.onEscapePressed: entry.escaped()
        }
    }
}

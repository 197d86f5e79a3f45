import QtQuick
import reception.theme

// What a key of the staff's window does, for fingers too.
Rectangle {
    id: key

    required property string label
    property bool filled: false
    signal tapped

    width: caption.implicitWidth + 2 * Staff.gap
    height: Staff.touch
    color: filled ? Staff.chosen : activeFocus || area.pressed ? Staff.line : Staff.pane
    border.color: activeFocus ? Staff.chosen : Staff.line
    border.width: activeFocus ? 3 : 1
    radius: 4
    Accessible.role: Accessible.Button
    Accessible.name: label
    Accessible.onPressAction: key.tapped()
    Keys.onReturnPressed: key.tapped()
    Keys.onEnterPressed: key.tapped()
    Keys.onSpacePressed: key.tapped()

    Line {
        id: caption
        anchors.centerIn: parent
        text: key.label
        color: key.filled ? Staff.inverse : Staff.text
        font.pixelSize: Staff.small
        wrapMode: Text.NoWrap
        Accessible.ignored: true
    }
    TapHandler {
        id: area
        onTapped: key.tapped()
    }
}

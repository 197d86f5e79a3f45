import QtQuick
import theme

// A short word on a pill: 新着 3.
Rectangle {
    id: root

    required property string text
    property real maximumWidth: Infinity

    visible: text !== ""
    implicitWidth: Math.min(maximumWidth, label.implicitWidth + 2 * Theme.smallGap)
    implicitHeight: Math.max(Math.round(Theme.caption * 1.4), label.implicitHeight + Theme.length(6))
    radius: height / 2
    color: Theme.badge.fill

    Label {
        id: label
        anchors.centerIn: parent
        width: Math.min(implicitWidth, root.maximumWidth - 2 * Theme.smallGap)
        text: root.text
        wrapMode: Text.NoWrap
        color: Theme.badge.text
        font.pixelSize: Theme.caption
        font.bold: true
    }
}

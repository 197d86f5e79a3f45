import QtQuick
import theme

// A wide thing to press: digit, mark of focus, words. Always as wide as with the mark, so that nothing flows anew.
Pressable {
    id: root

    property alias text: label.text
    readonly property real wordsAt: digit < 0 ? Theme.padding : number.x + number.width + Theme.smallGap

    name: text
    tone: Theme.button
    implicitHeight: Math.max(Theme.length(108), label.implicitHeight + Theme.padding)
    implicitWidth: wordsAt + mark.width + Math.ceil(label.implicitWidth) + Theme.padding

    Digit {
        id: number
        digit: root.digit
        tone: root.focus ? Theme.chipFocused : Theme.chip
        anchors.verticalCenter: parent.verticalCenter
        x: Theme.smallGap
    }
    Label {
        id: mark
        visible: root.focus
        anchors.verticalCenter: parent.verticalCenter
        x: root.wordsAt
        width: Math.round(font.pixelSize * 1.1)
        text: "▶"
        color: root.shownTone.text
        font.pixelSize: Theme.action
        Accessible.ignored: true
    }
    Label {
        id: label
        anchors.verticalCenter: parent.verticalCenter
        x: root.wordsAt + (root.focus ? mark.width : 0)
        width: parent.width - root.wordsAt - mark.width - Theme.length(16)
        maximumLineCount: 2
        color: root.shownTone.text
        font.pixelSize: Theme.action
        font.bold: true
        lineHeight: Theme.tightLineHeight
    }
}

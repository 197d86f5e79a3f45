import QtQuick
import theme

// An entry of a list: digit, a small line above, the sentence, a small line below.
GridCell {
    id: row

    digit: index + 1

    Digit {
        id: number
        x: Theme.length(28)
        y: Theme.length(26)
        digit: row.digit
        tone: row.focus ? Theme.chipFocused : Theme.chip
    }
    Label {
        visible: row.focus
        anchors.horizontalCenter: number.horizontalCenter
        y: number.y + number.height + Theme.length(10)
        text: "▶"
        color: row.shownTone.text
        font.pixelSize: Theme.heading
        Accessible.ignored: true
    }
    Badge {
        id: badge
        anchors.right: parent.right
        anchors.rightMargin: Theme.length(28)
        y: Theme.length(12)
        text: row.modelData.badge
        maximumWidth: row.width * 0.4
    }
    Label {
        id: above
        x: number.x + number.width + Theme.length(28)
        y: Theme.length(18)
        width: parent.width - x - Theme.length(28) - (badge.visible ? badge.width + Theme.smallGap : 0)
        height: text === "" ? 0 : implicitHeight
        text: row.modelData.above
        maximumLineCount: 1
        color: row.shownTone.quiet
        font.pixelSize: Theme.caption
    }
    Label {
        id: title
        x: above.x
        y: above.text === "" && badge.visible ? badge.y + badge.height : above.y + above.height + Theme.length(4)
        width: parent.width - x - Theme.length(28)
        height: below.y - y
        text: row.modelData.title
        color: row.shownTone.text
        lineHeight: Theme.tightLineHeight
    }
    Label {
        id: below
        x: above.x
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.length(16)
        width: title.width
        height: text === "" ? 0 : implicitHeight
        text: row.modelData.below
        maximumLineCount: 1
        color: row.shownTone.quiet
        font.pixelSize: Theme.caption
    }
}

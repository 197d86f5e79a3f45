import QtQuick
import theme

// A choice of a menu: digit, badge, what it is called, what it is for. With large text the name stands beside the digit.
GridCell {
    id: card

    readonly property int titleSize: grid.columns > 3 ? Theme.action : Theme.heading
    readonly property real markWidth: Math.round(titleSize * 1.1)
    readonly property real titleAt: Theme.large ? number.x + number.width + Theme.smallGap : Theme.padding

    digit: modelData.digit
    name: modelData.badge ? modelData.title + " " + modelData.badge : modelData.title

    Digit {
        id: number
        x: Theme.padding
        y: Theme.length(Theme.large ? 20 : 32)
        digit: card.digit
        tone: card.focus ? Theme.chipFocused : Theme.chip
    }
    Badge {
        id: badge
        anchors.right: parent.right
        anchors.rightMargin: Theme.padding
        anchors.verticalCenter: number.verticalCenter
        text: card.modelData.badge
        maximumWidth: (card.width - number.width - 2.5 * Theme.padding) / (Theme.large ? 2 : 1)
    }
    Label {
        visible: card.focus
        x: card.titleAt
        anchors.baseline: title.baseline
        text: "▶"
        color: card.shownTone.text
        font.pixelSize: card.titleSize
        Accessible.ignored: true
    }
    // Wraps as if the mark were there always, so that nothing flows anew when focus comes.
    Label {
        id: title
        x: card.titleAt + (card.focus ? card.markWidth : 0)
        y: Theme.large ? number.y - Theme.length(4) : number.y + number.height + Theme.length(12)
        width: parent.width - card.titleAt - card.markWidth - Theme.padding - (Theme.large && badge.visible ? badge.width : 0)
        text: card.modelData.title
        maximumLineCount: Math.max(1, Math.min(2, Math.floor((card.height - y) / (font.pixelSize * 1.3))))
        color: card.shownTone.text
        font.pixelSize: card.titleSize
        font.bold: true
        lineHeight: Theme.tightLineHeight
    }
    Label {
        x: Theme.padding
        y: Math.max(title.y + title.height, Theme.large ? number.y + number.height : 0) + Theme.length(4)
        width: parent.width - 2 * Theme.padding
        height: parent.height - y - Theme.length(12)
        visible: height > font.pixelSize * 1.2
        text: card.modelData.detail
        color: card.shownTone.quiet
        font.pixelSize: Theme.label
        lineHeight: Theme.tightLineHeight
    }
}

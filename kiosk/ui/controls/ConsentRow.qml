import QtQuick
import theme

// One thing to agree to, or not.
Rectangle {
    id: root

    required property var item
    required property string yes
    required property string no
    required property bool agreed
    readonly property bool below: Theme.large

    signal chosen(yes: bool)
    // Focus came to one of the two.
    signal entered

    height: (below ? choice.y + choice.height : words.y + Math.max(words.height, choice.height)) + words.y
    radius: Theme.radius
    color: Theme.card.fill
    border.width: Theme.hairline
    border.color: Theme.card.line

    Column {
        id: words
        x: Theme.padding
        y: Theme.length(26)
        width: root.below ? parent.width - 2 * x : choice.x - x - Theme.smallGap

        Label {
            width: parent.width
            text: root.item.title
            color: Theme.card.text
            font.pixelSize: Theme.action
            font.bold: true
            lineHeight: Theme.tightLineHeight
        }
        Label {
            width: parent.width
            text: root.item.detail
            color: Theme.card.quiet
            font.pixelSize: Theme.caption
            lineHeight: Theme.tightLineHeight
        }
    }
    Row {
        id: choice
        anchors.right: parent.right
        anchors.rightMargin: Theme.padding
        y: root.below ? words.y + words.height + Theme.smallGap : (root.height - height) / 2
        spacing: Theme.length(28)

        Segment {
            key: root.item.key + ":yes"
            word: root.yes
            about: root.item.title
            chosen: root.agreed
            onPressed: root.chosen(true)
            onFocusChanged: if (focus) root.entered()
        }
        Segment {
            key: root.item.key + ":no"
            word: root.no
            about: root.item.title
            chosen: !root.agreed
            onPressed: root.chosen(false)
            onFocusChanged: if (focus) root.entered()
        }
    }
}

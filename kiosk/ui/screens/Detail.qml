pragma ComponentBehavior: Bound
import QtQuick
import theme
import controls

// ↑↓ read on, ←→ choose among the actions; with nothing left to read ↑↓ move focus like everywhere. With large text the
// title is part of what is read, so that the text has the screen.
Page {
    id: page

    titled: !Theme.large
    initialKey: screen.actions[0]?.key ?? "footer.back"
    consume: direction => paper.scroll(direction)

    Rectangle {
        width: parent.width
        anchors.top: parent.top
        anchors.bottom: buttons.top
        anchors.bottomMargin: buttons.height > 0 ? Theme.gap : 0
        radius: Theme.radius
        color: Theme.card.fill

        Paper {
            id: paper
            anchors.fill: parent
            anchors.margins: Theme.padding
            anchors.leftMargin: Theme.gap
            anchors.rightMargin: Theme.gap

            Label {
                visible: Theme.large
                width: parent.width
                text: page.screen.title
                color: Theme.card.text
                font.pixelSize: Theme.title
                font.bold: true
                lineHeight: Theme.tightLineHeight
                Accessible.role: Accessible.Heading
            }
            Label {
                visible: Theme.large && text !== ""
                width: parent.width
                text: page.screen.subtitle
                color: Theme.card.quiet
                font.pixelSize: Theme.label
                lineHeight: Theme.tightLineHeight
            }
            Repeater {
                model: page.screen.summary

                Label {
                    required property string modelData

                    width: paper.width
                    text: modelData
                    color: Theme.card.text
                    font.pixelSize: Theme.action
                    font.bold: true
                    lineHeight: Theme.tightLineHeight
                }
            }
            FactList {
                visible: page.screen.facts.length > 0
                width: parent.width
                stacked: Theme.veryLarge
                facts: page.screen.facts
            }
            Label {
                visible: text !== ""
                width: Math.min(parent.width, Theme.body * 30)
                text: page.screen.body
                color: Theme.card.text
                lineHeight: Theme.lineHeight
            }
        }
    }
    ButtonRow {
        id: buttons
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.ringWidth + Theme.ringInnerWidth
        width: parent.width
        actions: page.screen.actions
    }
}

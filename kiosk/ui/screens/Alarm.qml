pragma ComponentBehavior: Bound
import QtQuick
import theme
import controls

// An evacuation notice: how grave it is on a red band, then what to do and where to go. ↑↓ read on, OK confirms.
Page {
    id: page

    titled: false
    initialKey: screen.actions[0].key
    consume: direction => paper.scroll(direction)

    Rectangle {
        width: parent.width
        anchors.top: parent.top
        anchors.bottom: buttons.top
        anchors.bottomMargin: Theme.gap
        radius: Theme.radius
        color: Theme.card.fill
        border.width: Theme.length(8)
        border.color: Theme.red.fill

        Paper {
            id: paper
            anchors.fill: parent
            anchors.margins: Theme.padding
            anchors.leftMargin: Theme.gap
            anchors.rightMargin: Theme.gap

            Label {
                width: parent.width
                text: page.screen.title
                color: Theme.card.text
                font.pixelSize: Theme.title
                font.bold: true
                lineHeight: Theme.tightLineHeight
                Accessible.role: Accessible.Heading
            }
            Rectangle {
                width: Math.min(parent.width, band.implicitWidth + 2 * Theme.padding)
                height: band.height + Theme.padding
                radius: Theme.length(8)
                color: Theme.red.fill

                Label {
                    id: band
                    anchors.centerIn: parent
                    width: Math.min(implicitWidth, paper.width - 2 * Theme.padding)
                    text: page.screen.band
                    color: Theme.red.text
                    font.pixelSize: Theme.action
                    font.bold: true
                    lineHeight: Theme.tightLineHeight
                }
            }
            Repeater {
                model: page.screen.lines

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

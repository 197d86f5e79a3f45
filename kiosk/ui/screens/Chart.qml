pragma ComponentBehavior: Bound
import QtQuick
import theme
import controls

// What the figures say, the figures, and what can be done. ←→ go from point to point. With very large text the title is
// small, so that the figures have room.
Page {
    id: page

    readonly property bool drawn: screen.points.length > 0

    titled: !Theme.veryLarge
    initialKey: drawn ? plot.key : screen.actions[0]?.key ?? "footer.green"
    consume: direction => focusedItem() === plot && (direction === "left" || direction === "right") && plot.step(direction)

    Column {
        id: sentences
        width: parent.width

        Label {
            visible: Theme.veryLarge
            width: parent.width
            text: page.screen.title
            color: Theme.ground.accent
            font.pixelSize: Theme.chrome
            font.bold: true
            lineHeight: Theme.tightLineHeight
            Accessible.role: Accessible.Heading
        }
        Repeater {
            model: page.screen.sentences

            Label {
                required property string modelData

                width: sentences.width
                text: modelData
                font.pixelSize: Theme.action
                font.bold: true
                lineHeight: Theme.tightLineHeight
            }
        }
    }
    Plot {
        id: plot
        visible: page.drawn
        anchors.top: sentences.bottom
        anchors.topMargin: Theme.padding
        anchors.bottom: buttons.top
        anchors.bottomMargin: Theme.gap
        width: parent.width
        screen: page.screen
    }
    ButtonRow {
        id: buttons
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.ringWidth + Theme.ringInnerWidth
        width: parent.width
        actions: page.screen.actions
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import theme

// One message in the middle of the screen: picture, sentence, lines, whatever more, and what can be done at the bottom.
Page {
    id: poster

    property alias picture: pictureSlot.data
    // The picture beside the title instead of above it, where there is much to show below.
    property bool beside: false
    property var lines: []
    property var actions: []
    property real titleSize: Theme.text(72, 0.25)
    property real lineSize: Theme.body
    default property alias extra: extraSlot.data

    titled: false
    initialKey: actions[0]?.key ?? ""
    consume: direction => paper.scroll(direction)

    Paper {
        id: paper
        width: parent.width
        anchors.top: parent.top
        anchors.bottom: buttons.top
        anchors.bottomMargin: buttons.height > 0 ? Theme.gap : 0
        centered: true
        spacing: Theme.smallGap

        Item {
            width: parent.width
            height: Math.max(pictureSlot.height, title.y + title.height)

            Item {
                id: pictureSlot
                x: poster.beside ? title.x - width : 0
                width: poster.beside ? Theme.length(150) : parent.width
                height: childrenRect.height
            }
            Label {
                id: title
                x: poster.beside ? (parent.width - width + pictureSlot.width) / 2 : 0
                y: poster.beside ? Math.max(0, (pictureSlot.height - height) / 2)
                                 : pictureSlot.height > 0 ? pictureSlot.height + Theme.smallGap : 0
                width: poster.beside ? Math.min(implicitWidth, parent.width - pictureSlot.width) : parent.width
                horizontalAlignment: Text.AlignHCenter
                text: poster.screen.title
                maximumLineCount: 3
                font.pixelSize: poster.titleSize
                font.bold: true
                lineHeight: Theme.tightLineHeight
                Accessible.role: Accessible.Heading
            }
        }
        Repeater {
            model: poster.lines

            Label {
                required property string modelData

                width: paper.width
                horizontalAlignment: Text.AlignHCenter
                text: modelData
                color: Theme.ground.quiet
                font.pixelSize: poster.lineSize
                lineHeight: Theme.tightLineHeight
            }
        }
        Item {
            id: extraSlot
            width: parent.width
            height: childrenRect.height
        }
    }
    ButtonRow {
        id: buttons
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.ringWidth + Theme.ringInnerWidth
        width: parent.width
        actions: poster.actions
        centered: true
    }
}

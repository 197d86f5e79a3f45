pragma ComponentBehavior: Bound
import QtQuick
import theme
import controls

// The two PINs have two faces: blue frame 本人かくにん, red frame はんこ. Only the count of digits is known here.
Page {
    id: page

    // Keys only: digits are typed wherever the ring is, and send it away.
    footerTakesFocus: !Theme.pointer
    consume: direction => direction === "up" && release()
    property int counted: 0
    readonly property bool full: Kiosk.pinCount >= (screen.shortest || screen.length)
    readonly property real textWidth: pad.visible ? pad.x - Theme.gap : width - Theme.left - Theme.right

    titled: false

    Rectangle {
        parent: page
        anchors.fill: parent
        color: "transparent"
        border.width: Theme.length(14)
        border.color: page.screen.pin === "user authentication" ? Theme.pinFrame : Theme.signFrame
    }

    Column {
        anchors.verticalCenter: parent.verticalCenter
        width: page.textWidth
        spacing: Theme.length(Theme.veryLarge ? 12 : 36)

        Label {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: page.screen.title
            maximumLineCount: 2
            font.pixelSize: Theme.text(pad.visible ? 60 : 68, 0.25)
            font.bold: true
            lineHeight: Theme.tightLineHeight
            Accessible.role: Accessible.Heading
        }
        Row {
            id: cells

            readonly property real room: page.textWidth / page.screen.length - spacing

            anchors.horizontalCenter: parent.horizontalCenter
            spacing: page.screen.length > 8 ? Theme.length(12) : Theme.gap
            Accessible.role: Accessible.Indicator
            Accessible.name: page.screen.title

            Repeater {
                model: page.screen.length

                Rectangle {
                    id: cell

                    required property int index
                    readonly property bool next: index === Kiosk.pinCount

                    width: Math.min(cells.room, Theme.length(pad.visible ? 140 : 168))
                    // Readings above very large letters take the room of the cells.
                    height: Theme.length(Theme.veryLarge && Theme.annotated ? 96 : pad.visible ? 160 : 188)
                    radius: Theme.radius
                    color: Theme.card.fill
                    border.width: next ? Theme.ringWidth : Theme.hairline
                    border.color: next ? Theme.active : Theme.card.line

                    Rectangle {
                        visible: cell.index < Kiosk.pinCount
                        anchors.centerIn: parent
                        width: Math.min(Theme.length(64), cell.width * 0.7)
                        height: width
                        radius: width / 2
                        color: Theme.ground.text
                    }
                }
            }
        }
        Label {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: page.full ? Kiosk.words.press_ok : page.screen.hint
            color: page.full ? Theme.ground.care : Theme.ground.quiet
            font.pixelSize: Theme.text(40, 0.5)
            font.bold: page.full
            lineHeight: Theme.tightLineHeight
        }
        Tries {
            anchors.horizontalCenter: parent.horizontalCenter
            screen: page.screen
        }
        Label {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: page.screen.note
            color: Theme.ground.accent
            font.pixelSize: Theme.text(36, 0.5)
            lineHeight: Theme.tightLineHeight
        }
    }
    Connections {
        target: Kiosk
        function onPinCountChanged() {
            if (Kiosk.pinCount > page.counted)
                page.release()
            page.counted = Kiosk.pinCount
        }
    }
    PinPad {
        id: pad
        visible: page.screen.pad && Theme.pointer
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        ready: page.full
    }
}

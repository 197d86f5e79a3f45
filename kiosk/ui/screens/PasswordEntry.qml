pragma ComponentBehavior: Bound
import QtQuick
import theme
import controls

// はんこ: letters and digits to be chosen by the arrows, the keys beside them. Only the count of what was typed is known
// here, and a letter says no more when it was pressed than when it was passed.
Page {
    id: page

    readonly property string signs: "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    readonly property bool enough: Kiosk.pinCount >= screen.shortest
    readonly property bool full: Kiosk.pinCount === screen.longest

    initialKey: "A"
    titled: !Theme.large
    slantwise: true

    Connections {
        target: Kiosk
        function onFilled(digits: string) {
            page.take("ok")
        }
    }
    Rectangle {
        parent: page
        anchors.fill: parent
        color: "transparent"
        border.width: Theme.length(14)
        border.color: Theme.signFrame
    }

    Column {
        id: above
        width: parent.width
        spacing: Theme.length(Theme.large ? 10 : 18)

        Label {
            visible: Theme.large
            width: parent.width
            text: page.screen.title
            maximumLineCount: 2
            font.pixelSize: Theme.text(50, 0.25)
            font.bold: true
            lineHeight: Theme.tightLineHeight
            Accessible.role: Accessible.Heading
        }
        Row {
            spacing: Theme.length(10)
            Accessible.role: Accessible.Indicator
            Accessible.name: page.screen.title

            Repeater {
                model: page.screen.longest

                Rectangle {
                    id: cell

                    required property int index
                    readonly property bool next: index === Kiosk.pinCount

                    width: (above.width - (page.screen.longest - 1) * Theme.length(10)) / page.screen.longest
                    height: Theme.length(Theme.large ? 52 : 76)
                    radius: Theme.radius / 2
                    color: Theme.card.fill
                    border.width: next ? Theme.ringWidth : Theme.hairline
                    border.color: next ? Theme.active : Theme.card.line

                    Rectangle {
                        visible: cell.index < Kiosk.pinCount
                        anchors.centerIn: parent
                        width: Theme.length(30)
                        height: width
                        radius: width / 2
                        color: Theme.ground.text
                    }
                }
            }
        }
        Label {
            width: parent.width
            text: page.screen.hint
            maximumLineCount: 1
            color: Theme.ground.quiet
            font.pixelSize: Theme.text(34, 0.25)
            lineHeight: Theme.tightLineHeight
        }
    }
    Grid {
        id: letters

        readonly property real gap: Theme.length(12)

        anchors.top: above.bottom
        anchors.topMargin: Theme.length(Theme.large ? 10 : 20)
        anchors.bottom: below.top
        anchors.bottomMargin: anchors.topMargin
        width: Math.round(parent.width * 0.72)
        columns: 9
        spacing: gap

        Repeater {
            model: page.signs.length

            Pressable {
                id: letter

                required property int index

                key: page.signs[index]
                name: key
                width: (letters.width - 8 * letters.gap) / 9
                height: (letters.height - 3 * letters.gap) / 4
                radius: Theme.radius / 2
                tone: Theme.button
                onPressed: page.full ? Kiosk.deadEnd() : Kiosk.answered([key])

                Label {
                    anchors.centerIn: parent
                    text: letter.key
                    color: letter.shownTone.text
                    font.family: Theme.digitFace
                    font.pixelSize: Math.min(Theme.length(60), Math.round(letter.height * 0.7))
                    font.bold: true
                    Accessible.ignored: true
                }
            }
        }
    }
    Column {
        anchors.right: parent.right
        anchors.top: letters.top
        width: Math.round(parent.width * 0.25)
        spacing: letters.gap

        // Very large readings need more than the rows of letters are high.
        readonly property real each: ((Theme.veryLarge && Theme.annotated ? parent.height - y : letters.height) - 2 * spacing) / 3

        Button {
            width: parent.width
            height: parent.each
            key: "ok"
            text: Kiosk.words.ok
            tone: page.enough ? Theme.chip : Theme.button
            onPressed: page.enough ? Kiosk.answered(["ok"]) : Kiosk.deadEnd()
        }
        Button {
            width: parent.width
            height: parent.each
            key: "erase"
            text: Kiosk.words.erase
            onPressed: Kiosk.answered(["erase"])
        }
        Button {
            width: parent.width
            height: parent.each
            key: "leave"
            text: Kiosk.words.back
            onPressed: Kiosk.answered(["leave"])
        }
    }
    Row {
        id: below
        anchors.bottom: parent.bottom
        spacing: Theme.gap

        Tries {
            id: tries
            screen: page.screen
        }
        Label {
            anchors.verticalCenter: tries.verticalCenter
            width: page.width - Theme.left - Theme.right - tries.width - Theme.gap
            text: page.screen.note
            maximumLineCount: 1
            color: Theme.ground.accent
            font.pixelSize: Theme.text(34, 0.25)
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import theme

// いまどこ: done (tick), now (filled, bold, ▶ by word), to come (outline). State by shape as well as by colour.
Item {
    id: root

    required property var steps
    required property int step

    // Widths of a circle, of the line before it, and of what is left for a word.
    readonly property int circle: Math.round(Theme.chrome * 1.7)
    readonly property int line: Theme.length(64)
    readonly property real room: width / Math.max(1, steps.length) - circle - line - 3 * Theme.length(18)

    implicitHeight: row.height

    Row {
        id: row
        spacing: Theme.length(18)

        Repeater {
            model: root.steps

            Row {
                id: entry

                required property string modelData
                required property int index
                readonly property bool done: index < root.step
                readonly property bool now: index === root.step
                readonly property Tone tone: done ? Theme.stepDone : now ? Theme.stepNow : Theme.ground

                spacing: Theme.length(14)

                Rectangle {
                    visible: entry.index > 0
                    width: root.line
                    height: Theme.hairline
                    anchors.verticalCenter: parent.verticalCenter
                    color: Theme.ground.line
                }
                Rectangle {
                    width: root.circle
                    height: width
                    radius: width / 2
                    color: entry.tone.fill
                    border.width: entry.done || entry.now ? 0 : Theme.hairline
                    border.color: Theme.ground.line

                    Label {
                        anchors.centerIn: parent
                        text: entry.done ? "✓" : entry.index + 1
                        color: entry.tone.text
                        font.family: Theme.digitFace
                        font.pixelSize: Theme.chrome
                        font.bold: true
                    }
                }
                Label {
                    anchors.verticalCenter: parent.verticalCenter
                    width: Math.min(implicitWidth, root.room)
                    text: entry.modelData
                    wrapMode: Text.NoWrap
                    color: entry.now ? Theme.ground.text : Theme.ground.quiet
                    font.pixelSize: Theme.chrome
                    font.bold: entry.now
                }
            }
        }
    }
}

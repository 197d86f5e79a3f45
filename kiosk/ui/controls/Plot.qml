pragma ComponentBehavior: Bound
import QtQuick
import theme

// Bars or lines over time. ←→ choose a point, which stands above them in words; colour is never alone: each line has
// marks of its own shape, and its name.
Pressable {
    id: root

    // A screen with points, lines, ticks, bands and band.
    required property var screen
    property int chosen: screen.points.length - 1
    readonly property bool bars: screen.lines.length === 0
    readonly property real tint: 0.25
    readonly property var colours: [Theme.card.accent, Theme.card.care]
    readonly property real lowest: screen.ticks[0]?.value ?? 0
    readonly property real highest: screen.ticks[screen.ticks.length - 1]?.value ?? 1
    readonly property real pitch: field.width / Math.max(1, screen.points.length)
    // Very large letters leave room for the lines and the chosen point, which is said in words.
    readonly property bool roomy: !Theme.veryLarge
    readonly property var labelled: labels()
    // So many lines have one label, that none stands upon another.
    readonly property int perTick: {
        const between = field.height / Math.max(1, screen.ticks.length - 1)
        return Math.max(1, Math.ceil(Theme.caption * 1.5 / Math.max(1, between)))
    }

    key: "point." + chosen
    name: screen.points[chosen]?.text ?? ""
    focusedTone: Theme.card
    onKeyChanged: if (focus) Kiosk.focusKey = key

    // One further; false at the end.
    function step(direction: string): bool {
        const next = chosen + (direction === "left" ? -1 : 1)
        if (next < 0 || next >= screen.points.length)
            return false
        chosen = next
        return true
    }

    // The points whose labels fit side by side; the newest comes first.
    function labels(): var {
        const found = []
        for (let at = screen.points.length - 1; at >= 0 && roomy; --at) {
            const taken = found.length > 0 && xOf(found[found.length - 1]) - xOf(at) < widest.width + Theme.smallGap
            if (screen.points[at].label !== "" && !taken)
                found.push(at)
        }
        return found
    }

    function xOf(at: int): real {
        return (at + 0.5) * pitch
    }

    function yOf(value: real): real {
        return field.height * (1 - (value - lowest) / (highest - lowest))
    }

    Label {
        id: told
        x: Theme.padding
        y: Theme.smallGap
        width: parent.width - 2 * x
        text: root.name
        color: Theme.card.text
        font.pixelSize: Theme.heading
        font.bold: true
        lineHeight: Theme.tightLineHeight
        Accessible.ignored: true
    }
    Row {
        id: legend
        visible: !root.bars && root.roomy
        x: Theme.padding
        anchors.top: told.bottom
        anchors.topMargin: Theme.length(8)
        spacing: Theme.smallGap

        Repeater {
            model: root.screen.lines

            Row {
                id: line

                required property string modelData
                required property int index

                spacing: Theme.length(12)

                Rectangle {
                    anchors.verticalCenter: parent.verticalCenter
                    width: Theme.length(30)
                    height: width
                    radius: line.index === 0 ? width / 2 : 0
                    color: root.colours[line.index]
                }
                Label {
                    text: line.modelData
                    color: Theme.card.text
                    font.pixelSize: Theme.chrome
                    wrapMode: Text.NoWrap
                }
            }
        }
        Rectangle {
            anchors.verticalCenter: parent.verticalCenter
            width: Theme.length(48)
            height: Theme.length(30)
            color: Theme.card.fill
            border.width: Theme.hairline
            border.color: Theme.card.good

            Rectangle {
                anchors.fill: parent
                color: Theme.card.good
                opacity: root.tint
            }
        }
        Label {
            text: root.screen.band
            color: Theme.card.text
            font.pixelSize: Theme.chrome
            wrapMode: Text.NoWrap
        }
    }
    Label {
        id: widest
        visible: false
        text: root.screen.points.reduce((longest, point) => point.label.length > longest.length ? point.label : longest, "")
        font.pixelSize: Theme.caption
    }
    Repeater {
        id: marks
        model: root.roomy ? root.screen.ticks : []

        Label {
            required property var modelData
            required property int index

            visible: field.visible && index % root.perTick === 0
            x: field.x - Theme.smallGap - width
            y: field.y + root.yOf(modelData.value) - height / 2
            text: modelData.text
            color: Theme.card.quiet
            font.pixelSize: Theme.caption
            wrapMode: Text.NoWrap
        }
    }
    Item {
        id: field

        readonly property real axis: {
            let most = 0
            for (let i = 0; i < marks.count; ++i)
                most = Math.max(most, marks.itemAt(i)?.implicitWidth ?? 0)
            return most
        }

        // Smaller says nothing any more.
        visible: height > Theme.length(60)
        anchors.left: parent.left
        anchors.leftMargin: Theme.padding + axis + Theme.smallGap
        anchors.right: parent.right
        anchors.rightMargin: Theme.padding
        anchors.top: legend.visible ? legend.bottom : told.bottom
        anchors.topMargin: root.roomy ? Theme.caption : Theme.smallGap
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.smallGap + (root.roomy ? widest.height + Theme.length(8) : 0)

        Repeater {
            model: root.screen.bands

            Rectangle {
                required property var modelData

                width: field.width
                y: root.yOf(modelData.most)
                height: root.yOf(modelData.least) - y
                color: Theme.card.good
                opacity: root.tint
            }
        }
        Repeater {
            model: root.screen.ticks

            Rectangle {
                required property var modelData

                width: field.width
                height: Theme.hairline
                y: root.yOf(modelData.value) - height / 2
                color: Theme.card.line
                opacity: 0.6
            }
        }
        // The chosen point, from top to bottom.
        Rectangle {
            visible: !root.bars
            x: root.xOf(root.chosen) - width / 2
            width: Theme.ringWidth
            height: parent.height
            color: Theme.active
        }
        Repeater {
            model: root.bars ? root.screen.points : []

            Rectangle {
                required property var modelData
                required property int index
                readonly property bool chosen: index === root.chosen

                x: root.xOf(index) - width / 2
                y: root.yOf(modelData.values[0])
                width: root.pitch * 0.66
                height: field.height - y
                color: chosen ? Theme.active : root.colours[0]
            }
        }
        // Around the chosen bar, which may be none as high.
        Rectangle {
            visible: root.bars
            x: root.xOf(root.chosen) - width / 2
            width: root.pitch * 0.82
            height: parent.height
            radius: Theme.length(8)
            color: "transparent"
            border.width: Theme.ringInnerWidth
            border.color: Theme.card.text
        }
        Repeater {
            model: root.screen.lines.length

            Item {
                id: series

                required property int index

                Repeater {
                    model: Math.max(0, root.screen.points.length - 1)

                    // From one point to the next.
                    Rectangle {
                        required property int index
                        readonly property real fromY: root.yOf(root.screen.points[index].values[series.index])
                        readonly property real down: root.yOf(root.screen.points[index + 1].values[series.index]) - fromY

                        x: root.xOf(index)
                        y: fromY - height / 2
                        width: Math.hypot(root.pitch, down)
                        height: Theme.length(6)
                        transformOrigin: Item.Left
                        rotation: Math.atan2(down, root.pitch) * 180 / Math.PI
                        color: root.colours[series.index]
                        antialiasing: true
                    }
                }
                Repeater {
                    model: root.screen.points

                    Rectangle {
                        required property var modelData
                        required property int index

                        x: root.xOf(index) - width / 2
                        y: root.yOf(modelData.values[series.index]) - height / 2
                        width: Theme.length(index === root.chosen ? 36 : 22)
                        height: width
                        radius: series.index === 0 ? width / 2 : 0
                        color: root.colours[series.index]
                        border.width: index === root.chosen ? Theme.ringInnerWidth : 0
                        border.color: Theme.card.text
                    }
                }
            }
        }
    }
    Repeater {
        model: root.screen.points

        Label {
            required property var modelData
            required property int index

            visible: root.labelled.includes(index)
            x: Math.max(field.x, Math.min(field.x + root.xOf(index) - width / 2, root.width - Theme.smallGap - width))
            anchors.top: field.bottom
            anchors.topMargin: Theme.length(8)
            text: modelData.label
            color: Theme.card.quiet
            font.pixelSize: Theme.caption
            wrapMode: Text.NoWrap
        }
    }
}

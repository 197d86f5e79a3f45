import QtQuick
import theme

// What may be longer than its place: stands in the middle when it fits, otherwise ↑↓ turn it like pages, never through
// the middle of a line, and a word says that there is more.
Item {
    id: root

    property bool centered: false
    property alias spacing: column.spacing
    default property alias content: column.data
    readonly property bool cut: column.height > height
    readonly property real room: height - down.implicitHeight - Theme.length(8)

    // Where the part in sight begins and ends, and where the parts before it began.
    property real seenFrom: 0
    readonly property real seenTo: cut ? wholeLines(column, seenFrom + room) : column.height
    property var turned: []
    readonly property bool atEnd: seenTo >= column.height

    onWidthChanged: turnBack()
    onHeightChanged: turnBack()

    // Shows the lines after, or before, those seen now; false when there are none.
    function scroll(direction: string): bool {
        if (direction === "down" && !atEnd) {
            turned.push(seenFrom)
            seenFrom = seenTo
        } else if (direction === "up" && seenFrom > 0) {
            seenFrom = turned.pop() ?? Math.max(0, seenFrom - room)
        } else {
            return false
        }
        return true
    }

    // Brings `item`, which is somewhere on the paper, into sight.
    function reveal(item: Item) {
        const top = item.mapToItem(column, 0, 0).y
        if (cut && (top < seenFrom || top + item.height > seenTo))
            seenFrom = top
    }

    function turnBack() {
        turned = []
        seenFrom = 0
    }

    // The last place at or above `edge` where no line of text and nothing that belongs together is cut through.
    function wholeLines(item: Item, edge: real): real {
        for (const child of item.children) {
            const top = child.y
            if (!child.visible || child.height === 0 || top >= edge || top + child.height <= edge)
                continue
            if (child instanceof Label) {
                const pitch = child.contentHeight / child.lineCount
                return top + Math.floor((edge - top) / pitch) * pitch
            }
            // A thing larger than the paper has to be cut somewhere.
            const whole = child instanceof Fact || child instanceof ConsentRow || child.children.length === 0
            return !whole ? top + wholeLines(child, edge - top) : child.height > room ? edge : top
        }
        return Math.min(edge, item.height)
    }

    Item {
        width: parent.width
        height: root.cut ? root.seenTo - root.seenFrom : parent.height
        clip: root.cut

        Column {
            id: column
            width: parent.width
            y: root.cut ? -root.seenFrom : root.centered ? (root.height - height) / 2 : 0
            spacing: Theme.padding
        }
    }
    TurnKey {
        visible: root.cut && root.seenFrom > 0
        anchors.left: parent.left
        anchors.bottom: parent.bottom
        word: "▲"
        onTurned: root.scroll("up")
    }
    TurnKey {
        id: down
        visible: root.cut && !root.atEnd
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        word: Kiosk.words.more + "　▼"
        onTurned: root.scroll("down")
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import theme

// Equal cells in rows and columns, by pages. Down on the last row of a page turns it, up on the first turns back.
Item {
    id: grid

    // What is at hand: the `entries` from `first` on, of `count` in all. Pages do not lie across its ends.
    required property var portion
    required property Component delegate
    property string memory: ""
    property int columns: 1
    property int rows: 1
    property real spacing: Theme.gap

    // Index of the entry that has, or last had, focus.
    property int current: Math.max(portion.first, indexOf(memory))
    readonly property int perPage: columns * rows
    readonly property int pages: Math.max(1, Math.ceil(portion.count / perPage))
    readonly property int page: Math.floor(current / perPage)
    readonly property int first: page * perPage
    readonly property var visibleEntries: portion.entries.slice(first - portion.first, first - portion.first + perPage)
    readonly property real cellWidth: (width - (columns - 1) * spacing) / columns
    readonly property real cellHeight: (height - turner.height - (rows - 1) * spacing) / rows

    // An entry is wanted that is not at hand: `portion` holds it when this returns.
    signal missing(index: int)

    // Among all; -1 when it is not at hand.
    function indexOf(key: string): int {
        const place = portion.entries.findIndex(entry => entry.key === key)
        return place < 0 ? -1 : portion.first + place
    }

    function turn(direction: string): bool {
        if (indexOf(Kiosk.focusKey) < 0)
            return false
        const place = current - first
        const column = place % columns
        const last = Math.floor((visibleEntries.length - 1) / columns)
        if (direction === "down" && Math.floor(place / columns) === last)
            return show(first + perPage + column)
        if (direction === "up" && place < columns)
            return show(first - columns + column)
        return false
    }

    function turnPage(step: int) {
        show(first + step * perPage)
    }

    // Bring entry `index` on the screen, and the focus to it; false when its page does not exist.
    function show(index: int): bool {
        const target = Math.min(index, portion.count - 1)
        if (target < 0 || Math.floor(target / perPage) === page)
            return false
        if (!portion.entries[target - portion.first])
            missing(target)
        Kiosk.focusKey = portion.entries[target - portion.first].key
        return true
    }

    Connections {
        target: Kiosk

        function onFocusKeyChanged() {
            const index = grid.indexOf(Kiosk.focusKey)
            if (index >= 0)
                grid.current = index
        }
    }

    Repeater {
        model: grid.visibleEntries
        delegate: grid.delegate
        // A page was turned, or the text size changed what fits: the focused entry is a new item now.
        onItemAdded: (index, item) => {
            const cell = item as GridCell
            if (cell.key === Kiosk.focusKey)
                cell.take()
        }
    }

    PageTurn {
        id: turner
        anchors.bottom: parent.bottom
        width: parent.width
        page: grid.page
        pages: grid.pages
        onTurned: step => grid.turnPage(step)
    }
}

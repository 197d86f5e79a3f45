pragma ComponentBehavior: Bound
import QtQuick
import theme
import controls

Page {
    id: page

    readonly property int count: screen.choices.length

    consume: direction => pages.turn(direction)
    initialKey: screen.choices[0]?.key ?? ""

    PagedGrid {
        id: pages
        width: parent.width
        height: Math.min(parent.height, rows * Theme.text(380, 1) + (rows - 1) * spacing)
        portion: ({first: 0, count: page.count, entries: page.screen.choices})
        memory: page.memory
        columns: Theme.veryLarge ? 1 : Theme.large || page.count <= 4 ? 2 : page.count <= 6 ? 3 : 4
        rows: Theme.veryLarge && Theme.annotated ? 1 : Math.min(2, Math.ceil(page.count / columns))
        delegate: Card {
            grid: pages
        }
    }
}

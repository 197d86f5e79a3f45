import QtQuick
import theme

// A cell of a PagedGrid: one entry, pressed to answer its key.
Pressable {
    id: cell

    required property PagedGrid grid
    required property var modelData
    required property int index

    key: modelData.key
    name: modelData.title
    x: (index % grid.columns) * (width + grid.spacing)
    y: Math.floor(index / grid.columns) * (height + grid.spacing)
    width: grid.cellWidth
    height: grid.cellHeight
    onPressed: Kiosk.answered([key])
}

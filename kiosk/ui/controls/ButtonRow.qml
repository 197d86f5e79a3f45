pragma ComponentBehavior: Bound
import QtQuick
import theme

// The actions of a screen side by side: as many in a row as their words allow.
Item {
    id: root

    required property var actions
    property bool centered: false
    readonly property int columns: Math.max(1, Math.min(actions.length, Theme.large ? 2 : 4))
    readonly property int rows: Math.ceil(actions.length / columns)
    readonly property real widest: (width - (columns - 1) * Theme.gap) / columns
    readonly property real cellWidth: Math.min(widest, Math.max(Theme.text(400, 1), wanted()))
    property real cellHeight: Theme.length(96)

    implicitHeight: rows > 0 ? rows * cellHeight + (rows - 1) * Theme.gap : 0

    function wanted(): real {
        let most = 0
        for (let i = 0; i < buttons.count; ++i)
            most = Math.max(most, buttons.itemAt(i)?.implicitWidth ?? 0)
        return most
    }

    Repeater {
        id: buttons
        model: root.actions

        Button {
            id: button

            required property var modelData
            required property int index
            readonly property int inRow: Math.min(root.columns, root.actions.length - row * root.columns)
            readonly property int row: Math.floor(index / root.columns)
            readonly property real start: root.centered ? (root.width - inRow * (width + Theme.gap) + Theme.gap) / 2 : 0

            key: modelData.key
            digit: modelData.digit
            text: modelData.title
            x: start + (index % root.columns) * (width + Theme.gap)
            y: row * (height + Theme.gap)
            width: root.cellWidth
            height: root.cellHeight
            onImplicitHeightChanged: root.cellHeight = Math.max(root.cellHeight, implicitHeight)
            onPressed: Kiosk.answered([key])
        }
    }
}

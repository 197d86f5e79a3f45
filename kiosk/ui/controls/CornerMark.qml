import QtQuick
import theme

// An angle whose outer edges are the safe area's.
Item {
    id: root

    required property bool atRight
    required property bool atBottom
    readonly property int thick: Theme.length(10)

    x: atRight ? parent.width - Theme.share(1, parent.width) - width : Theme.share(3, parent.width)
    y: atBottom ? parent.height - Theme.share(2, parent.height) - height : Theme.share(0, parent.height)
    width: Theme.length(90)
    height: width

    Rectangle {
        y: root.atBottom ? parent.height - height : 0
        width: parent.width
        height: root.thick
        color: Theme.active
    }
    Rectangle {
        x: root.atRight ? parent.width - width : 0
        width: root.thick
        height: parent.height
        color: Theme.active
    }
}

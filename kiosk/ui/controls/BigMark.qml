pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Shapes
import theme

// A state by shape first: ○ it went well, △ take care, ✕ it cannot be.
Item {
    id: root

    required property string mark
    property bool small: Theme.large
    readonly property color tint: Theme.ground.marked(mark)
    readonly property real stroke: width * 0.12

    visible: mark !== "none"
    implicitWidth: Theme.length(small ? 100 : 150)
    implicitHeight: visible ? width : 0

    Rectangle {
        visible: root.mark === "good"
        anchors.fill: parent
        radius: width / 2
        color: "transparent"
        border.width: root.stroke
        border.color: root.tint
    }
    Shape {
        visible: root.mark === "care"
        anchors.fill: parent

        ShapePath {
            strokeColor: root.tint
            strokeWidth: root.stroke
            joinStyle: ShapePath.RoundJoin
            fillColor: "transparent"
            startX: root.width / 2
            startY: root.height * 0.12

            PathLine {
                x: root.width * 0.93
                y: root.height * 0.88
            }
            PathLine {
                x: root.width * 0.07
                y: root.height * 0.88
            }
            PathLine {
                x: root.width / 2
                y: root.height * 0.12
            }
        }
    }
    Repeater {
        model: root.mark === "bad" ? [45, -45] : []

        Rectangle {
            required property int modelData

            anchors.centerIn: parent
            width: root.width * 1.1
            height: root.stroke
            radius: height / 2
            rotation: modelData
            antialiasing: true
            color: root.tint
        }
    }
}

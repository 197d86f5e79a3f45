import QtQuick
import QtQuick.Window

// The floor: a window with one rectangle that can take focus, and nothing else.
Window {
    id: window
    width: 1920
    height: 1080

    Item {
        id: elsewhere
        focus: true
        Keys.onDownPressed: rectangle.forceActiveFocus()
    }

    Rectangle {
        id: rectangle
        objectName: "rectangle"
        anchors.centerIn: parent
        width: 600
        height: 300
        color: activeFocus ? "white" : "black"
        Keys.onUpPressed: elsewhere.forceActiveFocus()
    }
}

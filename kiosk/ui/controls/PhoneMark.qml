import QtQuick
import theme

// A phone is paired: filled while it is there, an outline while it sleeps.
Rectangle {
    id: root

    readonly property bool awake: Kiosk.phone === "awake"

    implicitWidth: Math.round(Theme.chrome * 0.8)
    implicitHeight: Math.round(Theme.chrome * 1.3)
    radius: Theme.length(6)
    color: root.awake ? Theme.ground.good : "transparent"
    border.width: Theme.length(4)
    border.color: Theme.ground.good
    Accessible.role: Accessible.StaticText
    Accessible.name: Kiosk.words.phone ?? ""

    Rectangle {
        anchors.horizontalCenter: parent.horizontalCenter
        y: parent.height * 0.16
        width: parent.width * 0.62
        height: parent.height * 0.56
        color: Theme.ground.fill
    }
    Rectangle {
        anchors.horizontalCenter: parent.horizontalCenter
        y: parent.height * 0.8
        width: parent.width * 0.26
        height: width
        radius: width / 2
        color: root.awake ? Theme.ground.fill : Theme.ground.good
    }
}

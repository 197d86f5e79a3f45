import QtQuick
import theme

// The one focus ring: 8 px yellow around a 4 px black line around the control it fills. On dark screens the yellow part
// carries it, on light ones the black part.
Item {
    id: ring

    property real radius: Theme.radius

    anchors.fill: parent

    Rectangle {
        anchors.fill: parent
        anchors.margins: -Theme.ringInnerWidth - Theme.ringWidth
        radius: ring.radius - anchors.margins
        color: Theme.ring
    }
    Rectangle {
        anchors.fill: parent
        anchors.margins: -Theme.ringInnerWidth
        radius: ring.radius - anchors.margins
        color: Theme.ringInner
    }
}

import QtQuick
import controls

Poster {
    lines: screen.lines
    actions: screen.actions
    picture: BigMark {
        anchors.horizontalCenter: parent.horizontalCenter
        mark: "care"
    }
}

import QtQuick
import controls

// A yes or no; the safe answer has focus.
Poster {
    id: page

    lines: screen.lines
    actions: [{key: "yes", title: screen.yes, digit: 1}, {key: "no", title: screen.no, digit: 2}]
    initialKey: "no"
    picture: BigMark {
        anchors.horizontalCenter: parent.horizontalCenter
        mark: page.screen.mark
    }
}

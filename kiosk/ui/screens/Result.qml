import QtQuick
import theme
import controls

Poster {
    id: page

    beside: screen.facts.length > 0
    lines: screen.lines
    actions: screen.actions
    picture: BigMark {
        anchors.horizontalCenter: parent.horizontalCenter
        mark: page.screen.mark
        small: Theme.large || page.beside
    }

    Rectangle {
        visible: page.screen.facts.length > 0
        width: parent.width
        height: visible ? facts.height + 2 * facts.y : 0
        radius: Theme.radius
        color: Theme.card.fill

        FactList {
            id: facts
            x: Theme.gap
            y: Theme.length(24)
            width: parent.width - 2 * x
            stacked: false
            facts: page.screen.facts
        }
    }
}

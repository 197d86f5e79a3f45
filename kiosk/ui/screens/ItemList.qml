pragma ComponentBehavior: Bound
import QtQuick
import theme
import controls

Page {
    id: page

    // The rows at hand and their place among all.
    property var portion: screen.portion
    readonly property var inFocus: portion.entries[pages.current - portion.first] ?? null
    readonly property bool preview: !Theme.large && screen.preview

    consume: direction => pages.turn(direction)
    initialKey: portion.entries[0]?.key ?? "footer.back"
    corner: pages.pages > 1 ? screen.corner + Kiosk.words.page.arg(pages.page + 1).arg(pages.pages) : screen.corner

    Label {
        visible: page.portion.count === 0
        width: parent.width
        y: Theme.gap
        text: page.screen.empty
        font.pixelSize: Theme.heading
        lineHeight: Theme.lineHeight
    }
    PagedGrid {
        id: pages
        width: page.preview ? Math.round(parent.width * 0.615) : parent.width
        height: parent.height
        spacing: Theme.length(34)
        portion: page.portion
        memory: page.memory
        // Whole titles: fewer rows where letters are large or titles long, or where a line stands above everything.
        readonly property bool roomy: Theme.large || Theme.annotated
        rows: Theme.veryLarge || (Theme.large && Theme.annotated && page.screen.sentences) ? 1
              : roomy || page.screen.sentences || Kiosk.acting !== "" ? 2 : 3
        delegate: RowCard {
            grid: pages
        }
        onMissing: index => {
            Kiosk.wanted(index)
            page.portion = JSON.parse(Kiosk.rows).portion
            Kiosk.rows = "" // nothing personal stays behind
        }
    }
    Rectangle {
        visible: page.preview
        x: pages.width + Theme.length(56)
        width: parent.width - x
        height: parent.height
        radius: Theme.radius
        color: Theme.card.fill

        Label {
            id: heading
            x: Theme.padding
            y: Theme.length(24)
            width: parent.width - 2 * x
            text: page.screen.preview_title
            maximumLineCount: 1
            font.pixelSize: Theme.action
            font.bold: true
        }
        FactList {
            id: facts
            x: Theme.padding
            y: heading.y + heading.height + Theme.length(12)
            width: parent.width - 2 * x
            limit: parent.height - y - Theme.length(20) - (more.visible ? more.height : 0)
            facts: page.inFocus ? page.inFocus.facts : []
        }
        Label {
            id: more
            visible: facts.height > parent.height - facts.y - Theme.length(20)
            x: Theme.padding
            anchors.bottom: parent.bottom
            anchors.bottomMargin: Theme.length(16)
            width: parent.width - 2 * x
            maximumLineCount: 1
            text: Kiosk.words.more
            color: Theme.card.accent
            font.pixelSize: Theme.caption
        }
    }
}

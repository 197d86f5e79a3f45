pragma ComponentBehavior: Bound
import QtQuick
import theme
import controls

// Item by item, default no; the three answers at the right, 見せない in focus. With large text the question stands on
// the paper with the items, which follows the focus.
Page {
    id: page

    property var agreed: Kiosk.kept === "" ? [] : Kiosk.kept.split(",")

    onAgreedChanged: Kiosk.kept = agreed.join(",")

    readonly property var answers: [
        {key: "all", title: screen.all_of_them, digit: 1},
        {key: "chosen", title: screen.only_chosen, digit: 2},
        {key: "none", title: screen.none_of_them, digit: 3}
    ]

    titled: !Theme.large
    slantwise: true
    initialKey: "none"
    consume: direction => {
        const next = nearest(focusedItem(), direction)
        return (!next || inFooter(next)) && paper.scroll(direction)
    }

    function answer(key: string) {
        Kiosk.answered(key === "all" ? screen.items.map(item => item.key) : key === "chosen" ? agreed : [])
    }

    function agree(key: string, yes: bool) {
        agreed = agreed.filter(other => other !== key).concat(yes ? [key] : [])
    }

    Paper {
        id: paper
        width: Math.round(parent.width * (Theme.large ? 0.58 : 0.62))
        height: parent.height

        Label {
            visible: Theme.large
            width: parent.width
            text: page.screen.title
            font.pixelSize: Theme.title
            font.bold: true
            lineHeight: Theme.tightLineHeight
            Accessible.role: Accessible.Heading
        }
        Label {
            id: lead
            // Beside more items than fit, the paper scrolls and cuts off what is wider than itself.
            width: Theme.large || page.screen.items.length > 3 ? parent.width : page.width - Theme.left - Theme.right
            text: page.screen.lead
            color: Theme.ground.quiet
            lineHeight: Theme.tightLineHeight
        }
        Repeater {
            model: page.screen.items

            ConsentRow {
                required property var modelData

                width: paper.width
                item: modelData
                yes: page.screen.yes
                no: page.screen.no
                agreed: page.agreed.includes(modelData.key)
                onChosen: yes => page.agree(modelData.key, yes)
                onEntered: paper.reveal(this)
            }
        }
    }
    Column {
        anchors.right: parent.right
        y: Theme.large ? parent.height - height : lead.height + paper.spacing
        width: Math.round(parent.width * (Theme.large ? 0.38 : 0.33))
        spacing: Theme.gap

        Repeater {
            model: page.answers

            Button {
                required property var modelData

                width: parent.width
                height: Math.max(implicitHeight, Theme.length(Theme.large ? 0 : 140))
                key: modelData.key
                digit: modelData.digit
                text: modelData.title
                onPressed: page.answer(key)
            }
        }
    }
}

import QtQuick
import theme

// What all screens share: header, footer, safe area, and focus that moves by geometry and never gets lost.
FocusScope {
    id: page

    required property var screen
    // Key of the control that had focus when this screen was last seen, or empty.
    required property string memory
    required property var footer

    // Key of the control that has focus at first; empty where there is nothing to press.
    property string initialKey: ""
    // Title at the top left, with steps and corner; false where the screen sets its own title in the middle.
    property bool titled: true
    property string corner: screen.corner ?? ""
    // Whether the footer is reached by the arrows: not where digits are typed, or where any key is an answer.
    property bool footerTakesFocus: true
    // Anything else in that direction is nearer, also what lies further down on a paper.
    readonly property real footerIsFar: 1e6
    // ←→ also reach what is not in the same row, and ↑↓ stay in their column. Without, a row's end is felt as one.
    property bool slantwise: false
    // Called with a direction before focus moves; true when that was all (a text scrolled, a page turned).
    property var consume: null
    default property alias content: body.data

    anchors.fill: parent
    focus: true
    Component.onCompleted: if (!take(memory)) take(initialKey)

    function act(action: string) {
        if (action === "ok")
            press(focusedItem())
        else if (/^\d$/.test(action))
            choose(Number(action))
        else
            move(action)
    }

    // By digit, of what is in sight or of a menu's other pages.
    function choose(digit: int) {
        const item = pressables().find(item => item.digit === digit)
        const choice = item ? undefined : screen.choices?.find(choice => choice.digit === digit)
        press(item)
        if (choice)
            Kiosk.answered([choice.key])
    }

    function press(item: Pressable) {
        if (!item)
            return
        item.take()
        item.pressed()
    }

    function move(direction: string) {
        const from = focusedItem()
        if (page.consume && !belowContent(from) && page.consume(direction))
            return
        const to = from ? nearest(from, direction) : pressables().find(item => item.key === "footer.green")
        if (to) {
            to.take()
            return
        }
        if (from)
            from.bump(direction)
        Kiosk.deadEnd()
    }

    // In the footer, with something to press above it: the arrows are for moving, not for reading on.
    function belowContent(item: Pressable): bool {
        return item !== null && inFooter(item) && pressables().some(other => !inFooter(other))
    }

    function inFooter(item: Pressable): bool {
        return item.key.startsWith("footer.")
    }

    function take(key: string): bool {
        const item = key === "" ? undefined : pressables().find(item => item.key === key)
        if (item)
            item.take()
        return item !== undefined
    }

    // Where there is something to do without the ring. True when there was one.
    function release(): bool {
        const item = focusedItem()
        if (item) {
            item.focus = false
            Kiosk.focusKey = ""
        }
        return item !== null
    }

    function focusedItem(): Pressable {
        return pressables().find(item => item.focus) ?? null
    }

    function pressables(): var {
        const found = []
        collect(page, found)
        return found
    }

    function collect(item: Item, found: var) {
        for (const child of item.children) {
            if (!child.visible)
                continue
            if (child instanceof Pressable)
                found.push(child)
            else
                collect(child, found)
        }
    }

    function nearest(from: Pressable, direction: string): Pressable {
        const origin = box(from, direction)
        // Along the footer its keys come first, though something may stand further up in that direction.
        const along = inFooter(from) && (direction === "left" || direction === "right")
        let best = null
        let shortest = Infinity
        for (const item of pressables()) {
            const way = item === from ? Infinity : distance(origin, box(item, direction), direction, inFooter(item) !== along)
            if (way < shortest) {
                best = item
                shortest = way
            }
        }
        return best
    }

    // A control's extent seen along the direction: `near`..`far` ahead, `low`..`high` across.
    function box(item: Pressable, direction: string): var {
        const area = item.parent.mapToItem(page, item.x, item.y, item.width, item.height)
        switch (direction) {
        case "left":
            return {near: -area.right, far: -area.left, low: area.top, high: area.bottom}
        case "right":
            return {near: area.left, far: area.right, low: area.top, high: area.bottom}
        case "up":
            return {near: -area.bottom, far: -area.top, low: area.left, high: area.right}
        default:
            return {near: area.top, far: area.bottom, low: area.left, high: area.right}
        }
    }

    function distance(from: var, to: var, direction: string, footer: bool): real {
        if ((to.near + to.far) / 2 <= from.far)
            return Infinity
        const aside = Math.max(0, to.low - from.high, from.low - to.high)
        const upright = direction === "up" || direction === "down"
        if (aside > 0 && slantwise === upright && !(footer && upright))
            return Infinity
        const middles = Math.abs(to.low + to.high - from.low - from.high) / 2
        return Math.max(0, to.near - from.far) + 3 * aside + middles / 100 + (footer ? footerIsFar : 0)
    }

    Label {
        id: acting
        visible: text !== ""
        height: visible ? Math.round(Theme.chrome * 1.6) : 0
        anchors.top: parent.top
        anchors.topMargin: Theme.top
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.leftMargin: Theme.left
        anchors.rightMargin: Theme.right
        text: Kiosk.acting
        wrapMode: Text.NoWrap
        color: Theme.active
        font.pixelSize: Theme.chrome
        font.bold: true
    }
    Header {
        id: header
        visible: page.titled || page.screen.steps.length > 0
        anchors.top: acting.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.leftMargin: Theme.left
        anchors.rightMargin: Theme.right
        screen: page.screen
        corner: page.corner
        titled: page.titled
    }

    Item {
        id: body
        anchors.top: header.visible ? header.bottom : acting.bottom
        anchors.topMargin: header.visible ? Theme.gap : 0
        anchors.bottom: foot.top
        anchors.bottomMargin: Theme.length(32)
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.leftMargin: Theme.left
        anchors.rightMargin: Theme.right
    }

    Footer {
        id: foot
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        actions: page.footer
        takesFocus: page.footerTakesFocus
        code: page.screen.code ?? ""
    }
}

import QtQuick
import theme

// Something to press: has the focus ring, a digit, a name for assistive technology. Content goes on `surface`.
Item {
    id: root

    required property string key
    required property string name
    // 0..9, or -1 for none.
    property int digit: -1
    property Tone tone: Theme.card
    property Tone focusedTone: Theme.focused
    property real radius: Theme.radius
    readonly property Tone shownTone: focus ? focusedTone : tone
    default property alias content: surface.data

    signal pressed

    function take() {
        forceActiveFocus()
    }

    // Focus could not leave in that direction.
    function bump(direction: string) {
        const step = Theme.length(12)
        push.x = direction === "left" ? -step : direction === "right" ? step : 0
        push.y = direction === "up" ? -step : direction === "down" ? step : 0
        settle.restart()
    }

    onFocusChanged: if (focus) Kiosk.focusKey = key

    Accessible.role: Accessible.Button
    Accessible.name: name
    Accessible.focusable: true
    Accessible.focused: focus
    Accessible.onPressAction: touch.press()

    transform: Translate {
        id: push
    }

    NumberAnimation {
        id: settle
        target: push
        properties: "x,y"
        to: 0
        duration: Theme.bumpMs
    }

    FocusRing {
        visible: root.focus
        radius: root.radius
    }

    Rectangle {
        id: surface
        anchors.fill: parent
        radius: root.radius
        color: root.shownTone.fill
        border.width: root.focus ? 0 : Theme.hairline
        border.color: root.shownTone.line
    }

    TapHandler {
        id: touch
        enabled: Theme.pointer
        onTapped: press()

        // A touch is focus and ok, so that it goes the same way as a key.
        function press() {
            root.take()
            Kiosk.tapped("ok")
        }
    }
}

import QtQuick
import theme
import controls

// The window. One screen is in the scene at a time; the one before is destroyed, not hidden.
Window {
    id: window

    readonly property Item kiosk: Kiosk
    readonly property bool broken: loader.status === Loader.Error

    color: Theme.ground.fill
    onWidthChanged: Theme.windowWidth = width
    onHeightChanged: Theme.windowHeight = height

    Connections {
        target: Kiosk

        function onAct(action: string) {
            const page = loader.item as Page
            if (page)
                page.act(action)
        }
        function onShownChanged() {
            Kiosk.focusKey = ""
            if (Kiosk.shown)
                loader.setSource(Kiosk.shown.file, {
                    screen: JSON.parse(Kiosk.shown.screen),
                    memory: Kiosk.shown.memory,
                    footer: Kiosk.shown.footer
                })
            else
                loader.source = ""
        }
    }

    Loader {
        id: loader
        anchors.fill: parent
        focus: true
    }
}

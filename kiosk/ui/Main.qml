import QtQuick
import theme
import controls

// The window. One screen is in the scene at a time; the one before is destroyed, not hidden.
Window {
    id: window

    readonly property Item kiosk: Kiosk
    // The file of the screen on top could not be loaded; the log says why.
    property bool broken: false
    property Page page: null

    color: Theme.ground.fill
    onWidthChanged: Theme.windowWidth = width
    onHeightChanged: Theme.windowHeight = height

    function clear() {
        if (!page)
            return
        page.parent = null // out of sight at once: it is deleted later
        page.destroy()
        page = null
    }

    // Not by a Loader: what its setSource() was given is never let go of (Qt 6.11), some 3 kB with each screen.
    function build(file: url, properties: var) {
        const component = Qt.createComponent(file)
        broken = component.status === Component.Error
        if (broken)
            console.warn(component.errorString())
        else
            page = component.createObject(place, properties) as Page
    }

    Connections {
        target: Kiosk

        function onAct(action: string) {
            if (window.page)
                window.page.act(action)
        }
        function onShownChanged() {
            Kiosk.focusKey = ""
            window.clear()
            if (Kiosk.shown)
                window.build(Kiosk.shown.file, {
                    screen: JSON.parse(Kiosk.shown.screen),
                    memory: Kiosk.shown.memory,
                    footer: Kiosk.shown.footer
                })
        }
    }

    FocusScope {
        id: place
        anchors.fill: parent
        focus: true
    }
}

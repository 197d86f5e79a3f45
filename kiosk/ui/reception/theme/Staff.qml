pragma Singleton
import QtQuick

// Tokens of the staff's window: read from half a metre, beside other programs, the same whatever a patient prefers.
QtObject {
    readonly property color ground: "#ffffff"
    readonly property color pane: "#f2f5fb"
    readonly property color line: "#7b89a8"
    readonly property color text: "#1a1a1a"
    readonly property color quiet: "#3d4966"
    readonly property color chosen: "#0017c1"
    readonly property color inverse: "#ffffff"
    readonly property color care: "#8a3b00"
    readonly property color good: "#115a36"
    readonly property color bad: "#a80000"
    readonly property string face: "BIZ UDPGothic"
    readonly property int small: 15
    readonly property int body: 18
    readonly property int heading: 24
    readonly property int gap: 12
    readonly property int row: 64
    readonly property int touch: 44
    readonly property int label: 190
    readonly property int list: 400

    function marked(mark: string): color {
        switch (mark) {
        case "good":
            return good
        case "care":
            return care
        case "bad":
            return bad
        default:
            return quiet
        }
    }
}

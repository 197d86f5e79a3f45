pragma Singleton
import QtQuick

// Tokens: colours by role, sizes by the window, the profile and the chosen text size. Nothing else in the user interface
// names a colour or a pixel. Every text colour of a Tone has at least 7:1 on its own fill; tests/ui computes each pair.
QtObject {
    id: theme

    readonly property bool dark: Kiosk.dark
    readonly property bool pointer: Kiosk.pointer
    readonly property real textScale: Kiosk.textScale

    // Set by Main.qml.
    property real windowWidth: 1920
    property real windowHeight: 1080

    readonly property Tone ground: Tone {
        fill: theme.dark ? "#0b1426" : "#ffffff"
        line: theme.dark ? "#5f78b3" : "#7b89a8"
        text: theme.dark ? "#ffffff" : "#1a1a1a"
        quiet: theme.dark ? "#c3d0ee" : "#3d4966"
        accent: theme.dark ? "#9db7f9" : "#0017c1"
        good: theme.dark ? "#71c598" : "#115a36"
        care: theme.dark ? "#ffd43d" : "#8a3b00"
        bad: theme.dark ? "#ff9696" : "#a80000"
    }
    readonly property Tone plain: Tone {
        fill: theme.ground.fill
        text: theme.ground.text
    }
    readonly property Tone card: Tone {
        fill: theme.dark ? "#14213d" : "#f2f5fb"
        line: theme.dark ? "#5f78b3" : "#7b89a8"
        text: theme.ground.text
        quiet: theme.ground.quiet
        accent: theme.ground.accent
        good: theme.ground.good
        care: theme.ground.care
        bad: theme.ground.bad
    }
    readonly property Tone focused: Tone {
        fill: "#ffffff"
        line: "#000000"
        text: theme.dark ? "#0b1426" : "#1a1a1a"
        quiet: "#3d4966"
        accent: "#0017c1"
        good: "#115a36"
        care: "#8a3b00"
        bad: "#a80000"
    }
    readonly property Tone button: Tone {
        fill: theme.dark ? "#14213d" : "#ffffff"
        line: theme.dark ? "#5f78b3" : "#0017c1"
        text: theme.dark ? "#ffffff" : "#0017c1"
    }
    readonly property Tone chip: Tone {
        fill: theme.dark ? "#24365f" : "#0017c1"
        text: "#ffffff"
    }
    readonly property Tone chipFocused: Tone {
        fill: theme.dark ? "#0b1426" : "#0017c1"
        text: "#ffffff"
    }
    readonly property Tone badge: Tone {
        fill: "#ffd43d"
        text: "#000000"
    }
    readonly property Tone chosen: Tone {
        fill: theme.dark ? "#9db7f9" : "#1a1a1a"
        line: theme.dark ? "#ffffff" : "#1a1a1a"
        text: theme.dark ? "#0b1426" : "#ffffff"
    }
    readonly property Tone stepDone: Tone {
        fill: theme.dark ? "#71c598" : "#115a36"
        text: theme.dark ? "#0b1426" : "#ffffff"
    }
    readonly property Tone stepNow: Tone {
        fill: theme.dark ? "#ffd43d" : "#0017c1"
        text: theme.dark ? "#000000" : "#ffffff"
    }
    readonly property Tone red: Tone {
        fill: "#a80000"
        line: "#ffffff"
        text: "#ffffff"
    }
    readonly property Tone green: Tone {
        fill: "#115a36"
        line: "#ffffff"
        text: "#ffffff"
    }
    readonly property Tone yellow: Tone {
        fill: "#6b4f00"
        line: "#ffffff"
        text: "#ffffff"
    }

    readonly property color ring: "#ffd43d"
    readonly property color ringInner: "#000000"
    // What moves, counts or comes next.
    readonly property color active: theme.dark ? "#ffd43d" : "#0017c1"
    readonly property color pinFrame: "#3b6ff5"
    readonly property color signFrame: theme.dark ? "#ff6b6b" : "#ce0000"
    readonly property color cardBody: "#f7d9e3"
    readonly property color cardChip: "#c8a24a"
    readonly property color cardPhoto: "#ffffff"
    readonly property color cardLine: theme.dark ? "#f7d9e3" : "#8a5a6c"

    // Texts: names by role. Nothing is smaller than `caption`.
    readonly property string face: "BIZ UDPGothic"
    readonly property string digitFace: "BIZ UDGothic"
    readonly property int caption: text(32, 1)
    readonly property int label: text(36, 1)
    readonly property int body: text(40, 1)
    readonly property int action: text(44, 0.5)
    readonly property int heading: text(54, 0.5)
    readonly property int title: text(64, 0.5)
    readonly property int chrome: text(32, 0.5)
    readonly property real lineHeight: 1.5
    readonly property real tightLineHeight: 1.2

    // Lengths that do not grow with the text.
    readonly property real unit: Math.min(windowWidth / 1920, windowHeight / 1080)
    readonly property int ringWidth: length(8)
    readonly property int ringInnerWidth: length(4)
    // The focus ring grows out of its control and still stays inside the safe area of 96 / 60 px.
    readonly property int side: length(96) + ringWidth + ringInnerWidth
    readonly property int edge: length(60)
    readonly property int gap: length(40)
    readonly property int smallGap: length(20)
    readonly property int padding: length(32)
    readonly property int radius: length(24)
    readonly property int hairline: Math.max(1, length(3))

    readonly property int bumpMs: 120
    readonly property bool large: textScale > 1.2
    readonly property bool veryLarge: textScale > 1.6

    function length(px: real): int {
        return Math.round(px * unit)
    }

    // `growth` is the part of the text size's change that it takes: what is big already grows less.
    function text(px: real, growth: real): int {
        return Math.round(px * unit * Kiosk.bodyPx / 40 * (1 + (textScale - 1) * growth))
    }
}

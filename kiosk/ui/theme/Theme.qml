pragma Singleton
import QtQuick

// Tokens: colours by role, sizes by the window, the profile and the chosen text size. Nothing else in the user interface
// names a colour or a pixel. Every text colour of a Tone has at least 7:1 on its own fill; tests/ui computes each pair.
QtObject {
    id: theme

    readonly property bool pointer: Kiosk.pointer
    readonly property real textScale: Kiosk.textScale

    // Set by Main.qml.
    property real windowWidth: 1920
    property real windowHeight: 1080

    readonly property Tone ground: Tone {
        fill: theme.of("#0b1426", "#ffffff", "#000000")
        line: theme.of("#5f78b3", "#7b89a8", "#ffffff")
        text: theme.of("#ffffff", "#1a1a1a", "#ffffff")
        quiet: theme.of("#c3d0ee", "#3d4966", "#ffffff")
        accent: theme.of("#9db7f9", "#0017c1", "#9fe8ff")
        good: theme.of("#71c598", "#115a36", "#8effa8")
        care: theme.of("#ffd43d", "#8a3b00", "#ffe500")
        bad: theme.of("#ff9696", "#a80000", "#ffb0b0")
    }
    readonly property Tone plain: Tone {
        fill: theme.ground.fill
        text: theme.ground.text
    }
    readonly property Tone card: Tone {
        fill: theme.of("#14213d", "#f2f5fb", "#000000")
        line: theme.of("#5f78b3", "#7b89a8", "#ffffff")
        text: theme.ground.text
        quiet: theme.ground.quiet
        accent: theme.ground.accent
        good: theme.ground.good
        care: theme.ground.care
        bad: theme.ground.bad
    }
    readonly property Tone focused: Tone {
        fill: theme.of("#ffffff", "#ffffff", "#ffe500")
        line: "#000000"
        text: theme.of("#0b1426", "#1a1a1a", "#000000")
        quiet: theme.of("#3d4966", "#3d4966", "#000000")
        accent: theme.of("#0017c1", "#0017c1", "#000000")
        good: theme.of("#115a36", "#115a36", "#000000")
        care: theme.of("#8a3b00", "#8a3b00", "#000000")
        bad: theme.of("#a80000", "#a80000", "#000000")
    }
    readonly property Tone button: Tone {
        fill: theme.of("#14213d", "#ffffff", "#000000")
        line: theme.of("#5f78b3", "#0017c1", "#ffffff")
        text: theme.of("#ffffff", "#0017c1", "#ffffff")
    }
    readonly property Tone chip: Tone {
        fill: theme.of("#24365f", "#0017c1", "#ffffff")
        text: theme.of("#ffffff", "#ffffff", "#000000")
    }
    readonly property Tone chipFocused: Tone {
        fill: theme.of("#0b1426", "#0017c1", "#000000")
        text: theme.of("#ffffff", "#ffffff", "#ffffff")
    }
    readonly property Tone badge: Tone {
        fill: theme.of("#ffd43d", "#ffd43d", "#ffffff")
        text: "#000000"
    }
    readonly property Tone chosen: Tone {
        fill: theme.of("#9db7f9", "#1a1a1a", "#ffffff")
        line: theme.of("#ffffff", "#1a1a1a", "#ffffff")
        text: theme.of("#0b1426", "#ffffff", "#000000")
    }
    readonly property Tone stepDone: Tone {
        fill: theme.of("#71c598", "#115a36", "#8effa8")
        text: theme.of("#0b1426", "#ffffff", "#000000")
    }
    readonly property Tone stepNow: Tone {
        fill: theme.of("#ffd43d", "#0017c1", "#ffe500")
        text: theme.of("#000000", "#ffffff", "#000000")
    }
    readonly property Tone blue: Tone {
        fill: "#0b3d91"
        line: "#ffffff"
        text: "#ffffff"
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
    readonly property color active: theme.of("#ffd43d", "#0017c1", "#ffe500")
    readonly property color pinFrame: theme.of("#3b6ff5", "#3b6ff5", "#9fe8ff")
    readonly property color signFrame: theme.of("#ff6b6b", "#ce0000", "#ffb0b0")
    readonly property color cardBody: "#f7d9e3"
    readonly property color cardChip: "#c8a24a"
    readonly property color cardPhoto: "#ffffff"
    readonly property color cardLine: theme.of("#f7d9e3", "#8a5a6c", "#ffffff")

    // Texts: names by role. Nothing is smaller than `caption`.
    readonly property string face: Kiosk.face
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
    // Where readings stand above the kanji, and how much of it, in letters, is theirs.
    readonly property bool annotated: Object.keys(Kiosk.readings).length > 0
    readonly property real annotatedLineHeight: 1.6
    readonly property real readingRoom: 0.55

    // Lengths that do not grow with the text.
    readonly property real unit: Math.min(windowWidth / 1920, windowHeight / 1080)
    readonly property int ringWidth: length(8)
    readonly property int ringInnerWidth: length(4)
    // Safe area, by side: what a television may cut off. The focus ring grows out of its control and still stays inside.
    readonly property int top: share(0, windowHeight)
    readonly property int right: share(1, windowWidth) + ringWidth + ringInnerWidth
    readonly property int bottom: share(2, windowHeight)
    readonly property int left: share(3, windowWidth) + ringWidth + ringInnerWidth
    readonly property int gap: length(40)
    readonly property int smallGap: length(20)
    readonly property int padding: length(32)
    readonly property int radius: length(24)
    readonly property int hairline: Math.max(1, length(Kiosk.theme === "contrast" ? 5 : 3))

    readonly property int bumpMs: 120
    readonly property bool large: textScale > 1.2
    readonly property bool veryLarge: textScale > 1.6

    // A colour in the three themes.
    function of(dark: color, light: color, contrast: color): color {
        return Kiosk.theme === "contrast" ? contrast : Kiosk.theme === "light" ? light : dark
    }

    // Of the window, by the margin's 1/10 %.
    function share(side: int, whole: real): int {
        return Math.round(Kiosk.margin[side] * whole / 1000)
    }

    function length(px: real): int {
        return Math.round(px * unit)
    }

    // `growth` is the part of the text size's change that it takes: what is big already grows less.
    function text(px: real, growth: real): int {
        return Math.round(px * unit * Kiosk.bodyPx / 40 * (1 + (textScale - 1) * growth))
    }
}

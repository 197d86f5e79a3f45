import QtQuick

// One surface and what may be written on it.
QtObject {
    property color fill
    property color line: fill
    property color text
    property color quiet: text
    property color accent: text
    property color good: text
    property color care: text
    property color bad: text

    // The colour for a `screens.Mark` value.
    function marked(mark: string): color {
        switch (mark) {
        case "good":
            return good
        case "care":
            return care
        case "bad":
            return bad
        default:
            return text
        }
    }
}

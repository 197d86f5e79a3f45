pragma Singleton
import QtQuick

// The border with stage.py: all it tells the screens, and all they tell it. An Item, because PySide knows that type
// already; for the first plain QtObject it searches 10 ms, which the first frame would wait for.
Item {
    // What the profile says.
    property bool pointer: false
    property real bodyPx: 40
    // What the person prefers.
    property real textScale: 1
    property string theme: "dark"
    // Safe area: top, right, bottom, left in 1/10 % of the height or width.
    property var margin: [56, 50, 56, 50]
    property string face: "BIZ UDPGothic"

    // What is on top: file, screen (the dataclass as JSON), memory (key to focus), footer. Null shows nothing.
    property var shown: null
    // The same screen with other rows at hand, once they were wanted.
    property string rows: ""
    property var words: ({})
    // Readings above a text's kanji, by the text: lists of {at, length, reading}.
    property var readings: ({})
    property bool cardInside: false
    // For whom the person acts; empty for nobody else.
    property string acting: ""
    // Whether a phone is paired: none, awake, asleep.
    property string phone: "none"
    // What must not be forgotten: a notice that is in force. Empty without.
    property string reminder: ""
    // How many digits were typed. The digits themselves never come here.
    property int pinCount: 0
    // Key of the focused control; empty where there is nothing to press.
    property string focusKey: ""
    // What the screen on top wants to find again when it was covered: what was ticked.
    property string kept: ""

    // From stage.py: an arrow, ok or digit that the screen on top is to act on.
    signal act(action: string)
    // From stage.py: digits that are no secret, typed elsewhere, in the place of what stands there; empty after a secret.
    signal filled(digits: string)
    // To stage.py: the answer of the screen on top, by keys.
    signal answered(keys: list<string>)
    // To stage.py: a row of a long list that is not at hand. It is in `rows` when this returns.
    signal wanted(row: int)
    // To stage.py: a touch that stands for a key.
    signal tapped(action: string)
    // To stage.py: focus could not move that way.
    signal deadEnd
}

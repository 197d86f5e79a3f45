pragma Singleton
import QtQuick

// The border with stage.py: all it tells the screens, and all they tell it. An Item, because PySide knows that type
// already; for the first plain QtObject it searches 10 ms, which the first frame would wait for.
Item {
    // What the profile says.
    property bool dark: true
    property bool pointer: false
    property real bodyPx: 40
    // 標準, 大, 特大: changed by the green key.
    property real textScale: 1

    // What is on top: file, screen (the dataclass as a map), memory (key to focus), footer. Null shows nothing.
    property var shown: null
    property var words: ({})
    property bool cardInside: false
    // How many digits were typed. The digits themselves never come here.
    property int pinCount: 0
    // Key of the focused control; empty where there is nothing to press.
    property string focusKey: ""

    // From stage.py: an arrow, ok or digit that the screen on top is to act on.
    signal act(action: string)
    // To stage.py: the answer of the screen on top, by keys.
    signal answered(keys: list<string>)
    // To stage.py: a touch that stands for a key.
    signal tapped(action: string)
    // To stage.py: focus could not move that way.
    signal deadEnd
}

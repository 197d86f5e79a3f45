pragma ComponentBehavior: Bound
import QtQuick
import theme

// Digits to touch. Never focusable and never lit: a cursor or a flash would show the PIN to whoever looks on.
Grid {
    id: root

    // Enough was typed: 決定 is what comes next.
    property bool ready: false

    columns: 3
    spacing: Theme.length(24)

    readonly property var keys: [1, 2, 3, 4, 5, 6, 7, 8, 9].map(digit => ({word: digit, action: digit.toString()})).concat([
        {word: Kiosk.words.erase, action: "left"},
        {word: 0, action: "0"},
        {word: Kiosk.words.ok, action: "ok"}
    ])

    Repeater {
        model: root.keys

        Rectangle {
            id: padKey

            required property var modelData
            readonly property bool isDigit: typeof modelData.word === "number"
            readonly property Tone tone: root.ready && modelData.action === "ok" ? Theme.chip : Theme.button

            width: Theme.length(176)
            height: Theme.length(124)
            radius: Theme.radius
            color: padKey.tone.fill
            border.width: Theme.hairline
            border.color: padKey.tone.line

            Label {
                anchors.centerIn: parent
                text: padKey.modelData.word
                color: padKey.tone.text
                font.family: padKey.isDigit ? Theme.digitFace : Theme.face
                font.pixelSize: padKey.isDigit ? Theme.length(60) : Theme.length(44)
                font.bold: true
                Accessible.role: Accessible.Button
                Accessible.onPressAction: Kiosk.tapped(padKey.modelData.action)
            }
            TapHandler {
                enabled: Theme.pointer
                onTapped: Kiosk.tapped(padKey.modelData.action)
            }
        }
    }
}

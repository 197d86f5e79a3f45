import QtQuick
import theme

// One half of a はい / いいえ. Which one holds is shown by filling, tick and name, not by colour alone.
Pressable {
    id: root

    required property string word
    required property string about
    required property bool chosen

    name: about + " " + word
    tone: chosen ? Theme.chosen : Theme.button
    radius: Theme.length(16)
    // Full-width letters and the tick, whether it is there or not.
    implicitWidth: (word.length + 1.2) * label.font.pixelSize + 2 * Theme.length(28)
    implicitHeight: Math.round(Theme.text(40, 0.5) * 2)
    Accessible.role: Accessible.RadioButton
    Accessible.checked: chosen

    Label {
        id: label
        anchors.centerIn: parent
        text: (root.chosen ? "✓ " : "") + root.word
        color: root.shownTone.text
        font.pixelSize: Theme.text(40, 0.5)
        font.bold: root.chosen
    }
}

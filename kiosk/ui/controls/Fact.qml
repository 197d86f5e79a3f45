import QtQuick
import theme

// A label and its value: stacked in a narrow panel, side by side in a wide one.
Item {
    id: root

    required property string label
    required property string value
    required property bool stacked
    required property Tone tone

    height: Math.max(labelText.y + labelText.height, valueText.y + valueText.height)

    Label {
        id: labelText
        width: root.stacked ? parent.width : parent.width * 0.3
        y: root.stacked ? 0 : Math.round((Theme.body - Theme.label) * 0.9)
        text: root.label
        maximumLineCount: 2
        lineHeight: Theme.tightLineHeight
        color: root.tone.quiet
        font.pixelSize: root.stacked ? Theme.caption : Theme.label
    }
    Label {
        id: valueText
        x: root.stacked ? 0 : parent.width * 0.3 + Theme.padding
        y: root.stacked ? labelText.height : 0
        width: parent.width - x
        text: root.value
        maximumLineCount: 4
        color: root.tone.text
        lineHeight: Theme.tightLineHeight
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import theme

// Facts one under the other. Those that do not fit whole above `limit` are left out.
Column {
    id: root

    required property var facts
    property bool stacked: true
    property real limit: Infinity
    property Tone tone: Theme.card

    spacing: Theme.length(14)

    Repeater {
        model: root.facts

        Fact {
            required property var modelData

            width: root.width
            opacity: y + height <= root.limit ? 1 : 0
            label: modelData.label
            value: modelData.value
            stacked: root.stacked
            tone: root.tone
        }
    }
}

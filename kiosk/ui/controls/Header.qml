import QtQuick
import theme

// Where am I: the steps, the one question, and a corner for date or page.
Item {
    id: root

    required property var screen
    required property string corner
    required property bool titled
    readonly property string subtitle: screen.subtitle ?? ""

    implicitHeight: subline.visible ? subline.y + subline.height : title.visible ? title.y + title.height : steps.height

    Steps {
        id: steps
        visible: root.screen.steps.length > 0
        height: visible ? implicitHeight : 0
        width: parent.width
        steps: root.screen.steps
        step: root.screen.step
    }
    Label {
        id: title
        visible: root.titled
        y: steps.visible ? steps.height + Theme.length(24) : 0
        width: parent.width - (cornerText.visible ? cornerText.width + Theme.gap : 0)
        text: root.screen.title
        maximumLineCount: 2
        font.pixelSize: Theme.title
        font.bold: true
        lineHeight: Theme.tightLineHeight
        Accessible.role: Accessible.Heading
    }
    Label {
        id: cornerText
        visible: root.titled && root.corner !== ""
        anchors.right: parent.right
        anchors.baseline: title.baseline
        width: Math.min(implicitWidth, parent.width * 0.42)
        horizontalAlignment: Text.AlignRight
        text: root.corner
        wrapMode: Text.NoWrap
        color: Theme.ground.quiet
        font.pixelSize: Theme.chrome
    }
    Label {
        id: subline
        visible: root.titled && root.subtitle !== ""
        y: title.y + title.height + Theme.length(4)
        width: parent.width
        text: root.subtitle
        maximumLineCount: Theme.large ? 1 : 2
        color: Theme.ground.quiet
        font.pixelSize: Theme.label
        lineHeight: Theme.tightLineHeight
    }
}

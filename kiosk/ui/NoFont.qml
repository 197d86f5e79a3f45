pragma ComponentBehavior: Bound
import QtQuick

// Shown in place of everything where no Japanese font is installed: in Latin letters, since others would be boxes.
Window {
    id: window

    required property string heading
    required property list<string> lines
    required property string code

    color: "#0b1426"

    component Line: Text {
        width: parent.width
        color: "#ffffff"
        font.pixelSize: window.height / 22
        textFormat: Text.PlainText
        wrapMode: Text.Wrap
    }

    Column {
        anchors.centerIn: parent
        width: parent.width * 0.85
        spacing: window.height / 24

        Line {
            text: window.heading
            font.pixelSize: window.height / 15
            font.bold: true
        }
        Repeater {
            model: window.lines

            Line {
                required property string modelData

                text: modelData
            }
        }
        Line {
            text: window.code
            font.pixelSize: window.height / 30
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import reception.theme

// The staff's window: visits on the left, everything about the chosen one on the right, by keys or by fingers. A window
// like any other, so that it lies beside the practice's own programs.
Window {
    id: window

    // From reception_window.py.
    property var rows: []
    property var facts: []
    property var hints: []
    property string heading: ""
    property string footer: ""
    property string trouble: ""
    property string typing: ""
    property string typed: ""
    property string news: ""
    property var keys: []
    property var labels: ({})
    property bool searching: false

    // To reception_window.py.
    property alias chosen: list.currentIndex
    signal pressed(key: string)
    signal entered(text: string)
    signal searched(name: string, birth: string, sex: string, address: string)

    color: Staff.ground
    minimumWidth: Staff.list * 2
    minimumHeight: Staff.row * 6
    onTypingChanged: {
        input.text = typing === "" ? "" : typed
        if (typing === "")
            list.forceActiveFocus()
        else
            input.forceActiveFocus()
    }

    onSearchingChanged: {
        if (searching)
            form.begin()
        else
            list.forceActiveFocus()
    }

    Line {
        id: top
        x: Staff.gap
        y: Staff.gap
        width: parent.width - 2 * Staff.gap
        text: window.trouble === "" ? window.heading : window.trouble
        color: window.trouble === "" ? Staff.text : Staff.bad
        font.pixelSize: Staff.heading
        font.bold: true
        maximumLineCount: 1
    }
    Line {
        id: said
        x: Staff.gap
        anchors.top: top.bottom
        width: parent.width - 2 * Staff.gap
        visible: text !== ""
        text: window.news
        color: Staff.care
        font.bold: true
        maximumLineCount: 1
    }
    ListView {
        id: list
        x: Staff.gap
        anchors.top: said.visible ? said.bottom : top.bottom
        anchors.topMargin: Staff.gap
        anchors.bottom: touch.top
        anchors.bottomMargin: Staff.gap
        width: Staff.list
        clip: true
        focus: true
        model: window.rows
        delegate: VisitRow {}
        keyNavigationEnabled: true
        Accessible.role: Accessible.List
        Accessible.name: window.heading
        Keys.onPressed: event => {
            const key = {
                [Qt.Key_F2]: "F2",
                [Qt.Key_F3]: "F3",
                [Qt.Key_F4]: "F4",
                [Qt.Key_F5]: "F5",
                [Qt.Key_F6]: "F6",
                [Qt.Key_F8]: "F8",
                [Qt.Key_Delete]: "Delete",
                [Qt.Key_F10]: "F10"
            }[event.key]
            if (key) {
                window.pressed(key)
                event.accepted = true
            }
        }
    }
    Flickable {
        anchors.left: list.right
        anchors.leftMargin: 2 * Staff.gap
        anchors.right: parent.right
        anchors.rightMargin: Staff.gap
        anchors.top: list.top
        anchors.bottom: list.bottom
        clip: true
        contentHeight: details.height

        Column {
            id: details
            width: parent.width
            spacing: Staff.gap / 2

            Repeater {
                model: window.hints

                Line {
                    required property var modelData
                    width: details.width
                    text: modelData
                    color: Staff.care
                    font.bold: true
                }
            }
            Repeater {
                model: window.facts

                Row {
                    id: fact
                    required property var modelData
                    spacing: Staff.gap
                    Accessible.role: Accessible.StaticText
                    Accessible.name: fact.modelData[0] + " " + fact.modelData[1]

                    Line {
                        width: Staff.label
                        text: fact.modelData[0]
                        color: Staff.quiet
                    }
                    Line {
                        width: details.width - Staff.label - Staff.gap
                        text: fact.modelData[1]
                    }
                }
            }
        }
    }
    Rectangle {
        id: field
        visible: window.typing !== ""
        anchors.left: list.right
        anchors.leftMargin: 2 * Staff.gap
        anchors.right: parent.right
        anchors.rightMargin: Staff.gap
        anchors.bottom: list.bottom
        height: Staff.row
        color: Staff.pane
        border.color: Staff.chosen
        border.width: 3

        Line {
            id: asked
            x: Staff.gap
            y: Staff.gap / 2
            text: window.typing
            font.pixelSize: Staff.small
            color: Staff.quiet
        }
        TextInput {
            id: input
            x: Staff.gap
            anchors.bottom: parent.bottom
            anchors.bottomMargin: Staff.gap / 2
            width: parent.width - 2 * Staff.gap
            color: Staff.text
            font.family: Staff.face
            font.pixelSize: Staff.body
            maximumLength: 200
            Accessible.role: Accessible.EditableText
            Accessible.name: window.typing
            onAccepted: window.entered(text)
            Keys.onEscapePressed: window.pressed("Escape")
        }
    }
    DisasterForm {
        id: form
        visible: window.searching
        labels: window.labels
        anchors.left: list.right
        anchors.leftMargin: 2 * Staff.gap
        anchors.right: parent.right
        anchors.rightMargin: Staff.gap
        anchors.top: list.top
        height: implicitHeight
        onLooked: (name, birth, sex, address) => window.searched(name, birth, sex, address)
        onEscaped: window.pressed("Escape")
        onEnded: window.pressed("F9")
    }
    Flow {
        id: touch
        visible: !window.searching  // the form has keys of its own
        x: Staff.gap
        anchors.bottom: bottom.top
        anchors.bottomMargin: Staff.gap / 2
        width: parent.width - 2 * Staff.gap
        spacing: Staff.gap / 2

        Repeater {
            model: window.keys

            TouchKey {
                required property var modelData
                label: modelData[1]
                onTapped: window.pressed(modelData[0])
            }
        }
    }
    Line {
        id: bottom
        x: Staff.gap
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Staff.gap
        width: parent.width - 2 * Staff.gap
        text: window.footer
        color: Staff.quiet
        font.pixelSize: Staff.small
    }
}

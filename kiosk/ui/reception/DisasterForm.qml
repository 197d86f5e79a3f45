import QtQuick
import reception.theme

// Looking somebody up without a card, in a disaster: the four items. Tab goes on, Enter looks up, Esc closes.
Rectangle {
    id: form

    required property var labels
    property string sex: ""
    signal looked(name: string, birth: string, sex: string, address: string)
    signal escaped
    signal ended

    function begin(): void {
        person.text = birth.text = sex = address.text = ""
        person.focusIt()
    }
    function look(): void {
        form.looked(person.text, birth.text, form.sex, address.text)
    }

    color: Staff.pane
    border.color: Staff.care
    border.width: 3
    implicitHeight: rows.height + 2 * Staff.gap
    Accessible.role: Accessible.Grouping
    Accessible.name: labels.title

    Column {
        id: rows
        x: Staff.gap
        y: Staff.gap
        width: parent.width - 2 * Staff.gap
        spacing: Staff.gap

        Line {
            width: parent.width
            text: form.labels.title
            color: Staff.care
            font.bold: true
        }
        Entry {
            id: person
            width: parent.width
            label: form.labels.name
            onDone: form.look()
            onEscaped: form.escaped()
        }
        Entry {
            id: birth
            width: parent.width
            label: form.labels.birth
            most: 8
            hints: Qt.ImhDigitsOnly
            onDone: form.look()
            onEscaped: form.escaped()
        }
        Row {
            spacing: Staff.gap

            Line {
                anchors.verticalCenter: parent.verticalCenter
                text: form.labels.sex
                color: Staff.quiet
                font.pixelSize: Staff.small
            }
            TouchKey {
                label: form.labels.male
                filled: form.sex === "1"
                activeFocusOnTab: true
                onTapped: form.sex = "1"
                Keys.onEscapePressed: form.escaped()
            }
            TouchKey {
                label: form.labels.female
                filled: form.sex === "2"
                activeFocusOnTab: true
                onTapped: form.sex = "2"
                Keys.onEscapePressed: form.escaped()
            }
        }
        Entry {
            id: address
            width: parent.width
            label: form.labels.address
            onDone: form.look()
            onEscaped: form.escaped()
        }
        Flow {
            width: parent.width
            spacing: Staff.gap

            TouchKey {
                label: form.labels.search
                activeFocusOnTab: true
                filled: true
                onTapped: form.look()
                Keys.onEscapePressed: form.escaped()
            }
            TouchKey {
                label: form.labels.close
                activeFocusOnTab: true
                onTapped: form.escaped()
                Keys.onEscapePressed: form.escaped()
            }
            TouchKey {
                label: form.labels.end
                activeFocusOnTab: true
                onTapped: form.ended()
                Keys.onEscapePressed: form.escaped()
            }
        }
    }
}

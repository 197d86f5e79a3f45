import QtQuick
import reception.theme

// A visit in the list: its state as a picture and a word, its time, its name.
Rectangle {
    id: row

    required property int index
    required property var modelData
    readonly property bool current: ListView.isCurrentItem

    width: ListView.view.width
    height: Staff.row
    color: current ? Staff.chosen : Staff.ground
    border.color: Staff.line
    border.width: 1
    Accessible.role: Accessible.ListItem
    Accessible.name: row.modelData.state + " " + row.modelData.title

    Rectangle {
        id: picture
        x: Staff.gap
        anchors.verticalCenter: parent.verticalCenter
        width: Staff.row * 0.7
        height: width
        radius: row.modelData.round ? width / 2 : 0
        color: Staff.marked(row.modelData.mark)
        border.color: Staff.inverse
        border.width: 2

        Line {
            anchors.centerIn: parent
            text: row.modelData.sign
            color: Staff.inverse
            font.pixelSize: Staff.heading
            font.bold: true
        }
    }
    Line {
        x: picture.x + picture.width + Staff.gap
        y: Staff.gap / 2
        width: parent.width - x - Staff.gap
        text: row.modelData.title
        maximumLineCount: 1
        font.bold: true
        color: row.current ? Staff.inverse : Staff.text
    }
    Line {
        x: picture.x + picture.width + Staff.gap
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Staff.gap / 2
        width: parent.width - x - Staff.gap
        text: row.modelData.state
        maximumLineCount: 1
        font.pixelSize: Staff.small
        color: row.current ? Staff.inverse : Staff.quiet
    }
    TapHandler {
        onTapped: row.ListView.view.currentIndex = row.index
    }
}

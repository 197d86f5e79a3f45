pragma ComponentBehavior: Bound
import QtQuick
import theme
import controls

Poster {
    id: page

    footerTakesFocus: false
    titleSize: Theme.text(84, 0.25)
    lines: [screen.lead]
    lineSize: Theme.text(54, 0.5)
    picture: CardPicture {
        anchors.horizontalCenter: parent.horizontalCenter
        direction: "down"
    }

    Grid {
        id: offer

        readonly property int count: page.screen.languages.length

        anchors.horizontalCenter: parent?.horizontalCenter
        topPadding: Theme.gap
        columns: count > 4 ? Math.ceil(count / 2) : Math.max(1, count)
        columnSpacing: Theme.gap
        rowSpacing: Theme.smallGap

        Repeater {
            model: page.screen.languages

            LanguageKey {
                required property var modelData

                digit: modelData.digit
                word: modelData.title
            }
        }
    }
    TapHandler {
        enabled: Theme.pointer
        parent: page
        onTapped: Kiosk.tapped("ok")
    }
}

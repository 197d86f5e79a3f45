import QtQuick
import theme
import controls

// The corners of the safe area. Each arrow is an answer, which moves them.
Poster {
    id: page

    footerTakesFocus: false
    lines: screen.lines
    actions: [{key: "ok", title: screen.ok, digit: 1}]
    consume: direction => {
        Kiosk.answered([direction])
        return true
    }

    CornerMark {
        parent: page
        atRight: false
        atBottom: false
    }
    CornerMark {
        parent: page
        atRight: true
        atBottom: false
    }
    CornerMark {
        parent: page
        atRight: false
        atBottom: true
    }
    CornerMark {
        parent: page
        atRight: true
        atBottom: true
    }
}

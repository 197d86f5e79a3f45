"""What an evacuation notice looks like."""

from __future__ import annotations

from backend_client import wire
from kiosk.screens import Alarm, Choice, Fact
from kiosk.words import Words

OK, REPORT = "ok", "evacuated"
NO_DIGIT = -1

TITLES = {
    wire.Level.ELDERLY: "emergency.title_3",
    wire.Level.EVERYBODY: "emergency.title_4",
    wire.Level.SAVE_LIFE: "emergency.title_5",
}
BANDS = {
    wire.Level.ELDERLY: "emergency.band_3",
    wire.Level.EVERYBODY: "emergency.band_4",
    wire.Level.SAVE_LIFE: "emergency.band_5",
}


def alarm(words: Words, notice: wire.EvacuationNotice, others: int, *, report: bool) -> Alarm:
    """The whole notice; `others` are confirmed with it. What the sender wrote stands as it is."""
    sender = Fact(words("emergency.sender"), notice.sender)
    more = (words("emergency.others", count=others),) if others else ()
    actions: tuple[Choice, ...] = (Choice(OK, words("emergency.ok"), digit=NO_DIGIT),)
    if report:
        actions += (Choice(REPORT, words("evacuated.menu"), digit=NO_DIGIT),)
    return Alarm(
        name="emergency",
        title=words(TITLES[notice.level]),
        band=words(BANDS[notice.level]),
        lines=(*notice.lines, *more),
        facts=(Fact(words("emergency.area"), notice.area), *_shelters(words, notice), sender),
        actions=actions,
    )


def _shelters(words: Words, notice: wire.EvacuationNotice) -> tuple[Fact, ...]:
    label = words("emergency.shelter")
    return tuple(
        Fact(label, words("emergency.shelter_at", name=shelter.name, place=shelter.place))
        for shelter in notice.shelters
    )

"""避難しました: by card, so that nobody is sought who is safe. No second PIN: who is signed in enters by a pass."""

from __future__ import annotations

from backend_client import wire
from kiosk.desk import Back, Desk
from kiosk.flows.asking import ask, working
from kiosk.screens import Choice, Confirm, Detail, Fact, ItemList, Mark, Menu, Result, Row
from kiosk.words import Text, Words

SERVICE, MOUNT = "emergency", "/emergency"
ELSEWHERE = "elsewhere"
MOST = 8
"""As many as one menu has choices; the last stands for more."""
UNDO = "undo"

REMINDERS = {
    wire.Level.ELDERLY: "emergency.level_3",
    wire.Level.EVERYBODY: "emergency.level_4",
    wire.Level.SAVE_LIFE: "emergency.level_5",
}


async def evacuated(desk: Desk, person: wire.SignedIn) -> wire.SignedIn:
    """Returns when it was reported, or is as it was. Raises Back, StartAgain."""
    screen = working(desk, "evacuated.asking", "evacuated.asking")
    service = desk.backend.service(SERVICE, MOUNT)
    mine = await ask(desk, screen, lambda: service.get("/evacuations", wire.MyEvacuation))
    if mine.evacuation is not None and not await _anew(desk, mine.evacuation):
        return person
    notices = desk.evacuation_notices
    if not notices:  # all clear in the meantime
        raise Back
    report = await _report(desk, notices)
    done = await ask(desk, screen, lambda: service.post("/evacuations", report, wire.Evacuation))
    if await desk.show(_done(desk, done)) == UNDO:
        await _undo(desk)
    return person


async def _anew(desk: Desk, before: wire.Evacuation) -> bool:
    """What has been reported already; True when it is to be reported otherwise. Raises Back."""
    answer = await desk.show(_before(desk, before))
    if answer == UNDO:
        await _undo(desk)
    return answer == "anew"


async def _undo(desk: Desk) -> None:
    """まちがえました."""
    service = desk.backend.service(SERVICE, MOUNT)
    screen = working(desk, "evacuated.asking", "evacuated.asking")
    await ask(desk, screen, lambda: service.post("/evacuations/undo", None, type(None)))
    words = desk.words
    actions = (Choice("back", words("action.back")),)
    await desk.show(Result(name="evacuated.undone", title=words("evacuated.undone"), mark=Mark.GOOD, actions=actions))


async def _report(desk: Desk, notices: tuple[wire.EvacuationNotice, ...]) -> wire.EvacuationReport:
    """Where, how many, and a last look. もどる leads one question back. Raises Back."""
    while True:
        notice, shelter = await _where(desk, notices)
        while True:
            try:
                people = int(await desk.show(_how_many(desk)))
            except Back:
                break
            try:
                if await desk.show(_sure(desk, shelter, people)):
                    return wire.EvacuationReport(notice=notice.id, shelter=shelter.id if shelter else "", people=people)
            except Back:
                continue
            raise Back


async def _where(
    desk: Desk, notices: tuple[wire.EvacuationNotice, ...]
) -> tuple[wire.EvacuationNotice, wire.Shelter | None]:
    offers: dict[wire.Shelter, wire.EvacuationNotice] = {}
    for notice in notices:
        for shelter in notice.shelters:
            offers.setdefault(shelter, notice)  # one shelter may stand in several notices
    places = {f"{notices.index(notice)}.{s.id}": (notice, s) for s, notice in offers.items()}
    answer = await desk.show(_places(desk, notices[0], places))
    return places[answer] if answer in places else (notices[0], None)


def _places(
    desk: Desk, gravest: wire.EvacuationNotice, places: dict[str, tuple[wire.EvacuationNotice, wire.Shelter]]
) -> ItemList:
    words = desk.words
    rows = tuple(Row(key, shelter.name, below=shelter.place) for key, (_, shelter) in places.items())
    return ItemList(
        name="evacuated.where",
        title=words("evacuated.where"),
        rows=(*rows, Row(ELSEWHERE, words("evacuated.elsewhere"), below=words("evacuated.elsewhere_detail"))),
        corner=reminder(words, gravest),
    )


def _how_many(desk: Desk) -> Menu:
    words = desk.words
    choices = tuple(Choice(str(n), words("evacuated.people", count=n)) for n in range(1, MOST))
    choices += (Choice(str(MOST), words("evacuated.people_more", count=MOST)),)
    return Menu(name="evacuated.people", title=words("evacuated.how_many"), choices=choices, back=True)


def _sure(desk: Desk, shelter: wire.Shelter | None, people: int) -> Confirm:
    words = desk.words
    where = shelter.name if shelter else words("evacuated.elsewhere")
    return Confirm(
        name="evacuated.sure",
        title=words("evacuated.sure"),
        lines=words.lines("evacuated.sure_lines", where=where, people=_people(desk, people)),
        yes=words("evacuated.sure_yes"),
        no=words("evacuated.sure_no"),
    )


def _done(desk: Desk, done: wire.Evacuation) -> Result:
    words = desk.words
    return Result(
        name="evacuated.done",
        title=words("evacuated.done"),
        mark=Mark.GOOD,
        lines=words.lines("evacuated.done_lines"),
        facts=_facts(desk, done),
        actions=(Choice("back", words("action.back")), Choice(UNDO, words("evacuated.undo"))),
    )


def _before(desk: Desk, before: wire.Evacuation) -> Detail:
    words = desk.words
    return Detail(
        name="evacuated.before",
        title=words("evacuated.before"),
        facts=_facts(desk, before),
        actions=(
            Choice("back", words("action.back")),
            Choice("anew", words("evacuated.anew")),
            Choice(UNDO, words("evacuated.undo")),
        ),
    )


def _facts(desk: Desk, evacuation: wire.Evacuation) -> tuple[Fact, ...]:
    words = desk.words
    when = words.moment(evacuation.at, desk.now().tzinfo)
    return (
        Fact(words("evacuated.place"), evacuation.shelter or words("evacuated.elsewhere")),
        Fact(words("evacuated.how_many_short"), _people(desk, evacuation.people)),
        Fact(words("evacuated.when"), when),
    )


def _people(desk: Desk, people: int) -> Text:
    return desk.words("evacuated.people_more" if people >= MOST else "evacuated.people", count=people)


def reminder(words: Words, notice: wire.EvacuationNotice) -> Text:
    """A few words for the footer."""
    return words(REMINDERS[notice.level])

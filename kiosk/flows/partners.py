"""会社・お支払い: pay a bill, show a card, let a company see single things for a term, take it back."""

from __future__ import annotations

from contextlib import suppress

from backend_client import wire
from backend_client.errors import Refused
from backend_client.service import Service
from kiosk.desk import Back, Desk
from kiosk.flows.asking import ask, working
from kiosk.flows.bills import bills
from kiosk.flows.cards import cards
from kiosk.screens import Choice, Confirm, Consent, ConsentItem, Detail, Digits, Fact, ItemList, Mark, Menu, Result, Row
from kiosk.words import Private, Text

NUMBER_LENGTH = 6
CONNECT, CONNECTED, BILLS, CARDS = "connect", "connected", "bills", "cards"
READS, END = "reads", "end"


async def partners(desk: Desk, person: wire.SignedIn) -> wire.SignedIn:
    """Never returns by itself: raises Back when the person goes home, StartAgain."""
    while True:
        chosen = await desk.show(_menu(desk))
        with suppress(Back):
            await DOORS[chosen](desk)


def _service(desk: Desk) -> Service:
    return desk.backend.service("oauth", "/oauth")


# --- letting a company in


async def _connect(desk: Desk) -> None:
    """From the number on the company's page to the four digits that go back there. Raises Back, StartAgain."""
    asked = await _asked(desk)
    agreed = await desk.show(_consent(desk, asked))
    fields = tuple(field for field in asked.fields if field.value in agreed)
    if fields and not await desk.show(_sure(desk, asked, len(fields))):
        raise Back
    answer = wire.PartnerAnswer(number=asked.number, fields=fields)
    screen = working(desk, "partners.answering", "partners.answering")
    answered = await ask(desk, screen, lambda: _service(desk).post("/answers", answer, wire.PartnerAnswered))
    await desk.show(_check(desk, asked, answered.check) if fields else _refused(desk, asked))


async def _asked(desk: Desk) -> wire.PartnerRequest:
    """Until a number is typed that a page shows."""
    wrong = False
    while True:
        number = await desk.show(_number(desk, wrong=wrong))
        screen = working(desk, "partners.looking", "partners.looking")
        asked = await ask(desk, screen, lambda: _look(desk, number))  # noqa: B023 - awaited before it changes
        if asked is not None:
            return asked
        wrong = True


async def _look(desk: Desk, number: str) -> wire.PartnerRequest | None:
    """Who asks under a number; None when nobody does. Raises BackendError."""
    try:
        return await _service(desk).post("/numbers", wire.NumberTyped(number=number), wire.PartnerRequest)
    except Refused as exc:
        if exc.code != "not_found":
            raise
        return None


def _menu(desk: Desk) -> Menu:
    words = desk.words
    choices = (Choice(key, words(f"partners.{key}"), words(f"partners.{key}_detail")) for key in DOORS)
    return Menu(name="partners", title=words("partners.title"), choices=tuple(choices), back=True)


def _number(desk: Desk, *, wrong: bool) -> Digits:
    words = desk.words
    return Digits(
        name="partners.number",
        title=words("partners.number_title"),
        hint=words("partners.number_wrong" if wrong else "partners.number_hint"),
        length_min=NUMBER_LENGTH,
        length_max=NUMBER_LENGTH,
        pattern="### ###",
    )


def _consent(desk: Desk, asked: wire.PartnerRequest) -> Consent:
    words = desk.words
    until = words.full_day(asked.until.astimezone(desk.now().tzinfo))
    return Consent(
        name="partners.consent",
        title=words("partners.consent_title", partner=asked.partner),
        lead=words("partners.consent_lead", purpose=asked.purpose, until=until),
        items=tuple(ConsentItem(one.value, _field(desk, one), _detail_of(desk, one)) for one in asked.fields),
        yes=words("partners.yes"),
        no=words("partners.no"),
        all_of_them=words("partners.all_of_them"),
        only_chosen=words("partners.only_chosen"),
        none_of_them=words("partners.none_of_them"),
    )


def _sure(desk: Desk, asked: wire.PartnerRequest, count: int) -> Confirm:
    """Once more, with the one thing that a swindler would not say: whether the person began this alone."""
    words = desk.words
    until = words.full_day(asked.until.astimezone(desk.now().tzinfo))
    return Confirm(
        name="partners.sure",
        title=words("partners.sure_title", partner=asked.partner),
        lines=words.lines("partners.sure_lines", count=count, until=until),
        yes=words("partners.sure_yes"),
        no=words("partners.sure_no"),
        here_only=True,
    )


def _check(desk: Desk, asked: wire.PartnerRequest, check: str) -> Result:
    words = desk.words
    return Result(
        name="partners.check",
        title=words("partners.check_title", number=Private(check)),
        mark=Mark.GOOD,
        lines=words.lines("partners.check_lines", partner=asked.partner),
        actions=(Choice("done", words("partners.check_done")),),
    )


def _refused(desk: Desk, asked: wire.PartnerRequest) -> Result:
    words = desk.words
    return Result(
        name="partners.refused",
        title=words("partners.refused_title"),
        mark=Mark.GOOD,
        lines=words.lines("partners.refused_lines", partner=asked.partner),
        actions=(Choice("done", words("partners.refused_done")),),
    )


# --- those that are in


async def _look_through(desk: Desk) -> None:
    """Raises Back, StartAgain."""
    while True:
        screen = working(desk, "partners.loading", "partners.loading")
        listed = await ask(desk, screen, lambda: _service(desk).get("/consents", wire.PartnerConsents))
        by_id = {one.id: one for one in listed.consents}
        chosen = by_id[await desk.show(_list(desk, listed.consents))]
        with suppress(Back):
            await _about(desk, chosen)


async def _about(desk: Desk, consent: wire.PartnerConsent) -> None:
    """Returns when it was ended. Raises Back, StartAgain."""
    while (chosen := await desk.show(_detail(desk, consent))) != "back":
        with suppress(Back):
            if chosen == READS:
                await desk.show(_reads(desk, consent))
            elif await desk.show(_really_end(desk, consent)):
                return await _end(desk, consent)
    raise Back


async def _end(desk: Desk, consent: wire.PartnerConsent) -> None:
    end = wire.PartnerConsentEnd(id=consent.id)
    screen = working(desk, "partners.ending", "partners.ending")
    await ask(desk, screen, lambda: _service(desk).post("/consent-ends", end, wire.PartnerConsents))
    words = desk.words
    ended = Result(
        name="partners.ended",
        title=words("partners.ended_title"),
        mark=Mark.GOOD,
        lines=words.lines("partners.ended_lines", partner=consent.partner),
        actions=(Choice("done", words("partners.ended_done")),),
    )
    await desk.show(ended)


def _list(desk: Desk, consents: tuple[wire.PartnerConsent, ...]) -> ItemList:
    words = desk.words
    return ItemList(
        name="partners.list",
        title=words("partners.list_title"),
        rows=tuple(_row(desk, one) for one in consents),
        corner=words("partners.corner", count=len(consents)),
        empty=words("partners.empty"),
        preview_title=words("partners.preview"),
    )


def _row(desk: Desk, consent: wire.PartnerConsent) -> Row:
    until = desk.words.full_day(consent.until.astimezone(desk.now().tzinfo))
    return Row(
        key=consent.id,
        title=Private(consent.partner),
        below=desk.words("partners.until", until=until),
        facts=_facts(desk, consent),
        public=desk.words("partners.public"),
    )


def _facts(desk: Desk, consent: wire.PartnerConsent) -> tuple[Fact, ...]:
    words = desk.words
    given = words.full_day(consent.given_at.astimezone(desk.now().tzinfo))
    seen = (Fact(words("partners.field"), _field(desk, field)) for field in consent.fields)
    return (
        Fact(words("partners.why"), Private(consent.purpose)),
        Fact(words("partners.given"), given),
        *seen,
        Fact(words("partners.times"), words("partners.times_value", count=len(consent.reads))),
    )


def _detail(desk: Desk, consent: wire.PartnerConsent) -> Detail:
    words = desk.words
    until = words.full_day(consent.until.astimezone(desk.now().tzinfo))
    return Detail(
        name="partners.one",
        title=Private(consent.partner),
        subtitle=words("partners.until", until=until),
        facts=_facts(desk, consent),
        actions=(
            Choice("back", words("action.back")),
            Choice(READS, words("partners.reads")),
            Choice(END, words("partners.end")),
        ),
    )


def _reads(desk: Desk, consent: wire.PartnerConsent) -> Detail:
    """だれが見た, for this company."""
    words, zone = desk.words, desk.now().tzinfo
    return Detail(
        name="partners.reads",
        title=words("partners.reads_title", partner=Private(consent.partner)),
        facts=tuple(Fact(words.moment(read.at, zone), _field(desk, read.field)) for read in consent.reads),
        body="" if consent.reads else words("partners.reads_none"),
        actions=(Choice("back", words("action.back")),),
    )


def _really_end(desk: Desk, consent: wire.PartnerConsent) -> Confirm:
    words = desk.words
    return Confirm(
        name="partners.end",
        title=words("partners.end_title", partner=Private(consent.partner)),
        lines=words.lines("partners.end_lines"),
        yes=words("partners.end_yes"),
        no=words("partners.end_no"),
    )


def _field(desk: Desk, field: wire.PartnerField) -> Text:
    return desk.words(f"partners.{field.value}")


def _detail_of(desk: Desk, field: wire.PartnerField) -> Text:
    return desk.words(f"partners.{field.value}_detail")


DOORS = {BILLS: bills, CARDS: cards, CONNECT: _connect, CONNECTED: _look_through}
"""What the menu leads to, in its order."""

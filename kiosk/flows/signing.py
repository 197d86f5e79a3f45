"""電子のはんこ: one password, and the card signs each sheet for itself."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from functools import partial

from backend_client import wire
from backend_client.papers import make_pdf, sign_pdf
from drivers.card.algorithm import Algorithm, algorithm_of
from drivers.card.jpki import TRIES_MAX
from drivers.errors import Pin, PinBlocked, PinWrong
from kiosk import problems
from kiosk.desk import Back, Card, Desk
from kiosk.flows.asking import tell
from kiosk.problems import Entry, Situation
from kiosk.screens import Confirm, Mark, PasswordEntry, Working

PASSWORD = Pin.DIGITAL_SIGNATURE
WRONG, LAST, BLOCKED = Situation.PASSWORD_WRONG.value, Situation.PASSWORD_LAST.value, Situation.PASSWORD_BLOCKED.value


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """What is written on a paper: for people, and for machines."""

    title: str
    lines: tuple[tuple[str, str], ...]
    content: wire.PaperContent


async def sign(desk: Desk, sheets: tuple[Sheet, ...], steps: tuple[str, ...]) -> tuple[wire.SignedPaper, ...]:
    """Ask for the password until the card takes it, then sign every sheet. What will be signed was shown before.

    Raises Back, also when no try is left or the person keeps the last one.
    """
    return await desk.with_card(partial(_sign, desk, sheets, steps))


async def _sign(
    desk: Desk, sheets: tuple[Sheet, ...], steps: tuple[str, ...], card: Card
) -> tuple[wire.SignedPaper, ...]:
    await card.auth_certificate()  # the visit's own card, or CardGone: its holder has seen what is signed
    await _unlock(desk, steps, card)
    return await desk.during(_working(desk, "signing.signing"), _sign_all(desk, sheets, card))


async def _unlock(desk: Desk, steps: tuple[str, ...], card: Card) -> None:
    """One VERIFY for each entry that the person has confirmed. Raises Back."""
    tries = await card.tries_left(PASSWORD)
    while True:
        await _warn(desk, tries)
        try:
            with await desk.show(_entry(desk, steps, tries)) as password:
                return await desk.during(_working(desk, "signing.checking"), card.verify(PASSWORD, password))
        except PinWrong as wrong:
            tries = wrong.tries_left
            await tell(desk, WRONG, over=False, tries_left=tries)
        except PinBlocked:
            tries = 0


async def _warn(desk: Desk, tries: int) -> None:
    """Stop before an entry that cannot succeed, and ask before one that may be the last. Raises Back."""
    if tries == 0:
        await tell(desk, BLOCKED, over=False)
    if tries == 1 and not await desk.show(_last_try(desk, LAST)):
        raise Back


async def _sign_all(desk: Desk, sheets: tuple[Sheet, ...], card: Card) -> tuple[wire.SignedPaper, ...]:
    certificate, ca = await card.sign_certificate(), await card.sign_ca_certificate()
    algorithm = algorithm_of(certificate)
    return tuple([await _signed(desk, sheet, certificate, ca, algorithm, card) for sheet in sheets])


async def _signed(
    desk: Desk, sheet: Sheet, certificate: bytes, ca: bytes, algorithm: Algorithm, card: Card
) -> wire.SignedPaper:
    async def by_card(message: bytes) -> bytes:
        return await card.sign_document(message, algorithm)

    pdf = make_pdf(sheet.title, sheet.lines, sheet.content, desk.now())
    signed = await sign_pdf(pdf, certificate, ca, algorithm.value, by_card)
    return wire.SignedPaper(receiver=sheet.content.receiver, paper=b64encode(signed).decode())


# --- screens ----------------------------------------------------------------------------------------------------------


def _entry(desk: Desk, steps: tuple[str, ...], tries: int) -> PasswordEntry:
    words = desk.words
    return PasswordEntry(
        name="signing.password",
        title=words("signing.title"),
        steps=steps,
        step=2,
        hint=words("signing.hint"),
        tries_label=words("identity.tries_label"),
        tries_left=tries,
        tries_max=TRIES_MAX[PASSWORD],
        tries_text=words("identity.tries_text", tries=tries),
        note=words("signing.note"),
    )


def _last_try(desk: Desk, entry: Entry) -> Confirm:
    return Confirm(
        name=entry.section,
        title=problems.title(desk.words, entry),
        lines=problems.lines(desk.words, entry),
        yes=desk.words("E-04.yes"),
        no=desk.words("signing.keep"),
        mark=Mark.CARE,
        code=entry.code,
    )


def _working(desk: Desk, name: str) -> Working:
    """Without a way to stop: what the card has begun it ends."""
    return Working(name=name, title=desk.words(name), detail=desk.words("identity.keep_card"))

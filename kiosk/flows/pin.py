"""The four digits: asked on the screen, or on the reader's own keys where it has some, until the card takes them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from drivers.card.jpki import TRIES_MAX
from drivers.errors import EntryEnd, Pin, PinBlocked, PinNotEntered, PinWrong
from drivers.secret import Secret
from kiosk import problems
from kiosk.desk import Back, Card, Desk, VisitOver
from kiosk.flows.asking import tell
from kiosk.problems import Situation
from kiosk.screens import Confirm, Mark, PinEntry, PinOnReader, Working

PIN = Pin.USER_AUTHENTICATION


@dataclass(frozen=True, slots=True)
class Asking:
    """For whom the PIN is asked; the screens are `NAME.pin` and `NAME.checking`."""

    name: str
    steps: tuple[str, ...]
    step: int
    blocked: Callable[[Desk], Awaitable[None]] | None = None
    """Where there is another way than the PIN: tells what it is, and raises."""


async def unlock(desk: Desk, asking: Asking, card: Card, ready: Awaitable[object], tries: int) -> None:
    """Ask until the card takes it: one VERIFY for each entry the person has confirmed, and none before `ready`.

    Raises Back, or VisitOver when the person gives up or no try is left.
    """
    enter = _on_reader if card.reader_has_keys else _on_screen
    while True:
        await _warn(desk, asking, tries)
        try:
            return await enter(desk, asking, card, ready, tries)
        except PinWrong as wrong:
            tries = wrong.tries_left
            await _tell_wrong(desk, tries)
        except PinBlocked:
            tries = 0
        except PinNotEntered as none:
            if none.end is EntryEnd.CANCELLED:
                raise Back from none
            await tell(desk, problems.BY_ERROR[PinNotEntered], over=True)


async def _on_screen(desk: Desk, asking: Asking, card: Card, ready: Awaitable[object], tries: int) -> None:
    with await desk.show(_pin_entry(desk, asking, tries)) as pin:
        await desk.during(_checking(desk, asking), _verify(card, ready, pin))


async def _verify(card: Card, ready: Awaitable[object], pin: Secret) -> None:
    await ready
    await card.verify(PIN, pin)


async def _on_reader(desk: Desk, asking: Asking, card: Card, ready: Awaitable[object], tries: int) -> None:
    """Read first, then ask: the reader must be asking when the screen says so."""
    await ready
    await desk.during(_pin_on_reader(desk, asking, tries), card.verify_on_reader(PIN, desk.profile.pin_idle_s))


async def _warn(desk: Desk, asking: Asking, tries: int) -> None:
    """Stop before an entry that cannot succeed, and ask before one that may be the last. Raises VisitOver."""
    if tries == 0 and asking.blocked is not None:
        await asking.blocked(desk)
    elif tries == 0:
        await tell(desk, problems.BY_ERROR[PinBlocked], over=True)
    if tries == 1 and not await desk.show(_last_try(desk)):
        raise VisitOver


async def _tell_wrong(desk: Desk, tries: int) -> None:
    await tell(desk, problems.BY_ERROR[PinWrong], over=True, tries_left=tries)


def _last_try(desk: Desk) -> Confirm:
    entry = Situation.LAST_TRY.value
    return Confirm(
        name=entry.section,
        title=problems.title(desk.words, entry),
        lines=problems.lines(desk.words, entry),
        yes=desk.words(f"{entry.section}.yes"),
        no=desk.words(f"{entry.section}.no"),
        mark=Mark.CARE,
        code=entry.code,
    )


def _pin_entry(desk: Desk, asking: Asking, tries: int) -> PinEntry:
    words, pad = desk.words, desk.profile.pointer
    return PinEntry(
        name=f"{asking.name}.pin",
        title=words("identity.pin_title"),
        steps=asking.steps,
        step=asking.step,
        pin=PIN,
        hint=words("identity.pin_hint_pad" if pad else "identity.pin_hint_keys"),
        tries_label=words("identity.tries_label"),
        tries_left=tries,
        tries_max=TRIES_MAX[PIN],
        tries_text=words("identity.tries_text", tries=tries),
        note=words("identity.pin_note"),
        pad=pad,
    )


def _pin_on_reader(desk: Desk, asking: Asking, tries: int) -> PinOnReader:
    words = desk.words
    return PinOnReader(
        name=f"{asking.name}.pin",
        title=words("identity.reader_title"),
        steps=asking.steps,
        step=asking.step,
        pin=PIN,
        hints=words.lines("identity.reader_hints"),
        tries_label=words("identity.tries_label"),
        tries_left=tries,
        tries_max=TRIES_MAX[PIN],
        tries_text=words("identity.tries_text", tries=tries),
        note=words("identity.pin_note"),
    )


def _checking(desk: Desk, asking: Asking) -> Working:
    """Without a way to stop: a VERIFY that has begun may already have used its try."""
    words = desk.words
    return Working(name=f"{asking.name}.checking", title=words("identity.checking"), detail=words("identity.keep_card"))

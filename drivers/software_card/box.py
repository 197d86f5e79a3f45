"""A box of cards and two virtual slots to put them into."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from typing import Final

from drivers.software_card.card import SoftwareCard
from drivers.software_card.counters import counters_on_disk
from drivers.software_card.errors import (
    BehindPcscd,
    BrokenCard,
    InOtherSlot,
    NoCard,
    NoPower,
    NoSuchSlot,
    SessionOver,
)
from drivers.software_card.exchange import Exchange, Lost, Silent
from drivers.software_card.faults import Deed, Faults, NotOfACard, Rule
from drivers.software_card.folder import CardFolder, card_folders, existing_folder, open_card, read_profile
from drivers.software_card.links.vpcd import VpcdLink
from drivers.software_card.messages import CardLine
from drivers.software_card.timing import Timing
from drivers.software_card.trace import Totals

SLOTS: Final = 2
"""As many as Debian's vpcd offers."""


@dataclass(frozen=True, slots=True)
class Inserted:
    name: str
    card: SoftwareCard
    link: VpcdLink | None


@dataclass(frozen=True, slots=True)
class SlotEvent:
    """A card came or went."""

    here: bool
    reader: str


@dataclass(frozen=True, slots=True)
class Session:
    """One power-up of a card for direct use."""

    card: SoftwareCard
    over: asyncio.Event = field(default_factory=asyncio.Event)


Changes = asyncio.Queue[SlotEvent | None]
"""For the watcher's own use, None may stand for its end."""


class Box:
    """The cards of one data folder and the slots. With `vpcd` cards go behind pcscd, else direct sessions open them.

    Raises SoftwareCardError leaves.
    """

    def __init__(self, data: Path, vpcd: tuple[str, int] | None = None) -> None:
        """`vpcd` is host and port of slot 0; slot 1 is at the next port."""
        self._data = data
        self._vpcd = vpcd
        self._exchange = Exchange()
        self._slots: list[Inserted | None] = [None] * SLOTS
        self._last: SoftwareCard | None = None
        self._sessions: dict[int, Session] = {}
        self._session_numbers = count(1)
        self._watches: set[Changes] = set()
        self._moving = asyncio.Lock()

    # --- cards and slots

    def cards(self) -> list[CardLine]:
        return [self._line(folder) for folder in card_folders(self._data)]

    async def insert(self, name: str, slot: int = 0) -> None:
        """Put a card in; what is in the slot is taken out first. On an error everything stays as it was."""
        async with self._moving:
            self._check_slot(slot)
            if self._slot_of(name) not in (None, slot):
                raise InOtherSlot(name, 1 - slot)
            folder = existing_folder(self._data, name)
            open_card(folder)
            await self._take_out(slot)
            # Opened again: the same card may have used a try until it was out.
            await self._put_in(name, open_card(folder), slot)

    async def remove(self, slot: int = 0) -> None:
        """Take the card out, if there is one."""
        async with self._moving:
            self._check_slot(slot)
            await self._take_out(slot)

    async def close(self) -> None:
        """Take everything out."""
        for slot in range(SLOTS):
            await self.remove(slot)

    def totals(self) -> Totals:
        """Of the card that was inserted last, since then."""
        return self._last.trace.totals if self._last else Totals()

    def lines(self, last: int) -> list[str]:
        """The last commands of the card that was inserted last, one readable line each, oldest first."""
        entries = self._last.trace.entries if self._last else ()
        return [str(entry) for entry in islice(entries, max(0, len(entries) - last), None)]

    def held_s(self) -> float:
        """How long the card that was inserted last has been talked to since then, pauses included."""
        return self._last.trace.held_s if self._last else 0.0

    # --- what real cards do

    def set_faults(self, rules: Iterable[Rule]) -> None:
        """Let these rules hold from the next command on, which is number 0; none ends them. Raises NotOfACard."""
        rules = tuple(rules)
        for rule in rules:
            if rule.deed in (Deed.UNPLUG, Deed.STOP_SERVICE):
                raise NotOfACard(rule.deed)
        self._exchange.faults = Faults(rules)

    def set_timing(self, timing: Timing | None) -> None:
        """Take as long as a real card from the next command on, or, with None, no longer than the work needs."""
        self._exchange.timing = timing

    def _line(self, folder: CardFolder) -> CardLine:
        slot = self._slot_of(folder.name)
        profile = read_profile(folder)
        inserted = None if slot is None else self._slots[slot]
        try:
            counters = inserted.card.counters if inserted else counters_on_disk(folder.counters, profile.maximum_tries)
        except (OSError, ValueError) as exc:
            raise BrokenCard(folder.name, str(exc)) from exc
        return CardLine(name=folder.name, resident=profile.resident, tries=counters.all_left(), inserted=slot)

    async def _put_in(self, name: str, card: SoftwareCard, slot: int) -> None:
        link = self._link(card, slot)
        self._slots[slot] = Inserted(name, card, link)
        self._last = card
        self._tell(SlotEvent(True, _reader(slot)))
        if link is not None:
            await link.insert()

    def _link(self, card: SoftwareCard, slot: int) -> VpcdLink | None:
        if self._vpcd is None:
            return None
        host, port = self._vpcd
        return VpcdLink(card, host, port + slot, self._exchange, lambda: self._left(card))

    async def _take_out(self, slot: int) -> None:
        inserted = self._slots[slot]
        if inserted is None:
            return
        if inserted.link is not None:
            await inserted.link.remove()
        self._left(inserted.card)

    def _left(self, card: SoftwareCard) -> None:
        """Note that the card is out, whoever took it."""
        for slot, inserted in enumerate(self._slots):
            if inserted is not None and inserted.card is card:
                self._slots[slot] = None
                self._tell(SlotEvent(False, _reader(slot)))
        card.power_off()
        self._end_sessions(card)

    def _check_slot(self, slot: int) -> None:
        if slot not in range(SLOTS):
            raise NoSuchSlot(slot)

    def _slot_of(self, name: str) -> int | None:
        return next((n for n, inserted in enumerate(self._slots) if inserted and inserted.name == name), None)

    # --- direct use, without a card service

    def watch(self) -> tuple[dict[str, bool], Changes]:
        """Which reader has a card now, and a queue of every change from now on; `unwatch` it."""
        self._check_direct()
        changes: Changes = asyncio.Queue()
        self._watches.add(changes)
        return {_reader(slot): inserted is not None for slot, inserted in enumerate(self._slots)}, changes

    def unwatch(self, changes: Changes) -> None:
        self._watches.discard(changes)

    def power(self, reader: str) -> int:
        """Power the card afresh; return the session's number."""
        self._check_direct()
        slot = next((slot for slot in range(SLOTS) if _reader(slot) == reader), None)
        if slot is None:
            raise NoSuchSlot(reader)
        inserted = self._slots[slot]
        if inserted is None:
            raise NoCard
        self._end_sessions(inserted.card)
        inserted.card.power_on()
        session = next(self._session_numbers)
        self._sessions[session] = Session(inserted.card)
        return session

    async def transmit(self, session: int, command: bytes) -> bytes:
        """Raises SessionOver. A card that has become silent never answers: that ends with the session."""
        used = self._sessions.get(session)
        if used is None:
            raise SessionOver
        try:
            answer = await self._exchange.answer(used.card, command)
        except Lost:
            self._left(used.card)
        except (Silent, NoPower):
            await used.over.wait()
        if used.over.is_set():
            raise SessionOver
        return answer

    def unpower(self, session: int) -> None:
        ended = self._sessions.pop(session, None)
        if ended is not None:
            ended.over.set()
            ended.card.power_off()

    def _check_direct(self) -> None:
        if self._vpcd is not None:
            raise BehindPcscd

    def _end_sessions(self, card: SoftwareCard) -> None:
        for number, session in list(self._sessions.items()):
            if session.card is card:
                del self._sessions[number]
                session.over.set()

    def _tell(self, event: SlotEvent) -> None:
        for changes in self._watches:
            changes.put_nowait(event)


def _reader(slot: int) -> str:
    return f"Direct {slot}"

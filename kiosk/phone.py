"""The phone beside the screen, for one visit: the gate, the box, and what a phone's doings mean on the stage.

Imported after the first frame.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Never

from kiosk import phone_rules
from kiosk.desk import PhoneGone
from kiosk.race import first
from kiosk.screens import Detail, PhoneMark, Screen, Stage
from kiosk.words import Words
from stb_profile.keymap import Action
from stb_profile.phone import box as happened
from stb_profile.phone import handover
from stb_profile.phone.address import own_address
from stb_profile.phone.box import Box
from stb_profile.phone.gate_process import GateClosed, GateProcess
from stb_profile.phone.messages import Refused, Role, State, Taken, Why
from stb_profile.phone.orders import REPORT, Came, Door, Fetched, Heard, Keep, Went

TICK_S = 1.0


class Companion:
    """`kiosk.desk.Phone` for the flows, `kiosk.screens.Beside` for the stage."""

    def __init__(self, stage: Stage, words: Words, address: str = "") -> None:
        """`address` is the box's own in the home network; found when it is needed, without one."""
        self._stage, self._words, self._address = stage, words, address
        self._gate: GateProcess | None = None
        self._opened = asyncio.Event()
        self._arrival: asyncio.Future[str] | None = None
        self._fetched: dict[str, asyncio.Event] = {}
        self._box = Box(self, self._happened, asyncio.get_running_loop().time)
        self._screen: Screen[Any] | None = None
        self._number = 0
        self._near = False

    async def care(self) -> Never:
        """For as long as the visit lasts; ends with the gate closed and the phone sent away."""
        self._stage.beside = self
        try:
            while True:
                await self._opened.wait()
                assert self._gate is not None  # noqa: S101 - it is set before the event
                await self._attend(self._gate)
        finally:
            if self._gate is not None:
                await self._shut(self._gate)

    async def _attend(self, gate: GateProcess) -> None:
        """Until the gate is gone by itself."""
        try:
            await first(self._listen(gate), self._tick())
        finally:
            await self._shut(gate)

    async def _shut(self, gate: GateProcess) -> None:
        self._box.forget(Why.OVER)
        self._give_up()
        self._gate = None
        self._opened.clear()
        await gate.end()

    async def _listen(self, gate: GateProcess) -> None:
        async for report in gate.reports():
            self._reported(report)

    async def _tick(self) -> Never:
        while True:
            await asyncio.sleep(TICK_S)
            self._box.tick()

    def _reported(self, report: REPORT) -> None:
        match report:
            case Came(connection):
                self._box.came(connection)
            case Heard(connection, frame, sealed):
                self._box.heard(connection, sealed if sealed is not None else frame or "")
            case Went(connection):
                self._box.went(connection)
            case Fetched(name) if name in self._fetched:
                self._fetched[name].set()

    # --- the wire of the box ------------------------------------------------------------------------------------------

    def send(self, connection: int, frame: str | bytes) -> None:
        if self._gate is not None:
            self._gate.send(connection, frame)

    def close(self, connection: int) -> None:
        if self._gate is not None:
            self._gate.close(connection)

    # --- for the flows ------------------------------------------------------------------------------------------------

    @property
    def linked(self) -> bool:
        return self._box.linked

    @property
    def roles(self) -> frozenset[Role]:
        return self._box.roles

    async def open(self) -> None:
        """Make the box reachable for phones of the home. Raises NoHomeNetwork, PhoneGone."""
        if self._gate is not None:
            return
        try:
            self._gate = await GateProcess.start(self._address or own_address())
        except GateClosed as exc:
            raise PhoneGone from exc
        self._opened.set()

    @asynccontextmanager
    async def invited(self) -> AsyncIterator[str]:
        """The address for a QR, worth something within this block only. Raises PhoneGone."""
        gate = self._running()
        self._arrival = asyncio.get_running_loop().create_future()
        fragment = self._box.invite(gate.certificate)
        gate.obey(Door(True))
        try:
            yield f"{gate.address}/p#{fragment}"
        finally:
            self._arrival.cancel()
            gate.obey(Door(False))
            self._box.withdraw()

    async def arrival(self) -> str:
        """Within `invited`: the check number of the phone that read the QR. Raises PhoneGone."""
        assert self._arrival is not None  # noqa: S101 - within `invited`
        return await self._arrival

    def admit(self, roles: frozenset[Role]) -> None:
        """Let in the phone that arrived, or give it other roles; none send it away."""
        if roles:
            self._near = self._near and Role.PRIVATE in roles
            self._box.admit(roles)
        else:
            self.forget()

    def forget(self) -> None:
        """End the pairing."""
        self._box.forget(Why.OVER)

    @asynccontextmanager
    async def handed_over(self, text: str) -> AsyncIterator[tuple[str, asyncio.Event]]:
        """The address of a text for a QR, and when it was fetched. Nobody can fetch it after ten minutes, or twice."""
        gate = self._running()
        sealed = handover.seal(text)
        fetched = self._fetched[sealed.name] = asyncio.Event()
        gate.obey(Keep(sealed.name, sealed.sealed))
        try:
            yield gate.address + sealed.path, fetched
        finally:
            del self._fetched[sealed.name]

    def _running(self) -> GateProcess:
        if self._gate is None:
            raise PhoneGone
        return self._gate

    def _give_up(self) -> None:
        """Whoever waits for a phone waits in vain."""
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_exception(PhoneGone())

    # --- for the stage ------------------------------------------------------------------------------------------------

    def changed(self, screen: Screen[Any] | None) -> None:
        """Another screen is on top, or the same is shown anew."""
        self._screen = screen
        self._number += 1
        if screen is None:
            self._tell()

    def seen(self) -> None:
        """Not before: the pad for a PIN would come and go between two pages, and with it what was typed there."""
        self._tell()

    def veiled(self, screen: Screen[Any]) -> Screen[Any]:
        """What the television shows instead of a text that is read on the phone."""
        return self._without_text(screen, "phone.near") if self._near else screen

    def _without_text(self, screen: Screen[Any], instead: str) -> Screen[Any]:
        if not isinstance(screen, Detail):
            return screen
        title, lines = self._words("phone.near_title"), self._words.lines(instead)
        return replace(screen, title=title, subtitle="", facts=(), summary=lines, body="")

    def _tell(self) -> None:
        roles = self._box.roles
        self._box.say(
            State(
                screen=self._number,
                roles=sorted(roles, key=lambda role: role.value),
                here_only=phone_rules.answered_here_only(self._screen),
                ask=phone_rules.asked(self._screen, roles),
                near=self._near,
                page=phone_rules.page(self._screen) if self._near else None,
            )
        )

    def _mark(self) -> None:
        if not self._box.linked:
            self._stage.phone = PhoneMark.NONE
        else:
            self._stage.phone = PhoneMark.AWAKE if self._box.awake else PhoneMark.ASLEEP

    # --- what happened ------------------------------------------------------------------------------------------------

    def _happened(self, event: happened.Event) -> None:
        match event:
            case happened.Arrived(check):
                if self._arrival is not None and not self._arrival.done():
                    self._arrival.set_result(check)
            case happened.Spent():
                self._give_up()
            case happened.Pressed(action):
                self._press(action)
            case happened.Typed(number, typed):
                self._type(number, typed)
            case happened.Nearer(on):
                self._bring_near(on)
            case happened.Awake():
                self._mark()
                self._tell()
            case happened.Asleep():
                self._mark()
            case happened.Left():
                self._left()

    def _press(self, action: Action) -> None:
        why = phone_rules.refusal(self._screen, action, self._box.roles)
        if why is None:
            self._stage.act(action)
        else:
            self._box.say(Refused(why))

    def _type(self, number: int, typed: memoryview) -> None:
        """What was typed for a screen goes to that screen or nowhere, in the place of what stands there."""
        ask = phone_rules.asked(self._screen, self._box.roles)
        if ask is None or number != self._number or not phone_rules.fits(ask, typed):
            self._box.say(Refused(Why.ROLE))
            return
        self._stage.fill(typed)
        self._box.say(Taken())

    def _bring_near(self, on: bool) -> None:
        if Role.PRIVATE not in self._box.roles:
            self._box.say(Refused(Why.ROLE))
        elif on is not self._near:
            self._near = on
            self._stage.reshow()  # which tells the phone

    def _left(self) -> None:
        """What was read on the phone does not come up on the television behind its back."""
        self._give_up()
        self._mark()
        if self._near:
            self._near = False
            self._stage.reshow(lambda screen: self._without_text(screen, "phone.near_gone"))

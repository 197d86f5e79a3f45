"""Where symbols are presented: a wrong one is an alarm, never just a miss."""

from __future__ import annotations

import logging

from backend_stub.body import Call, Refusal
from backend_stub.gateway.log import Event, GatewayLog
from backend_stub.gateway.symbols import OldSymbol, PlanFile, SchemeRefused, Versions, WrongSymbol, from_hex

log = logging.getLogger(__name__)


class Checkpoint:
    """Checks that a symbol was issued to the machine that presents it. Symbols are hex here, as on the wire.

    A refusal takes the same way whatever is wrong: unknown, forged, another body's, or no symbol at all.
    """

    def __init__(self, symbols: Versions, plan: PlanFile, gateway_log: GatewayLog) -> None:
        self._symbols = symbols
        self._plan = plan
        self._log = gateway_log

    def issue(self, call: Call, person: bytes) -> str:
        """Make the caller's symbol for a person."""
        self._follow_plan(call)
        return self._symbols.issue(person, call.machine.id).hex()

    async def person(self, call: Call, symbol: str) -> bytes:
        """Find whom the caller means. Raises Refusal `symbol_invalid`, after the alarm is written, or `symbol_old`."""
        self._follow_plan(call)
        try:
            return self._symbols.verify(from_hex(symbol), call.machine.id)
        except (WrongSymbol, OldSymbol) as exc:
            raise await self._refused(call, exc) from exc

    async def convert(self, call: Call, symbol: str, to: str) -> tuple[bytes, bytes]:
        """Find whom the caller means, and what `to` calls that person. Raises as `person` does."""
        self._follow_plan(call)
        try:
            return self._symbols.convert(from_hex(symbol), call.machine.id, to)
        except (WrongSymbol, OldSymbol) as exc:
            raise await self._refused(call, exc) from exc

    async def convert_all(self, call: Call, symbols: list[str], to: str) -> list[tuple[bytes, bytes]]:
        """`convert` for a batch: all, or a refusal."""
        self._follow_plan(call)
        convert, machine = self._symbols.convert, call.machine.id
        try:
            return [convert(from_hex(symbol), machine, to) for symbol in symbols]
        except (WrongSymbol, OldSymbol) as exc:
            raise await self._refused(call, exc) from exc

    async def migrate(self, call: Call, symbol: str) -> str:
        """Give the caller the present symbol for one of its own, old or present. Raises Refusal `symbol_invalid`."""
        self._follow_plan(call)
        try:
            return self._symbols.migrate(from_hex(symbol), call.machine.id).hex()
        except WrongSymbol as exc:
            raise await self._refused(call, exc) from exc

    async def alarm(self, call: Call, event: Event, code: str) -> Refusal:
        """Write an alarm and give the refusal to raise."""
        await self._log.audit(call, event, detail=code)
        log.warning("alarm: %s by %s, trace %s", event.value, call.machine.id, call.trace_id)
        return Refusal(code)

    async def _refused(self, call: Call, exc: WrongSymbol | OldSymbol) -> Refusal:
        if isinstance(exc, WrongSymbol):
            return await self.alarm(call, Event.WRONG_SYMBOL, "symbol_invalid")
        await self._log.audit(call, Event.OLD_SYMBOL, detail="symbol_old")
        return Refusal("symbol_old")

    def _follow_plan(self, call: Call) -> None:
        plan = self._plan.news(call.now)
        if plan is None:
            return
        try:
            self._symbols.adopt(plan)
        except SchemeRefused as exc:
            log.error("the versions of symbols stay as they were: %s", exc)

"""Where symbols are presented: a wrong one is an alarm, never just a miss."""

from __future__ import annotations

import logging

from backend_stub.body import Call, Refusal
from backend_stub.gateway.log import Event, GatewayLog
from backend_stub.gateway.symbols import SymbolScheme, WrongSymbol, from_hex

log = logging.getLogger(__name__)


class Checkpoint:
    """Checks that a symbol was issued to the machine that presents it. Symbols are hex here, as on the wire."""

    def __init__(self, scheme: SymbolScheme, gateway_log: GatewayLog) -> None:
        self._scheme = scheme
        self._log = gateway_log

    def issue(self, person: bytes, body: str) -> str:
        return self._scheme.issue(person, body).hex()

    def person(self, call: Call, symbol: str) -> bytes:
        """Find whom the caller means. Raises Refusal `symbol_invalid`, after the alarm is written."""
        try:
            return self._scheme.verify(from_hex(symbol), call.machine.id)
        except WrongSymbol as exc:
            raise self.alarm(call, Event.WRONG_SYMBOL, "symbol_invalid") from exc

    def convert(self, call: Call, symbol: str, to: str) -> str:
        """Find what `to` calls whom the caller means. Raises Refusal `symbol_invalid`, after the alarm is written."""
        try:
            return self._scheme.convert(from_hex(symbol), call.machine.id, to).hex()
        except WrongSymbol as exc:
            raise self.alarm(call, Event.WRONG_SYMBOL, "symbol_invalid") from exc

    def alarm(self, call: Call, event: Event, code: str) -> Refusal:
        """Write an alarm and give the refusal to raise."""
        self._log.audit(call, event, detail=code)
        log.warning("alarm: %s by %s, trace %s", event.value, call.machine.id, call.trace_id)
        return Refusal(code)

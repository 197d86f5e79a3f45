"""What a facility asks without the card: a visit of today once more, a visit of an outage later. Both are recorded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from backend_client.wire import AskedAgain, Eligibility, LaterConfirmation
from backend_stub.body import Call, Endpoint, Refusal
from backend_stub.medical.book import Book
from backend_stub.medical.clocks import day_of
from backend_stub.medical.facilities import FACILITY
from backend_stub.medical.history import History
from backend_stub.medical.receptions import Reception, Receptions
from backend_stub.medical.standing import Standing
from backend_stub.medical.ways import Way

SymbolOf = Callable[[str, Call], Awaitable[str]]
"""A certificate's serial -> the holder's symbol. Raises Refusal."""


class Questions:
    """Endpoints for machines of facilities. All raise Refusal."""

    def __init__(
        self, book: Book, receptions: Receptions, history: History, standing: Standing, symbol_of: SymbolOf
    ) -> None:
        self._book = book
        self._receptions = receptions
        self._history = history
        self._standing = standing
        self._symbol_of = symbol_of

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint("POST", "/questions-again", self.again, AskedAgain, Eligibility, FACILITY),
            Endpoint("POST", "/later-confirmations", self.later, LaterConfirmation, Eligibility, FACILITY),
        )

    async def again(self, call: Call, request: AskedAgain) -> Eligibility:
        """Say how it stands now with whom this facility received today.

        Refuses: not_found, and not_possible when it was another day: then the card has to be asked.
        """
        number = int(request.visit.reception_number)
        symbol = self._book.received(call.machine.name, request.visit.day, number)
        if symbol is None:
            raise Refusal("not_found")
        if request.visit.day != day_of(call.now):
            raise Refusal("not_possible")
        self._history.asked_again(symbol, call.machine.name, call.now)
        return self._standing.of(symbol, call.machine.name, number, call.now)

    async def later(self, call: Call, request: LaterConfirmation) -> Eligibility:
        """Confirm a visit of an outage by its certificate; once, however often the answer is lost on its way.

        Refuses: not_possible for a day that is still to come, and what the authority says of the certificate.
        """
        if request.day > day_of(call.now):
            raise Refusal("not_possible")
        symbol = await self._symbol_of(request.certificate_serial, call)
        facility, day = call.machine.name, day_of(call.now)
        number = await self._receptions.receive(
            Reception(facility, symbol, day, call.now, way=Way.LATER, reference=request.confirmation)
        )
        return self._standing.of(symbol, facility, number, call.now)

"""What the practice's computer asks about those who came today with their card.

Never by number to the medical body: eligibility goes by the card (decision 0024), so who has not come is not known.
"""

from __future__ import annotations

from datetime import datetime

from kiosk.handover.brought import brought
from kiosk.handover.exchange import Unanswered
from kiosk.handover.shapes import Message
from kiosk.reception.reception import Reception
from kiosk.reception.visit import Visit

ONE = "OQSsiquc01req_"


class Today:
    """`kiosk.handover.exchange.Insurance` of the visits in the list."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception

    async def answer(self, begin: str, message: Message) -> Message:
        """Raises Unanswered."""
        if begin != ONE:
            raise Unanswered("MDG010", "only single requests are answered here")
        (asked,) = message.bodies
        for visit in self._reception.visits:
            if visit.answer is not None and _same(visit, asked):
                paper = visit.paper.value if visit.paper else ""
                found = brought(visit.answer, message.header["facility"], paper, _noon(message.header["day"]))
                return Message({}, found.bodies)
        raise Unanswered("MDG011", "nobody of these items has come with a card today")


def _same(visit: Visit, asked: object) -> bool:
    insurance = visit.answer.insurance if visit.answer else None
    if insurance is None or not isinstance(asked, dict):
        return False
    items = {
        "insurer": insurance.insurer_number.strip(),
        "number": insurance.insured_identification_number,
        "birth": f"{insurance.birth_date:%Y%m%d}",
    }
    return all(str(asked.get(item, "")).strip() == value for item, value in items.items())


def _noon(day: str) -> datetime:
    return datetime.strptime(day + "12+0900", "%Y%m%d%H%z")

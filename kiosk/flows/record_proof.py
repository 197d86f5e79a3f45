"""たしかめる: a record is checked on this kiosk, shown as one sign with words, and handed over with its proof."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import msgspec

from backend_client import wire
from kiosk.desk import Back, Desk
from kiosk.flows.asking import ask, working
from kiosk.flows.taking_home import Goods, take_home
from kiosk.record_check import ends, holds
from kiosk.screens import Choice, Fact, Mark, Result

HAND = "hand"


@dataclass(frozen=True, slots=True)
class Checked:
    record: wire.ProvenRecord
    holds: bool


async def check_record(desk: Desk, number: str) -> None:
    """Returns when the person has read what came out. Raises Back, StartAgain."""
    checked = await ask(
        desk, working(desk, "record_proof.checking", "record_proof.checking"), partial(_check, desk, number)
    )
    while await desk.show(_result(desk, number, checked)) == HAND:
        file = msgspec.json.format(msgspec.json.encode(checked.record), indent=1)
        with suppress(Back):
            await take_home(desk, Goods(text=file.decode(), file=(f"{number}.json", file)))


async def _check(desk: Desk, number: str) -> Checked:
    record = await desk.backend.prove_record(number)
    witnessed = await desk.backend.witnessed_head()
    old, new = (head.size for head in ends(record, witnessed))
    same = wire.Consistency(old=old, new=new, path=())
    growth = same if old == new else await desk.backend.growth(old, new)
    return Checked(record, holds(record, number, witnessed, growth))


def _result(desk: Desk, number: str, checked: Checked) -> Result:
    words = desk.words
    way = "good" if checked.holds else "bad"
    return Result(
        name=f"record_proof.{way}",
        title=words(f"record_proof.{way}_title"),
        mark=Mark.GOOD if checked.holds else Mark.BAD,
        lines=words.lines(f"record_proof.{way}_lines"),
        facts=(Fact(words("access_log.number"), number),),
        actions=(Choice("back", words("action.back")), Choice(HAND, words("record_proof.hand"))),
    )

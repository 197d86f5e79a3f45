"""What holders have about the person, in plain Python: some of it here, some not, some not told."""

from __future__ import annotations

import asyncio
from datetime import date

from backend_client import wire
from backend_client.errors import Refused
from backend_client.own_information import OwnInformation


def holder(law: str, kind: str, who: str, easy: str = "", english: str = "") -> wire.OwnHolder:
    return wire.OwnHolder(law=law, holder=who, kind=kind, kind_easy=easy, kind_english=english)


HOLDERS = (
    holder("own-address", "住民の情報", "みどり市 市民課", "住所や 名前の 情報", "resident register"),
    holder("own-income", "所得の額の情報", "みどり税務署", "1年に もらった お金の 情報", "income"),
    holder("own-insurance", "国民健康保険の資格の情報", "みほん国民健康保険組合", "健康保険の 情報", "insurance"),
    holder("own-child", "児童手当の情報", "みどり市 子育て支援課", "児童手当の 情報", "child allowance"),
    holder("own-pension", "年金の情報", "みほん年金機構", "年金の 情報", "pension"),
    holder("own-care", "介護の情報", "みどり市 介護保険課", "介護の 情報", "care"),
)  # fmt: skip
PENSION = {"基礎年金番号": "9900-000001", "年金の種類": "老齢", "1年の額": "1,740,000円", "納めた月数": "480"}
CARE = {"要介護度": "要介護2", "認定の期限": "2028-03-31"}


class FakeOwn:
    """By law: what there is, None for no automatic answer, nothing for nothing. `slow_s` holds up some answers."""

    def __init__(self) -> None:
        self.holders = HOLDERS
        self.held: dict[str, dict[str, str] | None] = {"own-address": None, "own-pension": PENSION, "own-care": CARE}
        self.slow_s: dict[str, float] = {}

    async def answer(self, law: str) -> OwnInformation:
        """A new copy each time: whoever got it before has the only one."""
        await asyncio.sleep(self.slow_s.get(law, 0.0))
        if law not in self.held:
            raise Refused("no_data", law, "trace-8")
        payload = self.held[law]
        if payload is None:
            return OwnInformation(wire.Outcome.NO_AUTOMATIC_ANSWER, None, {})
        return OwnInformation(wire.Outcome.PROVIDED, date(2026, 10, 15), dict(payload))

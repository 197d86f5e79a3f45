"""The medical body as a service of My Portal: what facilities did for the person."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from backend_client import wire
from backend_client.errors import BackendError

LOOK = wire.RecordSentence(
    record=wire.Record(
        transaction_number="L-17",
        at=datetime(2026, 11, 19, 9, 5, tzinfo=timezone(timedelta(hours=9))),
        basis="健康保険法 第3条第13項（電子資格確認）、本人の同意",
        requester="みほん病院",
        provider="オンライン資格確認",
        kind="くすり・診療・健診",
        purpose="受診のため",
    ),
    sentence="みほん病院 が、くすり・診療・健診の情報をたずねました。見せていません。",
    reason="受診のため",
    easy="みほん病院が くすりと 病気と 健診の 情報を 聞きました。見せて いません。 病院に かかる ためです。",
    english="みほん病院 asked for: medicines, treatment, check-ups. It was not shown. Purpose: medical treatment.",
)


class FakeMedical:
    """Answers with `told`, or raises `fault`."""

    def __init__(self) -> None:
        self.told: tuple[wire.RecordSentence, ...] = ()
        self.fault: BackendError | None = None

    async def get(self, path: str, kind: type[wire.RecordList]) -> wire.RecordList:
        assert path == "/records"
        if self.fault is not None:
            raise self.fault
        return kind(records=self.told)

"""What facilities did, told to the person as the portal tells its records: Japanese, easy Japanese and English."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec

from backend_client.wire import Record, RecordList, RecordSentence
from backend_stub.medical.history import Deed

SENTENCES = Path(__file__).with_name("sentences.toml")


class _Language(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    between: str
    """Stands between two kinds."""
    kinds: dict[str, str]
    sentences: dict[str, str]
    about: dict[str, str]
    """What a deed was about, where no kinds say it."""
    provider: str
    reason: str
    basis: str

    def kinds_of(self, deed: Deed) -> str:
        if not deed.kinds:
            return self.about[deed.what.value]
        return self.between.join(self.kinds[kind.value] for kind in deed.kinds)

    def sentence(self, deed: Deed) -> str:
        return self.sentences[deed.what.value].format(facility=deed.facility, kinds=self.kinds_of(deed))


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    japanese: _Language
    easy: _Language
    english: _Language


def tell(deeds: Iterable[Deed]) -> RecordList:
    """In the order given."""
    return RecordList(records=tuple(map(_tell, deeds)))


@cache
def _words() -> _File:
    return msgspec.toml.decode(SENTENCES.read_bytes(), type=_File)


def _tell(deed: Deed) -> RecordSentence:
    words = _words()
    plain = words.japanese
    record = Record(
        transaction_number=deed.number,
        at=deed.at,
        basis=plain.basis,
        requester=deed.facility,
        provider=plain.provider,
        kind=plain.kinds_of(deed),
        purpose=plain.reason,
    )
    return RecordSentence(
        record=record,
        sentence=plain.sentence(deed),
        reason=plain.reason,
        easy=f"{words.easy.sentence(deed)} {words.easy.reason}",
        english=f"{words.english.sentence(deed)} {words.english.reason}",
    )

"""Records of exchanges as sentences, in Japanese, easy Japanese and English."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from backend_client.wire import GatewayRecords, Outcome, Record, RecordList, RecordSentence

SENTENCES = Path(__file__).with_name("sentences.toml")
PORTAL = "portal"


class _Language(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    provided: str
    no_automatic_answer: str
    asked: str
    reason: str
    disaster: str
    own: str = ""
    own_no_answer: str = ""
    own_reason: str = ""

    def sentence(self, record: Record, words: dict[str, str]) -> str:
        own = _is_own(record)
        provided = (own and self.own) or self.provided
        no_answer = (own and self.own_no_answer) or self.no_automatic_answer
        known = {Outcome.PROVIDED.value: provided, Outcome.NO_AUTOMATIC_ANSWER.value: no_answer}
        sentence = known.get(record.outcome, self.asked).format_map(words)
        return f"{sentence} {self.disaster}" if record.mark else sentence

    def why(self, record: Record, words: dict[str, str]) -> str:
        return ((_is_own(record) and self.own_reason) or self.reason).format_map(words)


class _Version(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    since: datetime
    japanese: _Language
    easy: _Language
    english: _Language


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: tuple[_Version, ...]


class Sentences:
    """Templates by version. A record is told in the words that were in force when it was made."""

    def __init__(self, path: Path = SENTENCES) -> None:
        versions = msgspec.toml.decode(path.read_bytes(), type=_File).version
        self._newest_first = sorted(versions, key=lambda version: version.since, reverse=True)

    def tell(self, records: GatewayRecords) -> RecordList:
        """Newest record first."""
        newest_first = sorted(records.records, key=lambda record: record.at, reverse=True)
        return RecordList(records=tuple(self._tell(record) for record in newest_first))

    def _tell(self, record: Record) -> RecordSentence:
        version = next((v for v in self._newest_first if v.since <= record.at), self._newest_first[-1])
        return RecordSentence(
            record=record,
            sentence=version.japanese.sentence(record, _words(record)),
            reason=version.japanese.why(record, _words(record)),
            easy=_together(version.easy, record, "_easy"),
            english=_together(version.english, record, "_english"),
        )


def _together(language: _Language, record: Record, ending: str) -> str:
    words = _words(record, ending)
    return f"{language.sentence(record, words)} {language.why(record, words)}"


def _is_own(record: Record) -> bool:
    """Whether the person asked, by the portal."""
    return record.words is not None and record.words.requester == PORTAL


def _words(record: Record, ending: str = "") -> dict[str, str]:
    """The record's words for people; in another language where the law table had them."""
    plain = {name: getattr(record, name) for name in ("requester", "provider", "kind", "purpose", "basis")}
    if not ending:
        return plain
    return {name: getattr(record.words, name + ending, "") or words for name, words in plain.items()}

"""Records of exchanges as sentences."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from backend_client.wire import GatewayRecords, Record, RecordList, RecordSentence

SENTENCES = Path(__file__).with_name("sentences.toml")


class _Version(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    since: datetime
    sentence: str
    reason: str


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
        return RecordList(records=tuple(self._sentence(record) for record in newest_first))

    def _sentence(self, record: Record) -> RecordSentence:
        version = next((v for v in self._newest_first if v.since <= record.at), self._newest_first[-1])
        words = msgspec.structs.asdict(record)
        return RecordSentence(
            record=record, sentence=version.sentence.format_map(words), reason=version.reason.format_map(words)
        )

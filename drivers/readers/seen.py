"""What has been told of readers and cards so far, and from it the events that are due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from drivers.errors import ServiceCause
from drivers.readers import CardAway, CardHere, ReaderAway, ReaderEvent, ReaderHere, ServiceAway, ServiceHere


class Seen:
    """Turns what a look at the readers shows into events: every change once, away before here, readers before cards.

    An insertion is any number that differs from one card's stay in the reader to the next; None is an empty reader.
    """

    def __init__(self) -> None:
        self._insertions: dict[str, int | None] = {}
        self._service: ServiceCause | bool | None = None

    def service_here(self) -> Iterator[ReaderEvent]:
        if self._service is not True:
            self._service = True
            yield ServiceHere()

    def service_away(self, cause: ServiceCause) -> Iterator[ReaderEvent]:
        """Take every reader away, then the service; again only for another cause."""
        yield from self.readers({})
        if self._service is not cause:
            self._service = cause
            yield ServiceAway(cause)

    def readers(self, insertions: Mapping[str, int | None]) -> Iterator[ReaderEvent]:
        """The events between the last look and this one, at `insertions` by reader."""
        for reader in [reader for reader in self._insertions if reader not in insertions]:
            yield from self._card(reader, None)
            del self._insertions[reader]
            yield ReaderAway(reader)
        for reader in insertions:
            if reader not in self._insertions:
                self._insertions[reader] = None
                yield ReaderHere(reader)
        for reader, insertion in insertions.items():
            yield from self._card(reader, insertion)

    def _card(self, reader: str, insertion: int | None) -> Iterator[ReaderEvent]:
        """The events of one reader that is here."""
        before, self._insertions[reader] = self._insertions[reader], insertion
        if before != insertion:
            if before is not None:
                yield CardAway(reader)
            if insertion is not None:
                yield CardHere(reader)

"""Every wording of a law tuple that was ever in force: old records keep the words they were made under."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import Engine, insert, select

from backend_client.wire import LawWords, Leaf, canonical, edition
from backend_stub.gateway.log.tables import WORDS


class WordsBook:
    """Wordings by edition. Rows of the log name them by a small number."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._words: dict[str, LawWords] = {}
        self._ids: dict[str, int | None] = {"": None}
        self._editions: dict[int | None, str] = {None: ""}
        with engine.connect() as connection:
            for row in connection.execute(select(WORDS)):
                self._keep(row.id, row.edition, msgspec.json.decode(row.words, type=LawWords))

    def learn(self, wordings: Iterable[LawWords]) -> None:
        """Keep those that are new. Raises sqlalchemy.exc.DBAPIError."""
        new = {edition(words): words for words in wordings}
        new = {name: words for name, words in new.items() if name not in self._words}
        numbered = list(enumerate(new.items(), len(self._words) + 1))
        rows = [{"id": i, "edition": name, "words": canonical(words).decode()} for i, (name, words) in numbered]
        if rows:
            with self._engine.begin() as connection:
                connection.execute(insert(WORDS), rows)
        for i, (name, words) in numbered:
            self._keep(i, name, words)

    def words(self, name: str) -> LawWords:
        """Give the wording of an edition that was learnt."""
        return self._words[name]

    def named_in(self, leaves: Iterable[Leaf]) -> tuple[LawWords, ...]:
        """Give every wording that `leaves` name, once."""
        return tuple(self._words[name] for name in sorted({leaf.edition for leaf in leaves} - {""}))

    def id_of(self, name: str) -> int | None:
        """Raises ValueError for an edition that was never learnt."""
        try:
            return self._ids[name]
        except KeyError as exc:
            raise ValueError("an edition the log has not learnt") from exc

    def ids_of(self, requester: str) -> list[int | None]:
        """Every wording under which one requester asked."""
        return [self._ids[name] for name, words in self._words.items() if words.requester == requester]

    def edition_of(self, number: int | None) -> str:
        return self._editions[number]

    def _keep(self, number: int, name: str, words: LawWords) -> None:
        self._words[name], self._ids[name], self._editions[number] = words, number, name

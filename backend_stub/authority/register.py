"""The resident register as far as the authority uses it: finding a person, and naming one without saying who it is."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from hmac import digest
from secrets import randbelow, token_bytes
from typing import Final

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Engine, Row

from backend_client.wire import FourItems
from backend_stub.authority.folding import EDITION, folded
from backend_stub.authority.tables import resident_codes
from backend_stub.authority.tables import residents as table
from backend_stub.body import Refusal
from backend_stub.people import Resident, load_municipalities
from backend_stub.people.codes import new_resident_code

_NONCE: Final = 12


class _Known(msgspec.Struct, frozen=True, array_like=True):
    """What is kept, sealed, of one person."""

    name: str
    alias: str
    kana: str
    birth_date: date
    sex: str
    address: str
    municipality_code: str


class Register:
    """The residents, each with a code drawn at registration. `residents` are those there from the start."""

    def __init__(self, engine: Engine, residents: tuple[Resident, ...], key: bytes, pseudonym_key: bytes) -> None:
        self._from_the_start = {resident.id: resident for resident in residents}
        self._municipalities = {one.code: one for one in load_municipalities()}
        self._municipalities |= {resident.municipality.code: resident.municipality for resident in residents}
        self._sealing = AESGCM(digest(key, b"register rows", sha256))
        self._matching = digest(key, b"matching", sha256)
        self._handles = digest(key, b"handles", sha256)
        self._pseudonym_key = pseudonym_key
        with engine.begin() as connection:
            there = set(connection.execute(table.select().with_only_columns(table.c.resident_id)).scalars())
            self._enter(connection, [resident for resident in residents if resident.id not in there])
            self._fold_again(connection)

    def resident(self, connection: Connection, resident_id: str) -> Resident:
        """As registered now. Raises Refusal: not_found, for somebody unknown, dead or gone."""
        row = connection.execute(table.select().where(table.c.resident_id == resident_id)).first()
        if row is None or row.ended:
            raise Refusal("not_found")
        return self._resident(row)

    def is_registered(self, connection: Connection, resident_id: str) -> bool:
        one = (table.c.resident_id == resident_id) & (table.c.ended == "")
        return connection.execute(table.select().where(one)).first() is not None

    def match(self, connection: Connection, items: FourItems) -> Resident:
        """The one person with these items, however they are written. Raises Refusal: no_match; never guesses."""
        one = (table.c.match_key == self._match_key(items)) & (table.c.ended == "")
        rows = connection.execute(table.select().where(one)).all()
        if len(rows) != 1:
            raise Refusal("no_match")
        return self._resident(rows[0])

    def add(self, connection: Connection, resident: Resident) -> None:
        """Enter somebody new and draw a resident code. Raises Refusal: not_possible, for a reference that is taken."""
        one = table.c.resident_id == resident.id
        if connection.execute(table.select().where(one)).first() is not None:
            raise Refusal("not_possible")
        self._enter(connection, [resident])

    def change(self, connection: Connection, resident: Resident) -> None:
        """Put a person's new items in the place of the old ones, which are kept nowhere."""
        values = self._row(resident)
        connection.execute(table.update().where(table.c.resident_id == values.pop("resident_id")).values(**values))

    def end(self, connection: Connection, resident_id: str, why: str) -> None:
        connection.execute(table.update().where(table.c.resident_id == resident_id).values(ended=why))

    def pseudonym(self, connection: Connection, resident_id: str) -> str:
        """The person towards the gateway: Base64 of 12 bytes, always the same, of no use without the key."""
        code = self._code(connection, resident_id)
        return b64encode(digest(self._pseudonym_key, code.encode(), sha256)[:12]).decode()

    def handle(self, connection: Connection, resident_id: str, machine: str) -> str:
        """The person towards one machine, which no other machine's handle can be compared with."""
        code = self._code(connection, resident_id)
        return digest(self._handles, f"{machine} {code}".encode(), sha256)[:16].hex()

    def _code(self, connection: Connection, resident_id: str) -> str:
        row = connection.execute(resident_codes.select().where(resident_codes.c.resident_id == resident_id)).first()
        if row is None:
            raise Refusal("not_found")
        return str(row.code)

    def _enter(self, connection: Connection, new: list[Resident]) -> None:
        if not new:
            return
        connection.execute(table.insert(), [self._row(resident) for resident in new])
        rows = connection.execute(resident_codes.select()).all()
        taken, have = {row.code[:10] for row in rows}, {row.resident_id for row in rows}
        codes = [{"resident_id": one.id, "code": _new_code(taken)} for one in new if one.id not in have]
        if codes:
            connection.execute(resident_codes.insert(), codes)

    def _fold_again(self, connection: Connection) -> None:
        """What was folded by another edition of the table of variants."""
        for row in connection.execute(table.select().where(table.c.folded_by != EDITION)).all():
            values = {"match_key": self._match_key(self._resident(row).items), "folded_by": EDITION}
            connection.execute(table.update().where(table.c.resident_id == row.resident_id).values(**values))

    def _row(self, resident: Resident) -> dict[str, str | bytes]:
        fields = ("name", "alias", "kana", "birth_date", "sex", "address", "municipality_code")
        known = msgspec.msgpack.encode(_Known(*(getattr(resident, field) for field in fields)))
        nonce = token_bytes(_NONCE)
        return {
            "resident_id": resident.id,
            "sealed": nonce + self._sealing.encrypt(nonce, known, resident.id.encode()),
            "match_key": self._match_key(resident.items),
            "folded_by": EDITION,
        }

    def _resident(self, row: Row[tuple[object, ...]]) -> Resident:
        resident_id, sealed = str(row.resident_id), bytes(row.sealed)
        opened = self._sealing.decrypt(sealed[:_NONCE], sealed[_NONCE:], resident_id.encode())
        known = msgspec.msgpack.decode(opened, type=_Known)
        base = self._from_the_start.get(resident_id) or newcomer(resident_id)
        return replace(
            base,
            name=known.name,
            alias=known.alias,
            kana=known.kana,
            birth_date=known.birth_date,
            sex=known.sex,
            address=known.address,
            municipality=self._municipalities[known.municipality_code],
        )

    def _match_key(self, items: FourItems) -> bytes:
        return digest(self._matching, folded(items), sha256)


def newcomer(resident_id: str) -> Resident:
    """Somebody of whom nothing is known yet: no flaw, nothing agreed on in advance."""
    blank = load_municipalities()[0]
    return Resident(resident_id, "", "", date.min, "0", "", blank, None, False, (), "", False)


def _new_code(taken: set[str]) -> str:
    """A code whose first ten digits nobody has: the check digit tells nobody apart, and the number hangs on the ten."""
    code = new_resident_code(randbelow)
    while code[:10] in taken:
        code = new_resident_code(randbelow)
    taken.add(code[:10])
    return code


def changed_items(before: FourItems, after: FourItems) -> Iterable[str]:
    """The names of the items that differ, exactly as written."""
    return (field for field in FourItems.__struct_fields__ if getattr(before, field) != getattr(after, field))

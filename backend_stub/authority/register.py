"""The resident register as far as the authority uses it: finding a person, and naming one without saying who it is."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from hmac import digest
from secrets import randbelow
from unicodedata import normalize

from sqlalchemy import Connection, Engine

from backend_client.wire import FourItems
from backend_stub.authority.tables import resident_codes
from backend_stub.body import Refusal
from backend_stub.people import Resident
from backend_stub.people.codes import new_resident_code


class Register:
    """The residents, each with a code drawn at the first start."""

    def __init__(self, engine: Engine, residents: tuple[Resident, ...], pseudonym_key: bytes) -> None:
        self._residents = {resident.id: resident for resident in residents}
        self._pseudonym_key = pseudonym_key
        self._draw_codes(engine)

    def resident(self, resident_id: str) -> Resident:
        """Raises Refusal: not_found, for somebody who has left the register."""
        try:
            return self._residents[resident_id]
        except KeyError as exc:
            raise Refusal("not_found") from exc

    def match(self, items: FourItems) -> Resident:
        """The one person with these items; spaces and character widths do not matter. Raises Refusal: no_match."""
        wanted = _comparable(items)
        found = [resident for resident in self._residents.values() if _comparable(resident.items) == wanted]
        if len(found) != 1:
            raise Refusal("no_match")
        return found[0]

    def pseudonym(self, connection: Connection, resident_id: str) -> str:
        """The person towards the gateway: Base64 of 12 bytes, always the same, of no use without the key."""
        row = connection.execute(resident_codes.select().where(resident_codes.c.resident_id == resident_id)).first()
        if row is None:
            raise Refusal("not_found")
        return b64encode(digest(self._pseudonym_key, row.code.encode(), sha256)[:12]).decode()

    def _draw_codes(self, engine: Engine) -> None:
        with engine.begin() as connection:
            rows = connection.execute(resident_codes.select()).all()
            have, taken = {row.resident_id for row in rows}, {row.code for row in rows}
            for resident_id in self._residents.keys() - have:
                code = _new_code(taken)
                connection.execute(resident_codes.insert().values(resident_id=resident_id, code=code))


def _new_code(taken: set[str]) -> str:
    code = new_resident_code(randbelow)
    while code in taken:
        code = new_resident_code(randbelow)
    taken.add(code)
    return code


def _comparable(items: FourItems) -> tuple[str, str, str, str]:
    return _plain(items.name), _plain(items.address), items.birth_date.isoformat(), items.sex


def _plain(text: str) -> str:
    return "".join(normalize("NFKC", text).split())

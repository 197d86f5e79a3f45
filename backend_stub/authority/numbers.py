"""The Individual Number: 個人番号. Made here, kept nowhere, shown to nobody but in a sealed letter.

A number is the permutation, under the authority's key, of ten digits of the resident code and one that counts the
person's numbers. So two numbers are never the same and none is ever given twice, without a list to look in; nothing
leads back to the code without the key; and a copy of the database holds no number. docs/decisions/0011.
"""

from __future__ import annotations

from sqlalchemy import Connection

from backend_stub.authority.ff1 import Ff1
from backend_stub.authority.tables import resident_codes
from backend_stub.body import Refusal
from backend_stub.people.codes import individual_check_digit

MOST_EDITIONS = 10


class Numbers:
    """The one generator."""

    def __init__(self, key: bytes) -> None:
        self._permutation = Ff1(key, 11)

    def of(self, connection: Connection, resident_id: str) -> str:
        """The person's number, twelve digits. Never put it into a log, a URL or an exception.

        Raises Refusal: not_found.
        """
        row = connection.execute(resident_codes.select().where(resident_codes.c.resident_id == resident_id)).first()
        if row is None:
            raise Refusal("not_found")
        return self._number(row.code, row.number_edition)

    def change(self, connection: Connection, resident_id: str) -> None:
        """Give the person another number in place of one that has leaked. Raises Refusal: not_found, not_possible."""
        one = resident_codes.c.resident_id == resident_id
        row = connection.execute(resident_codes.select().where(one)).first()
        if row is None:
            raise Refusal("not_found")
        if row.number_edition + 1 == MOST_EDITIONS:
            raise Refusal("not_possible")
        connection.execute(resident_codes.update().where(one).values(number_edition=row.number_edition + 1))

    def _number(self, code: str, edition: int) -> str:
        digits = self._permutation.encrypt(f"{code[:10]}{edition}")
        return f"{digits}{individual_check_digit(digits)}"

"""住基AP: a key id and the PIN of the resident register. Source: card reference, section 3.4.

The 住民票コード lies behind further authentication that is not public: no method reads it.
"""

from __future__ import annotations

from typing import ClassVar

from drivers.card.application import CHANGE_KEY, SHORT_EF, CardApplication
from drivers.card.certificate_cv import KeyId
from drivers.errors import Pin

_KEY_ID = 0x02


class Juki(CardApplication):
    """The resident application, selected on one connection."""

    AID = bytes.fromhex("D3921000310001010401")
    PIN_FILE: ClassVar = {Pin.REGISTER: SHORT_EF | 0x1C}
    CHANGE = CHANGE_KEY

    async def key_id(self) -> KeyId:
        """Read the record of EF 0002 (no PIN)."""
        return KeyId(await self._record("key id", _KEY_ID, 1))

"""Status words the chip answers with. Source: card reference, sections 4 and 11; names as in ISO/IEC 7816-4."""

from __future__ import annotations

from typing import Final

OK: Final = 0x9000
TRIES_LEFT: Final = 0x63C0
"""Plus the tries left: 63C0 is blocked."""
MEMORY_FAILURE: Final = 0x6581
NO_SESSION_KEY_HERE: Final = 0x66F1
WRONG_LENGTH: Final = 0x6700
NOT_SECURED: Final = 0x6882
WRONG_FILE_KIND: Final = 0x6981
NOT_VERIFIED: Final = 0x6982
BLOCKED: Final = 0x6984
CONDITIONS_NOT_MET: Final = 0x6985
NO_CURRENT_FILE: Final = 0x6986
SECURED_OBJECTS_MISSING: Final = 0x6987
SECURED_OBJECTS_WRONG: Final = 0x6988
NO_SESSION: Final = 0x69FC
WRONG_DATA: Final = 0x6A80
NOT_FOUND: Final = 0x6A82
NO_SUCH_RECORD: Final = 0x6A83
WRONG_P1P2: Final = 0x6A86
NO_SUCH_OBJECT: Final = 0x6A88
OFFSET_PAST_END: Final = 0x6B00
UNKNOWN_INS: Final = 0x6D00
UNKNOWN_CLA: Final = 0x6E00
NO_PRECISE_REASON: Final = 0x6F00


class Refusal(Exception):
    """The chip answers with this status word and no data."""

    def __init__(self, sw: int) -> None:
        super().__init__(f"{sw:04X}")
        self.sw = sw

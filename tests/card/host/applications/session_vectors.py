"""Secure messaging byte by byte. Source: card reference, section 4, and docs/decisions/0010.

The cryptograms were worked out with `openssl enc -aes-128-cbc -nopad`, by neither side of this program.
"""

from __future__ import annotations

SEED = bytes(range(32))
KEY = bytes(range(16))

IVS = {
    1: "7346139595c0b41e497bbde365f42d0a",
    2: "49d68753999ba68ce3897a686081b09d",
    3: "b9ad2b2e346ac238505d365e9cb7fc56",
    4: "3063b6df0a2cdbb0851251d2c669d1bf",
}

NUMBER_FILE = bytes.fromhex("FF100C") + b"999999990018" + b"\xff\xff"

VERIFY_A = "08200094138611018DC534C7605D7496C6FC9AFFAF01E3E5"
"""1: VERIFY of 999999990018 as match number A."""
SELECT_NUMBER = "08A4020C1386110146D4CAAC313B21DA35E3FE7C435C3150"
"""2: SELECT of EF 0001."""
READ_17 = "08B0000000000596030000110000"
"""3: READ BINARY of 17 bytes from the start."""
ANSWER_17 = "8621013743F7A393F54B2C348022003A6F85DBA696477ACA2095D6F7A74355501A7796"
ANSWER_16 = "862101C5E881681F6C2C8B232325C8ADE17F8EBC5E755DD45D68CDB3DAA63306392F1F"
"""To a fourth command, for the first 16 bytes: whole blocks grow by one."""

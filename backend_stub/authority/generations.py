"""The generations of the authority's CAs, as data: docs/decisions/0009-generations-as-data.md.

All CAs of a kind have one name; key identifiers tell them apart. The real ones: 1 until 2025, 2 until 2029, 3 until
2033, all RSA. The first has ended, and with it every certificate it signed, so there is none here; the fourth is ours,
for the coming card. Source: card reference, sections 6.1 and 9.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from backend_stub.verification.schemes import ES384, RS256, Scheme

_YEAR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Generation:
    """What the CAs of one generation, and the certificates they sign, have in common."""

    number: int
    scheme: Scheme
    past: timedelta
    """How long a CA has been there when it is made: so it can have issued what is expired today."""
    future: timedelta
    years: int
    """A holder's certificate ends with this birthday from now."""

    @property
    def suffix(self) -> str:
        """Of its files. The one in use has none: folders made before there were several hold it so."""
        return "" if self is CURRENT else f"-{self.number}"


OLD: Final = Generation(2, RS256, past=7 * _YEAR, future=6 * _YEAR, years=5)
CURRENT: Final = Generation(3, RS256, past=6 * _YEAR, future=10 * _YEAR, years=5)
P384: Final = Generation(4, ES384, past=6 * _YEAR, future=20 * _YEAR, years=10)
"""Ten years is announced for the coming card's certificates; the CA's own term is ours, long enough for them."""

GENERATIONS: Final = (OLD, CURRENT, P384)

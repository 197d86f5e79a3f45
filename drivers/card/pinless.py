"""かざし利用: the card held over a reader, no PIN. Says which card it is and that it is no copy; not who holds it.

Two applications in turn: the authentication certificate, and the face application's key. What binds the two is an
earlier sign-in with the PIN, which whoever uses this has kept. Source: card reference, section 8.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from drivers.card.certificate_cv import Anchors
from drivers.card.jpki import Jpki
from drivers.card.visual import Visual
from drivers.errors import Pin
from drivers.readers import CardConnection
from drivers.secret import Secret


@dataclass(frozen=True, slots=True)
class HeldCard:
    """What was shown: an authentication certificate (DER, still to be asked about) and a key that is on this card."""

    auth_certificate: bytes
    birth_date: date
    card_key: RSAPublicKey


async def hold_over(connection: CardConnection, birth_date_key: Secret, nonce: bytes, anchors: Anchors) -> HeldCard:
    """Read the certificate, then have the face application sign `nonce`. Leaves the face application selected.

    Raises NotOurCard, PinWrong and PinBlocked for the birth-date key, NotGenuine for a record or a key that does not
    hold, and what every application's methods raise.
    """
    certificate = await (await Jpki.select(connection)).auth_certificate()
    visual = await Visual.select(connection)
    issuer = await visual.issuer(anchors)
    await visual.verify(Pin.BIRTH_DATE, birth_date_key)
    record = await visual.age_record()
    record.check(issuer)
    await visual.authenticate(nonce, record.card_key)
    return HeldCard(certificate, record.birth_date, record.card_key)

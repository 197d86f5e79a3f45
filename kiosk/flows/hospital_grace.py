"""The card's certificate has expired: for some time the card still works for insurance, and for nothing else.

Nothing is asked about health information then, for none is given. Whether the certificate is within its grace period
says the medical body; here only the dates are looked at. Source: ux reference, section 4.1.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from cryptography import x509

from kiosk.desk import Back, Card, Desk
from kiosk.screens import Choice, Mark, Result


async def has_expired(desk: Desk) -> bool:
    """Read the certificate, which is public, and compare its dates with today. Raises Back."""
    certificate = x509.load_der_x509_certificate(await desk.with_card(_read))
    return certificate.not_valid_after_utc < desk.now()


async def tell_grace(desk: Desk, until: str, steps: tuple[str, ...]) -> None:
    """Say until when the card works for insurance, where to renew it, and what it does not do. 戻る leads on."""
    words = desk.words
    day = words.full_day(date.fromisoformat(until))
    screen = Result(
        name="hospital.grace",
        title=words("hospital.grace_title"),
        steps=steps,
        step=3,
        mark=Mark.CARE,
        lines=words.lines("hospital.grace_lines", until=day),
        actions=(Choice("next", words("hospital.next")),),
    )
    with suppress(Back):
        await desk.show(screen)


async def _read(card: Card) -> bytes:
    return await card.auth_certificate()

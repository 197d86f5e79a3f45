"""Making the certificates of residents: names, serial numbers and terms."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from secrets import choice, randbelow
from string import ascii_uppercase

from cryptography import x509

from backend_stub.authority.keys import Ca
from backend_stub.authority.profile import holder_extensions, subject
from backend_stub.people import Flaw, Resident
from backend_stub.verification.schemes import PublicKey

JST = timezone(timedelta(hours=9))
YEAR = timedelta(days=365)


def new_certificate(resident: Resident, key: PublicKey, ca: Ca, now: datetime) -> x509.Certificate:
    """Make and sign a certificate of the CA's kind for a resident's key, with the resident's flaw if any."""
    begins, ends = term(resident, now, ca.generation.years)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject(ca.kind, _opaque_name(resident), resident.municipality))
        .issuer_name(ca.certificate.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )
    for extension, critical in holder_extensions(ca.kind, resident, key, ca.certificate):
        builder = builder.add_extension(extension, critical)
    return builder.sign(ca.key, ca.generation.scheme.digest)


def term(resident: Resident, now: datetime, years: int) -> tuple[datetime, datetime]:
    """From now to the end of the birthday `years` from now; otherwise for a resident whose flaw is the term."""
    if resident.flaw is Flaw.EXPIRED:
        return now - 5 * YEAR, now - timedelta(days=1)
    begins = now + YEAR if resident.flaw is Flaw.NOT_YET else now
    return begins, birthday_ends(resident.birth_date, begins, years)


def birthday_ends(birth_date: date, now: datetime, years: int) -> datetime:
    """The last second, in Japan, of the birthday `years` after today, the fifth or, coming, the tenth.

    Source: card reference, sections 6.2 and 9.
    """
    today = now.astimezone(JST).date()
    year = today.year + (years - 1 if _birthday(birth_date, today.year) > today else years)
    day = _birthday(birth_date, year)
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=JST).astimezone(UTC)


def _birthday(birth_date: date, year: int) -> date:
    leap_day = (birth_date.month, birth_date.day) == (2, 29)
    return date(year, 2, 28) if leap_day else birth_date.replace(year=year)


def _opaque_name(resident: Resident) -> str:
    """23 characters of the real shape, e.g. 0A1B2C3DQWERTY99001001A; random but for the municipality."""
    letters = "".join(choice(ascii_uppercase) for _ in range(6))
    return f"{randbelow(1 << 32):08X}{letters}{resident.municipality_code[:5]}{randbelow(1000):03d}A"

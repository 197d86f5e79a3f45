"""公的個人認証AP (JPKI): two certificates, two keys, two secrets. Source: card reference, section 3.1."""

from __future__ import annotations

from dataclasses import dataclass, field
from struct import pack

from drivers.software_card.files import (
    CHANGE_REFERENCE_DATA,
    Application,
    DataFile,
    File,
    KeyFile,
    PinFile,
    PrivateKey,
    TrustFile,
    by_fid,
)
from drivers.software_card.status import NOT_VERIFIED

AID = bytes.fromhex("D392F000260100000001")

SIGN_CERTIFICATE = 0x0001
SIGN_CA_CERTIFICATE = 0x0002
TOKEN_INFO = 0x0006
AVAILABILITY = 0x0008
AUTH_CERTIFICATE = 0x000A
AUTH_CA_CERTIFICATE = 0x000B
TERMINAL_CA = 0x0016
AUTH_KEY = 0x0017
AUTH_PIN = 0x0018
SIGN_KEY = 0x001A
SIGN_PASSWORD = 0x001B

PRESENT, ABSENT = 0x8F, 0x00
CARD_LABEL = "JPKIAPICCTOKEN2"


@dataclass(frozen=True, slots=True)
class Credential:
    """One key with its certificate and the secret that opens it."""

    key: PrivateKey = field(repr=False)
    certificate: bytes
    """DER."""
    ca_certificate: bytes
    """DER."""
    secret: bytes = field(repr=False)


def jpki(
    auth: Credential, sign: Credential | None, terminals: TrustFile | None = None, label: str = CARD_LABEL
) -> Application:
    """Lay out the application; without `sign` it is a child's, which has no signature certificate.

    `label` is of EF 0006. `terminals` is EF 0016; a terminal whose certificate it vouches for opens the authentication
    key without the PIN.
    """
    files: list[File] = [
        DataFile(TOKEN_INFO, token_info(label)),
        DataFile(AVAILABILITY, bytes([PRESENT if sign else ABSENT, PRESENT, ABSENT])),
        DataFile(AUTH_CERTIFICATE, auth.certificate),
        DataFile(AUTH_CA_CERTIFICATE, auth.ca_certificate),
        KeyFile(AUTH_KEY, auth.key, opened_by=(AUTH_PIN, TERMINAL_CA)),
        PinFile(AUTH_PIN, "auth", auth.secret),
        # Without a signature certificate the password is there and blocked: OpenSC binds only if both are.
        PinFile(SIGN_PASSWORD, "sign", sign.secret if sign else b""),
    ]
    if sign:
        files += [
            DataFile(SIGN_CERTIFICATE, sign.certificate, opened_by=(SIGN_PASSWORD,)),
            DataFile(SIGN_CA_CERTIFICATE, sign.ca_certificate),
            KeyFile(SIGN_KEY, sign.key, opened_by=(SIGN_PASSWORD,)),
        ]
    if terminals:
        files.append(terminals)
    return Application(AID, by_fid(*files), change=CHANGE_REFERENCE_DATA, delivery=NOT_VERIFIED)


def token_info(label: str = CARD_LABEL) -> bytes:
    """EF 0006, 160 bytes: PKCS #11's CK_TOKEN_INFO with big-endian ulongs.

    The label is the real card's, since clients tell card from phone by it; maker, model and serial are this one's own.
    """
    texts = ((label, 32), ("JPKI-EMU", 32), ("SOFTWARE CARD", 16), ("9000000000000000", 16))
    names = b"".join(text.encode("ascii").ljust(width, b" ") for text, width in texts)
    flags, sessions, pin_lengths, memory = 0x0000040D, (1, 0, 1, 0), (16, 6), (0xFFFFFFFF,) * 4
    return names + pack(">11I", flags, *sessions, *pin_lengths, *memory) + b"03" + b"01" + b"9" * 16

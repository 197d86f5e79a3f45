"""COMPUTE DIGITAL SIGNATURE and INTERNAL AUTHENTICATE. Source: card reference, section 4."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import NoDigestInfo, Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, Hash

from drivers.software_card import status
from drivers.software_card.command import Command
from drivers.software_card.files import KeyFile, KeyUse
from drivers.software_card.selection import Selection
from drivers.software_card.status import Refusal

_RSA_SIGNATURE: Final = 256
_P384_NUMBER: Final = 48
_P384_ANSWERS: Final = (256, 2 * _P384_NUMBER)
"""Le 00, as for RSA, or exactly what comes."""

_PADDED: Final = range(1, 246)
"""What PKCS #1 v1.5 padding leaves of 256 bytes."""
_MESSAGE: Final = range(1, 256)
"""Digested by the card: as much as a short command carries."""
_SHA256_DIGEST: Final = (32,)
_SHA384_DIGEST: Final = (48,)

_PSS: Final = PSS(MGF1(SHA256()), salt_length=PSS.DIGEST_LENGTH)
"""A salt as long as the digest, and SHA-256 in MGF1 as well, are inferred: the common profile of RSA-PSS."""

RsaForm = tuple[Container[int], Callable[[RSAPrivateKey, bytes], bytes]]


def _sha256(message: bytes) -> bytes:
    digest = Hash(SHA256())
    digest.update(message)
    return digest.finalize()


RSA_FORMS: Final[dict[int, RsaForm]] = {
    0x00: (_PADDED, lambda key, given: key.sign(given, PKCS1v15(), NoDigestInfo())),
    0x01: (_MESSAGE, lambda key, given: key.sign(_sha256(given), PKCS1v15(), NoDigestInfo())),
    0x02: (_SHA256_DIGEST, lambda key, given: key.sign(given, PKCS1v15(), Prehashed(SHA256()))),
    0x03: (_MESSAGE, lambda key, given: key.sign(given, PKCS1v15(), SHA256())),
    0x04: (_SHA256_DIGEST, lambda key, given: key.sign(given, _PSS, Prehashed(SHA256()))),
    0x05: (_MESSAGE, lambda key, given: key.sign(given, _PSS, SHA256())),
}
"""By P1: the lengths of data it takes, and what it makes of them. For 00 what is in them is the host's business."""


def compute_signature(selection: Selection, command: Command) -> bytes:
    """With the key that P2 names: 256 bytes, or 96 of a P-384 key."""
    own_key = selection.application.own_key
    key = own_key if command.p2 == 0 and own_key else selection.addressed(command.p2)
    if not isinstance(key, KeyFile) or key.use is not KeyUse.SIGNATURE:
        raise Refusal(status.WRONG_FILE_KIND)
    if isinstance(key.key, EllipticCurvePrivateKey):
        return _p384_signature(selection, command, key, key.key)
    if command.p1 not in RSA_FORMS:
        raise Refusal(status.WRONG_P1P2)
    lengths, sign = RSA_FORMS[command.p1]
    selection.security.need(key.opened_by)
    if len(command.data) not in lengths or command.le != _RSA_SIGNATURE:
        raise Refusal(status.WRONG_LENGTH)
    return sign(key.key, command.data)


def _p384_signature(selection: Selection, command: Command, file: KeyFile, key: EllipticCurvePrivateKey) -> bytes:
    """SIMULATION of the coming card, whose commands are not published: docs/decisions/0009. Takes a SHA-384 digest."""
    if command.p1 != 0:
        raise Refusal(status.WRONG_P1P2)
    selection.security.need(file.opened_by)
    if len(command.data) not in _SHA384_DIGEST or command.le not in _P384_ANSWERS:
        raise Refusal(status.WRONG_LENGTH)
    r, s = decode_dss_signature(key.sign(command.data, ECDSA(Prehashed(SHA384()))))
    return r.to_bytes(_P384_NUMBER) + s.to_bytes(_P384_NUMBER)


def internal_authenticate(selection: Selection, command: Command) -> bytes:
    """sha256WithRSA over the challenge. Keys that sign are measured to answer 6985 here."""
    if command.p1 != 0:
        raise Refusal(status.WRONG_P1P2)
    key = selection.addressed(command.p2)
    if not isinstance(key, KeyFile) or key.use is not KeyUse.INTERNAL_AUTHENTICATE:
        raise Refusal(status.CONDITIONS_NOT_MET)
    if not isinstance(key.key, RSAPrivateKey):
        raise Refusal(status.CONDITIONS_NOT_MET)
    selection.security.need(key.opened_by)
    if not command.data or command.le != _RSA_SIGNATURE:
        raise Refusal(status.WRONG_LENGTH)
    return key.key.sign(command.data, PKCS1v15(), SHA256())

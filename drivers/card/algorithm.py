"""By what a card's JPKI keys sign: the one place that knows, and it asks the certificate.

RS256 is every card in use. ES384 is announced for the next generation; how a card will be asked for it is not
published, so the command's form is a SIMULATION: docs/decisions/0009-generations-as-data.md.
Source: card reference, sections 4 and 9.
"""

from __future__ import annotations

import hashlib
from enum import Enum

from drivers import tlv
from drivers.errors import BadAnswer

_SEQUENCE, _INTEGER, _BIT_STRING, _VERSION = 0x30, 0x02, 0x03, 0xA0
_RSA = bytes.fromhex("06092A864886F70D0101010500")
_P384 = bytes.fromhex("06072A8648CE3D020106052B81040022")
"""A key's algorithm as a certificate names it: object identifier and parameters. Source: RFC 3279, RFC 5480."""
_RSA_MODULUS = 257
"""Bytes of a modulus of 2048 bits, with the zero that keeps it positive."""
_P384_POINT = 98
"""Bytes of an uncompressed point, with the count of unused bits before it."""
_DIGEST_INFO_SHA256 = bytes.fromhex("3031300D060960864801650304020105000420")


class Algorithm(Enum):
    """The value is the name in tokens (RFC 7518, section 3)."""

    RS256 = "RS256"
    ES384 = "ES384"

    @property
    def signature_size(self) -> int:
        """Bytes: of RSA-2048, or of r and s one after the other."""
        return 256 if self is Algorithm.RS256 else 96

    def to_sign(self, message: bytes) -> bytes:
        """What the card is given of a message: a DigestInfo with SHA-256, or the bare SHA-384 digest."""
        if self is Algorithm.RS256:
            return _DIGEST_INFO_SHA256 + hashlib.sha256(message).digest()
        return hashlib.sha384(message).digest()


def algorithm_of(certificate: bytes) -> Algorithm:
    """By which the key of a certificate (DER) signs. Raises BadAnswer where it is no key of a known card.

    Read by hand: a library for the whole of X.509 costs a kiosk 9 MB, and whether to trust the certificate is not
    decided here.
    """
    try:
        kind, key = tlv.values(_public_key_info(certificate), _SEQUENCE, _BIT_STRING)
        if kind.value == _RSA and _modulus(key.value) == _RSA_MODULUS:
            return Algorithm.RS256
    except BadAnswer as exc:
        raise BadAnswer("no certificate") from exc
    if kind.value == _P384 and len(key.value) == _P384_POINT:
        return Algorithm.ES384
    raise BadAnswer("a certificate whose key no card has")


def _public_key_info(certificate: bytes) -> bytes:
    """Version, serial number, algorithm, issuer, term, subject; then the key. Source: RFC 5280, section 4.1."""
    whole = _only(certificate, _SEQUENCE)
    signed, _ = tlv.split(whole)
    fields = list(tlv.parse(signed.value))
    if fields and fields[0].tag == _VERSION:
        del fields[0]
    if len(fields) < 6 or fields[0].tag != _INTEGER or fields[5].tag != _SEQUENCE:
        raise BadAnswer("fields of another order")
    return fields[5].value


def _modulus(key: bytes) -> int:
    """The size in bytes of an RSA key's modulus."""
    return len(tlv.values(_only(key[1:], _SEQUENCE), _INTEGER, _INTEGER)[0].value)


def _only(data: bytes, tag: int) -> bytes:
    """The value of the one object in `data`. Raises BadAnswer."""
    (only,) = tlv.values(data, tag)
    return only.value

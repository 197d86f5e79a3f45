"""Card-verifiable certificates (7F21): whose key vouches for whose. Source: card reference, section 3.6."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

from drivers import tlv
from drivers.errors import BadAnswer, NotGenuine

TAG = 0x7F21
_BODY, _SIGNATURE = 0x5F4E, 0x5F37
_EXPONENT, _MODULUS = 0x90, 0x91
_KEY_ID = 16
_KEY_BITS = 2048

Anchors = Mapping[bytes, RSAPublicKey]
"""The authorities a host trusts, by key id of 16 bytes. The card is never asked for these."""


@dataclass(frozen=True, slots=True)
class KeyId:
    """16 bytes: 7 digits, 08 05, 3 digits, 4 bytes. The first digit tells the hierarchy: 5 real, 6 test, 9 this one."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != _KEY_ID:
            raise BadAnswer(f"key id of {len(self.raw)} bytes")

    @property
    def authority(self) -> str:
        return self.raw[:7].decode("ascii", "replace")

    def __str__(self) -> str:
        return f"{self.authority}-{self.raw[9:12].decode('ascii', 'replace')}-{self.raw[12:].hex()}"


@dataclass(frozen=True, slots=True)
class CvCertificate:
    """That the holder of `issuer` says whose key `key` is."""

    issuer: KeyId
    subject: KeyId
    key: RSAPublicKey
    signed: bytes
    signature: bytes

    def checked(self, anchors: Anchors) -> RSAPublicKey:
        """The certified key, once a trusted authority's signature is found good. Raises NotGenuine."""
        anchor = anchors.get(self.issuer.raw)
        if anchor is None:
            raise NotGenuine(f"nobody here knows the authority {self.issuer}")
        check_signature("certificate", anchor, self.signature, self.signed)
        return self.key


def parse_certificate(encoded: bytes) -> CvCertificate:
    """Read one 7F21 and nothing else. Raises BadAnswer."""
    (outer,) = tlv.values(encoded, TAG)
    body, signature = (part.value for part in tlv.values(outer.value, _BODY, _SIGNATURE))
    issuer, subject = KeyId(body[:_KEY_ID]), KeyId(body[_KEY_ID : 2 * _KEY_ID])
    return CvCertificate(issuer, subject, parse_key(body[2 * _KEY_ID :]), body, signature)


def parse_key(encoded: bytes) -> RSAPublicKey:
    """Read `90 exponent, 91 modulus` of RSA-2048, as it stands in certificates and records. Raises BadAnswer."""
    exponent, modulus = (int.from_bytes(part.value) for part in tlv.values(encoded, _EXPONENT, _MODULUS))
    if modulus.bit_length() != _KEY_BITS:
        raise BadAnswer(f"modulus of {modulus.bit_length()} bits")
    if not modulus % 2:
        raise BadAnswer("an even modulus")  # the library takes it for a key, and fails when it is to encrypt
    try:
        return RSAPublicNumbers(exponent, modulus).public_key()
    except ValueError as exc:
        raise BadAnswer("no RSA key") from exc


def check_signature(what: str, key: RSAPublicKey, signature: bytes, signed: bytes) -> None:
    """sha256WithRSA, PKCS #1 v1.5. Raises NotGenuine."""
    try:
        key.verify(signature, signed, PKCS1v15(), SHA256())
    except InvalidSignature as exc:
        raise NotGenuine(what) from exc

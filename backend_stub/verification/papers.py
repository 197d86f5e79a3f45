"""Checking a signed paper: one PAdES signature over the whole PDF, by a 署名用 certificate that stands now.

Two opinions must agree: pyHanko's on the document and its CMS, and this package's own on certificate and revocation.
Source: ETSI EN 319 102-1 for a signature without a time-stamp; RFC 5280; RFC 6960.
"""

from __future__ import annotations

import logging
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from backend_client.wire import PaperContent
from backend_stub.body import Refusal
from backend_stub.peers import Peers
from backend_stub.verification.certificate import check_certificate, parse
from backend_stub.verification.ocsp import check_status
from backend_stub.verification.policies import ARC, DIGITAL_SIGNATURE

if TYPE_CHECKING:
    from pyhanko.sign.validation import EmbeddedPdfSignature

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
"""It would write down whose certificate it doubts; what it thinks comes back as a status."""

PADES = "/ETSI.CAdES.detached"
NAME, ADDRESS = x509.ObjectIdentifier(f"{ARC}.5.1"), x509.ObjectIdentifier(f"{ARC}.5.5")
_TEXT_TAG, _SHORT, _ONE_BYTE = 0x0C, 0x80, 0x81


@dataclass(frozen=True, slots=True, repr=False)
class Checked:
    """A paper in order, and who signed it."""

    content: PaperContent
    serial: str
    """Of the certificate, decimal."""
    name: str
    address: str
    """As the certificate has them, substitute characters included."""


class PaperVerifier:
    """One body's verification of papers. `sign_ca` are the CAs for digital signatures of all generations, PEM."""

    def __init__(self, sign_ca: bytes, peers: Peers) -> None:
        self._cas = x509.load_pem_x509_certificates(sign_ca)
        self._peers = peers

    async def paper(self, paper: str, now: datetime, trace_id: str) -> Checked:
        """Check a paper (Base64), its signer's certificate and, by OCSP at the authority, that it stands.

        Raises Refusal: paper_wrong (altered, signed by nobody or twice, or no paper at all), certificate_untrusted,
        certificate_policy, certificate_expired, certificate_not_yet_valid, certificate_revoked, peer_unavailable.
        """
        content, der, trusted = await self._read(paper, now)
        certificate = parse(der)
        checked = check_certificate(certificate, self._cas, now, DIGITAL_SIGNATURE)
        await check_status(checked, self._peers, now, trace_id)
        _require(trusted)
        named = _other_names(certificate)
        return Checked(content, str(certificate.serial_number), named.get(NAME, ""), named.get(ADDRESS, ""))

    async def _read(self, paper: str, now: datetime) -> tuple[PaperContent, bytes, bool]:
        """What the paper says, its signer's certificate (DER), and whether pyHanko trusts that. Raises Refusal."""
        from pyhanko.pdf_utils.misc import PdfError
        from pyhanko.pdf_utils.reader import PdfFileReader
        from pyhanko.sign.general import UnacceptableSignerError
        from pyhanko.sign.validation.errors import SignatureValidationError

        # Hand-made PDFs make a parser stumble in many ways; each of them means that this is no paper.
        stumbles = (PdfError, SignatureValidationError, UnacceptableSignerError, msgspec.MsgspecError, NotBase64)
        try:
            reader: Any = PdfFileReader(BytesIO(b64decode(paper, validate=True)))
            (signature,) = reader.embedded_signatures
            trusted = await _check_signature(signature, self._cas, now)
            content = msgspec.json.decode(str(reader.trailer_view["/Info"]["/Subject"]), type=PaperContent)
            return content, signature.signer_cert.dump(), trusted
        except (*stumbles, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OSError) as exc:
            raise Refusal("paper_wrong") from exc


async def _check_signature(signature: EmbeddedPdfSignature, cas: list[x509.Certificate], now: datetime) -> bool:
    """Mathematics, form and coverage; gives whether the certificate is trusted. Raises Refusal: paper_wrong."""
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import SignatureCoverageLevel, async_validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    _require(str(signature.sig_object["/SubFilter"]) == PADES)
    roots = [_for_pyhanko(ca) for ca in cas]
    context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=now, revocation_mode="soft-fail")
    status = await async_validate_pdf_signature(signature, context)
    _require(status.intact and status.valid and status.docmdp_ok is not False)
    _require(status.coverage is SignatureCoverageLevel.ENTIRE_FILE)
    _require(status.modification_level is ModificationLevel.NONE)
    return bool(status.trusted)


def _for_pyhanko(certificate: x509.Certificate) -> Any:
    from asn1crypto.x509 import Certificate  # type: ignore[import-untyped]

    return Certificate.load(certificate.public_bytes(Encoding.DER))


def _require(condition: bool) -> None:
    if not condition:
        raise Refusal("paper_wrong")


def _other_names(certificate: x509.Certificate) -> dict[x509.ObjectIdentifier, str]:
    """The texts of the four items. The certificate has been checked: what stands there the authority wrote."""
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {other.type_id: _text(other.value) for other in names.get_values_for_type(x509.OtherName)}


def _text(der: bytes) -> str:
    """A DER UTF8String of less than 64 kB."""
    length = 0 if der[1] < _SHORT else 1 if der[1] == _ONE_BYTE else 2
    return der[2 + length :].decode() if der[0] == _TEXT_TAG else ""

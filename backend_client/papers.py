"""Papers: a PDF made of an application's answers, and signed by whoever holds the key (PAdES baseline B-B).

The signature comes from outside, by a callable, so that no key is ever here: pyHanko builds the CMS, the card signs.
Heavy (pyHanko, fpdf2): imported when the first paper is made. Source: ETSI EN 319 142-1; ISO 32000-2, 12.8.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from backend_client import wire

if TYPE_CHECKING:
    from pyhanko.sign.signers.pdf_cms import Signer

FONT = Path("/usr/share/fonts/truetype/bizud-gothic/BIZUDPGothic-Regular.ttf")
"""Of the Debian package fonts-morisawa-bizud-gothic, with which the screens are written too."""
FIELD = "Signature1"
CMS_BYTES = 6144
"""Room for the signature: certificate, attributes and 256 or about 104 bytes."""
CARD_NUMBER = 48
"""Bytes of r and of s, as a card of P-384 gives them."""

Sign = Callable[[bytes], Awaitable[bytes]]
"""What is to be signed, unhashed -> the card's signature: 256 bytes for RS256, r and s (96 bytes) for ES384."""


def make_pdf(title: str, lines: Sequence[tuple[str, str]], content: wire.PaperContent, now: datetime) -> bytes:
    """Lay out one page: a heading, and each line as label and value. `content` stands in the subject for machines."""
    from fpdf import FPDF

    pdf = FPDF(format="A4")
    pdf.set_title(title)
    pdf.set_subject(msgspec.json.encode(content, order="sorted").decode())
    pdf.set_creation_date(now)
    pdf.add_font("paper", fname=FONT)
    pdf.add_page()
    pdf.set_font("paper", size=20)
    pdf.multi_cell(0, 12, title, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("paper", size=13)
    for label, value in lines:
        pdf.multi_cell(0, 9, f"{label}　{value}", new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())


async def sign_pdf(pdf: bytes, certificate: bytes, ca: bytes, algorithm: str, sign: Sign) -> bytes:
    """Sign the whole of `pdf` once. `certificate` and `ca` are DER; `algorithm` is RS256 or ES384.

    Raises what `sign` raises.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, async_sign_pdf
    from pyhanko.sign.fields import SigSeedSubFilter

    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256" if algorithm == "RS256" else "sha384",
        subfilter=SigSeedSubFilter.PADES,
    )
    signed = await async_sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)),
        metadata,
        signer=_signer(certificate, ca, algorithm, sign),
        bytes_reserved=2 * CMS_BYTES,
    )
    return bytes(signed.getvalue())


def _signer(certificate: bytes, ca: bytes, algorithm: str, sign: Sign) -> Signer:
    from asn1crypto.algos import SignedDigestAlgorithm  # type: ignore[import-untyped]
    from asn1crypto.x509 import Certificate  # type: ignore[import-untyped]
    from pyhanko.sign.signers.pdf_cms import Signer
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    class OutsideSigner(Signer):
        """Has the CMS of pyHanko and the signature of somebody else."""

        async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
            if dry_run:
                return bytes(256)
            signature = await sign(data)
            return signature if algorithm == "RS256" else _der(signature)

    mechanism = "sha256_rsa" if algorithm == "RS256" else "sha384_ecdsa"
    return OutsideSigner(
        signing_cert=Certificate.load(certificate),
        cert_registry=SimpleCertificateStore.from_certs([Certificate.load(ca)]),  # type: ignore[no-untyped-call]
        signature_mechanism=SignedDigestAlgorithm({"algorithm": mechanism}),
    )


def _der(signature: bytes) -> bytes:
    """ECDSA as a card gives it (r and s) -> as CMS has it (RFC 3279)."""
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    r, s = signature[:CARD_NUMBER], signature[CARD_NUMBER:]
    return encode_dss_signature(int.from_bytes(r), int.from_bytes(s))


def cms_of(signed: bytes) -> tuple[bytes, bytes]:
    """Take out of a signed PDF its CMS (DER) and what that is over, for `openssl cms -verify`."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader: Any = PdfFileReader(BytesIO(signed))
    (signature,) = reader.embedded_signatures
    first, length, second, rest = signature.byte_range
    return bytes(signature.pkcs7_content), signed[first : first + length] + signed[second : second + rest]

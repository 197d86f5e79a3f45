"""Reading the certificate, byte by byte. Source: card reference, sections 3.1 and 4."""

from __future__ import annotations

import pytest

from drivers.errors import BadAnswer, CardRefused
from tests.card.host.certificates import certificate, reads
from tests.card.host.scripted import selected

SIZES = [2, 3, 127, 129, 130, 131, 255, 256, 257, 258, 259, 260, 511, 512, 513, 1500, 2048, 4096]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("filler", [0, 1, 300])
async def test_a_certificate_is_as_long_as_it_says(size: int, filler: int) -> None:
    """Also in a file that is larger; and no read goes past what the certificate says."""
    der = certificate(size)
    script = reads(der)
    script[0] = ("00B08A0000", (der + bytes(filler))[:256].hex() + "9000")
    jpki, connection = await selected(*script)
    assert await jpki.auth_certificate() == der
    await connection.close()


@pytest.mark.parametrize(
    "answer",
    [
        "9000",
        "309000",
        "31020000" + "9000",
        "3080" + "9000",
        "308301000000" + "9000",
        "3082059000",
        "30820500" + 100 * "00" + "9000",
        "30821000" + 252 * "00" + "9000",
        "30820002" + "00" + "9000",
        "",
    ],
    ids=[
        "empty", "one byte", "no SEQUENCE", "indefinite", "3 length bytes", "length cut", "short read",
        "4100 bytes", "cut", "no status",
    ],
)  # fmt: skip
async def test_no_certificate(answer: str) -> None:
    jpki, script = await selected(("00B08A0000", answer))
    with pytest.raises(BadAnswer):
        await jpki.auth_certificate()
    await script.close()


@pytest.mark.parametrize("piece", [0, 1, 43, 45])
async def test_a_certificate_that_breaks_off(piece: int) -> None:
    first, second = reads(certificate(300))
    jpki, _ = await selected(first, (second[0], bytes(piece).hex() + "9000"))
    with pytest.raises(BadAnswer):
        await jpki.auth_certificate()


@pytest.mark.parametrize("sw", ["6982", "6A82", "6B00", "6986"])
@pytest.mark.parametrize("at", [0, 1, 2])
async def test_a_read_refused(sw: str, at: int) -> None:
    script = reads(certificate(700))
    jpki, _ = await selected(*script[:at], (script[at][0], sw))
    with pytest.raises(CardRefused) as refused:
        await jpki.auth_certificate()
    assert (refused.value.operation, refused.value.sw) == ("read certificate", int(sw, 16))

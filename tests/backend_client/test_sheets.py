"""Plain sheets to take home: as many pages as it takes, and nothing in the file but what stands on them."""

from __future__ import annotations

from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from backend_client.sheets import make_sheet

LONG = "みほん県みどり市見本町一丁目2番3号　" * 4


@pytest.mark.parametrize(("parts", "pages"), [(0, 1), (1, 1), (8, 2), (40, 8)])
def test_as_many_pages_as_it_takes(parts: int, pages: int) -> None:
    pdf = make_sheet("わたしの情報", [("年金の情報", ("年金の種類　老齢", LONG, "1年の額　1,740,000円"))] * parts)
    assert PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Count"] == pages
    assert b"/Author" not in pdf
    assert b"/Title" not in pdf

"""Slips and statements as PDF. Heavy (fpdf2): imported with the first paper."""

from __future__ import annotations

import asyncio

from backend_client.papers import FONT
from kiosk.desk import NotHandedOut, Tray
from kiosk.reception.beside import Print
from kiosk.words import plain

SLIP_MM = (80, 60)
"""Of a slip printer's roll; everything else is A4."""


def make_paper(name: str, lines: tuple[str, ...]) -> bytes:
    """Lay out one page, the first line as its heading. Nothing but the lines is in it: no author, no subject."""
    from fpdf import FPDF

    slip = name == "slip"
    pdf = FPDF(format=SLIP_MM if slip else "A4")
    pdf.set_margin(5 if slip else 20)
    pdf.set_auto_page_break(False)
    pdf.add_font("paper", fname=FONT)
    pdf.add_page()
    for size, line in zip((16, *[10 if slip else 13] * len(lines)), lines, strict=False):
        pdf.set_font("paper", size=size)
        pdf.multi_cell(0, size * (0.6 if slip else 1), plain(line), new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())


def printing(tray: Tray) -> Print:
    """Print into `tray`; says whether it came out."""

    async def print_(name: str, lines: tuple[str, ...]) -> bool:
        try:
            await tray.print_pdf(await asyncio.to_thread(make_paper, name, lines))
        except NotHandedOut:
            return False
        return True

    return print_

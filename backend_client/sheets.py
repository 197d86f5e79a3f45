"""Plain sheets to take home: headings and lines on A4, unsigned. Heavy (fpdf2): imported with the first sheet."""

from __future__ import annotations

from collections.abc import Sequence

from backend_client.papers import FONT

MARGIN_MM = 20


def make_sheet(title: str, parts: Sequence[tuple[str, Sequence[str]]]) -> bytes:
    """Lay out a title and parts (heading, lines) on as many pages as it takes.

    Nothing but that is in the file: no author, no subject, no name of its own.
    """
    from fpdf import FPDF

    pdf = FPDF(format="A4")
    pdf.set_margin(MARGIN_MM)
    pdf.set_auto_page_break(True, MARGIN_MM)
    pdf.add_font("paper", fname=FONT)
    pdf.add_page()

    def write(size: int, text: str) -> None:
        pdf.set_font("paper", size=size)
        pdf.multi_cell(0, size * 0.6, text, new_x="LMARGIN", new_y="NEXT")

    write(20, title)
    for heading, lines in parts:
        pdf.ln(6)
        write(16, heading)
        for line in lines:
            write(13, line)
    return bytes(pdf.output())

"""A QR for the screen."""

from __future__ import annotations

QUIET_ZONE = 4
"""Modules of white around it, without which phones do not find it. Source: ISO/IEC 18004, 5.3.8."""


def picture(address: str) -> str:
    """As the address of a PNG with one pixel a module, to be scaled up without smoothing."""
    import segno  # 2 MB with its XML: not before a code is shown

    code = segno.make(address, error="m", micro=False, boost_error=False)
    return code.png_data_uri(scale=1, border=QUIET_ZONE)

"""Options that the commands around a card have in common."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Tell = Callable[[str], None]
"""Says one piece of text on standard output."""

DIRECT_OR = "pcsc (default), nfc or nfc:PATH of nfcpy, or direct:DIR for the software card without a service"


def as_json() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text")
    return parser


def reader_kind(text: str) -> str:
    """What `kiosk.station.readers` takes, for argparse."""
    name, colon, where = text.partition(":")
    if name not in ("pcsc", "nfc", "direct") or (name == "direct") > bool(where) or (name == "pcsc" and colon):
        raise argparse.ArgumentTypeError(f"{text!r} is none of: {DIRECT_OR}")
    return text

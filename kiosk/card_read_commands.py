"""`madoguchi card read WHAT`: which part of the card, and what is asked for it."""

from __future__ import annotations

import argparse
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.card_deeds import AskPin, OurCard
    from kiosk.told import Told

    Deed = Callable[[OurCard, AskPin], Awaitable[Told]]

CERTIFICATES = ("auth", "auth-ca", "sign", "sign-ca")
PLAIN = ("token", "availability", "common", "resident", "manager")
CHECKED = ("text", "face", "age", "cv")
NONCE = 32
"""Bytes that the card is asked to sign, fresh each time."""

_WHAT = """auth, auth-ca, sign, sign-ca: a certificate as PEM (sign needs the password); token: what the JPKI
application says of itself; availability: which certificates there are; text: individual number and four items; face:
what is printed, with pictures; age: birth date by the birth-date key; common: the card's own number; resident: key id
of the resident application; manager: data objects; cv: the card-verifiable certificates"""
_BY = """what opens it. text: pin (default), a: match number A, for the number only, b: match number B, for the items
only. face: b (default), or a, which opens the picture of the individual number, too"""


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=CERTIFICATES + PLAIN + CHECKED, metavar="WHAT", help=_WHAT)
    parser.add_argument("--by", choices=("pin", "a", "b"), help=_BY)
    parser.add_argument("--show-number", action="store_true", help="text: the whole individual number, not its end")
    parser.add_argument("--out", type=Path, metavar="DIR", help="face: the folder for photo (JPEG 2000) and images")


def make(options: argparse.Namespace) -> Deed:
    """Raises ValueError for options that do not go together, OSError."""
    _check(options)
    if options.what in CERTIFICATES:
        return _certificate(options)
    return _plain(options) if options.what in PLAIN else _checked(options)


def _check(options: argparse.Namespace) -> None:
    keys = {"text": ("pin", "a", "b"), "face": ("a", "b")}.get(options.what, ())
    if options.by and options.by not in keys:
        raise ValueError(f"--by {options.by} does not go with {options.what}.")
    if options.out and options.what != "face":
        raise ValueError("--out goes with face only.")
    if options.show_number and options.what != "text":
        raise ValueError("--show-number goes with text only.")


def _certificate(options: argparse.Namespace) -> Deed:
    from kiosk import card_reads

    return lambda card, ask: card_reads.certificate(card, card_reads.CertificateName(options.what), ask)


def _plain(options: argparse.Namespace) -> Deed:
    from kiosk import card_reads

    reads: dict[str, Callable[[OurCard], Awaitable[Told]]] = {
        "token": card_reads.token,
        "availability": card_reads.availability,
        "common": card_reads.common,
        "resident": card_reads.resident,
        "manager": card_reads.manager,
    }
    return lambda card, _: reads[options.what](card)


def _checked(options: argparse.Namespace) -> Deed:
    from kiosk import card_person, card_reads
    from kiosk.card_person import FaceKey, TextKey
    from kiosk.card_trust import known_authorities

    anchors, nonce = known_authorities(options.data), secrets.token_bytes(NONCE)
    match options.what:
        case "text":
            key = TextKey(options.by or "pin")
            return lambda card, ask: card_person.text(card, key, options.show_number, ask, anchors)
        case "face":
            by, today = FaceKey(options.by or "b"), datetime.now().astimezone().date()
            return lambda card, ask: card_person.face(card, by, ask, anchors, nonce, today, options.out)
        case "age":
            return lambda card, ask: card_person.age(card, ask, anchors, nonce)
    return lambda card, _: card_reads.cv_certificates(card, anchors)

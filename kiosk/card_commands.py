"""`madoguchi card show | verify-pin | sign | read`: deeds with the card in a real reader, told as text or JSON.

Imported with the command line, so what is heavy comes with the deed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kiosk.card_deeds import AskPin, CertificateRead, OurCard, Shown, Signed, Verified

    Result = Shown | Verified | Signed | CertificateRead
    Deed = Callable[[OurCard, AskPin], Awaitable[Result]]

Tell = Callable[[str], None]

WAIT_S = 10.0


def add_to(deeds: Any, tell: Tell) -> None:
    """Add the deeds to argparse's subparsers of `card`. `tell` says one piece of text on standard output."""
    reader = argparse.ArgumentParser(add_help=False)
    reader.add_argument("--reader", default="pcsc", help="pcsc, or direct:DIR for the software card without a service")
    reader.add_argument("--wait", type=float, default=WAIT_S, metavar="S", help="how long to wait for a card")
    reader.add_argument("--json", action="store_true", help="one JSON object instead of text")
    secret = argparse.ArgumentParser(add_help=False)
    secret.add_argument("--pin-fd", type=int, metavar="N", help="read the PIN from this descriptor, not the terminal")
    secret.add_argument("--last-try", action="store_true", help="go on although only one try is left")

    show = deeds.add_parser("show", parents=[reader], help="application, certificate and tries left of a real card")
    show.set_defaults(run=partial(_run, _show, tell))
    verify = deeds.add_parser("verify-pin", parents=[reader, secret], help="one try of a secret")
    _key(verify, "auth: the PIN of four digits (default); sign: the signature password")
    verify.set_defaults(run=partial(_run, _verify_pin, tell))
    sign = deeds.add_parser("sign", parents=[reader, secret], help="sign a file, RS256")
    sign.add_argument("file", type=Path)
    sign.add_argument("--out", "-o", type=Path, help="the signature's bytes go here; else base64 on standard output")
    _key(sign, "auth: proves presence (default); sign: the holder's legal signature")
    sign.set_defaults(run=partial(_run, _sign, tell))
    read = deeds.add_parser("read", parents=[reader, secret], help="a certificate, as PEM")
    read.add_argument("certificate", choices=("auth", "auth-ca", "sign", "sign-ca"), help="sign needs the password")
    read.set_defaults(run=partial(_run, _read, tell))


def _key(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("--key", choices=("auth", "sign"), default="auth", help=text)


def _show(options: argparse.Namespace) -> Deed:
    from kiosk import card_deeds

    return lambda card, _: card_deeds.show(card, datetime.now().astimezone())


def _verify_pin(options: argparse.Namespace) -> Deed:
    from kiosk import card_deeds

    return lambda card, ask: card_deeds.verify_pin(card, card_deeds.Key(options.key), ask)


def _sign(options: argparse.Namespace) -> Deed:
    from kiosk import card_deeds

    message = options.file.read_bytes()
    return lambda card, ask: card_deeds.sign(card, card_deeds.Key(options.key), message, ask)


def _read(options: argparse.Namespace) -> Deed:
    from kiosk import card_deeds

    return lambda card, ask: card_deeds.read(card, card_deeds.CertificateName(options.certificate), ask)


def _run(make: Callable[[argparse.Namespace], Deed], tell: Tell, options: argparse.Namespace) -> int:
    """Do one deed and tell how it went. Returns the exit status."""
    from drivers.errors import CardError
    from kiosk import told
    from kiosk.pin_prompt import NotAsked

    say = told.as_json if options.json else told.as_text
    try:
        result = asyncio.run(_on_card(options, make(options)))
        if getattr(options, "out", None) is not None:
            options.out.write_bytes(result.signature)
    except (CardError, NotAsked, OSError, ImportError) as exc:
        tell(say(told.failure(exc)))
        return 1
    tell(say(result))
    return 0


async def _on_card(options: argparse.Namespace, deed: Deed) -> Any:
    from kiosk.card_deeds import our_card
    from kiosk.pin_prompt import PinPrompt
    from kiosk.station import readers

    ask = PinPrompt(getattr(options, "pin_fd", None), getattr(options, "last_try", False))
    async with our_card(readers(options.reader), options.wait, _ask_for_card) as card:
        return await deed(card, ask)


def _ask_for_card() -> None:
    sys.stderr.write("Please put the card on the reader.\n")

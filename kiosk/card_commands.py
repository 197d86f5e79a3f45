"""`madoguchi card show | verify-pin | change-pin | sign | read | …`: deeds with the card in a real reader.

Imported with the command line, so what is heavy comes with the deed.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk import card_read_commands
from kiosk.card_options import DIRECT_OR, Tell, as_json, reader_kind

if TYPE_CHECKING:
    from kiosk.card_deeds import AskPin, OurCard
    from kiosk.told import Told

    Deed = Callable[[OurCard, AskPin], Awaitable[Told]]

Make = Callable[[argparse.Namespace], "Deed"]

WAIT_S = 10.0

_SECRETS = ("auth", "sign", "text", "common", "resident", "text-a", "text-b", "face-a", "face-b", "birth-date")
_CHANGEABLE = ("auth", "sign", "text", "register", "common", "resident")
_WHICH = """auth: the PIN of four digits (default); sign: the signature password; text: the text support PIN; common,
resident: the two halves of the resident register PIN; text-a, text-b, face-a, face-b, birth-date: what is printed on
the card"""
_WHICH_CHANGE = """auth: the PIN of four digits (default); sign: the signature password; text: the text support PIN;
register: the resident register PIN, which is two secrets on the card, changed one after the other; common, resident:
one of these two alone"""


def add_to(deeds: Any, shared: argparse.ArgumentParser, tell: Tell) -> None:
    """Add the deeds to argparse's subparsers of `card`; `shared` has `--data`."""
    reader, secret = _reader_options(), _secret_options()

    def add(name: str, make: Make, text: str, *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = deeds.add_parser(
            name, parents=[reader, *parents], allow_abbrev=False, help=text, description=text
        )
        parser.set_defaults(run=partial(_run, make, tell))
        return parser

    add("show", _show, "application, certificate and tries left of a real card; no PIN")
    verify = add("verify-pin", _verify_pin, "one try of a secret", secret)
    verify.add_argument("which", nargs="?", default="auth", type=_one_of(_SECRETS), help=_WHICH)
    change = add("change-pin", _change_pin, "change a secret: asks for the old one, then twice for the new one", secret)
    change.add_argument("which", nargs="?", default="auth", type=_one_of(_CHANGEABLE), help=_WHICH_CHANGE)
    sign = add("sign", _sign, "sign a file: RS256, or ES384 on a card of the coming generation", secret)
    _file_to_sign(sign)
    sign.add_argument(
        "--key", choices=("auth", "sign"), default="auth", help="auth: proves presence (default); sign: legal signature"
    )
    read = add("read", card_read_commands.make, "read an application's data, checked", secret, shared)
    card_read_commands.add_options(read)
    add(
        "hold-over",
        _hold_over,
        "かざし利用: which card it is, and that it is no copy; by birth date",
        secret,
        shared,
    )
    challenge = add("challenge", _challenge, "internal authentication of the common application; no PIN")
    _file_to_sign(challenge)
    simulated = add(
        "simulate-terminal", _simulate, "sign without a PIN after a SIMULATED terminal authentication", shared
    )
    _file_to_sign(simulated)


def _reader_options() -> argparse.ArgumentParser:
    reader = as_json()
    reader.add_argument("--reader", type=reader_kind, default="pcsc", metavar="KIND", help=DIRECT_OR)
    reader.add_argument("--wait", type=float, default=WAIT_S, metavar="S", help="how long to wait for a card")
    return reader


def _secret_options() -> argparse.ArgumentParser:
    secret = argparse.ArgumentParser(add_help=False)
    secret.add_argument(
        "--pin-fd", type=int, metavar="N", help="read secrets from this descriptor, a line each, not the terminal"
    )
    secret.add_argument("--last-try", action="store_true", help="go on although only one try is left")
    return secret


def _file_to_sign(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--out", "-o", type=Path, help="the signature's bytes go here; else base64 on standard output")


def _one_of(names: tuple[str, ...]) -> Callable[[str], str]:
    """argparse's own `choices` would repeat what was typed, which may be a PIN by mistake."""

    def check(text: str) -> str:
        if text not in names:
            raise argparse.ArgumentTypeError(f"not the secret itself, but its name: {', '.join(names)}")
        return text

    return check


def _show(options: argparse.Namespace) -> Deed:
    from kiosk import card_deeds

    return lambda card, _: card_deeds.show(card, _now())


def _verify_pin(options: argparse.Namespace) -> Deed:
    from kiosk import card_secrets

    return lambda card, ask: card_secrets.verify_pin(card, card_secrets.Which(options.which), ask)


def _change_pin(options: argparse.Namespace) -> Deed:
    from kiosk import card_secrets

    return lambda card, ask: card_secrets.change_pin(card, options.which, ask)


def _sign(options: argparse.Namespace) -> Deed:
    from kiosk import card_deeds

    message = options.file.read_bytes()

    async def deed(card: OurCard, ask: AskPin) -> Told:
        signed = await card_deeds.sign(card, card_deeds.Key(options.key), message, ask)
        _keep(options.out, signed.signature)
        return signed

    return deed


def _challenge(options: argparse.Namespace) -> Deed:
    from kiosk import card_proofs

    message = options.file.read_bytes()
    if not 1 <= len(message) <= card_proofs.LONGEST_CHALLENGE:
        raise ValueError(f"A challenge is 1 to {card_proofs.LONGEST_CHALLENGE} bytes.")

    async def deed(card: OurCard, _: AskPin) -> Told:
        answered = await card_proofs.challenge(card, message)
        _keep(options.out, answered.signature)
        return answered

    return deed


def _hold_over(options: argparse.Namespace) -> Deed:
    from kiosk import card_proofs
    from kiosk.card_trust import known_authorities

    anchors, nonce = known_authorities(options.data), secrets.token_bytes(card_read_commands.NONCE)
    return lambda card, ask: card_proofs.held_over(card, ask, anchors, nonce, _now())


def _simulate(options: argparse.Namespace) -> Deed:
    from kiosk import card_proofs
    from kiosk.card_trust import simulated_terminal

    message, terminal = options.file.read_bytes(), simulated_terminal(options.data)

    async def deed(card: OurCard, _: AskPin) -> Told:
        simulated = await card_proofs.simulated_terminal(card, message, terminal)
        _keep(options.out, simulated.signed.signature)
        return simulated

    return deed


def _keep(out: Path | None, signature: bytes) -> None:
    if out is not None:
        out.write_bytes(signature)


def _now() -> datetime:
    return datetime.now().astimezone()


def _run(make: Make, tell: Tell, options: argparse.Namespace) -> int:
    """Do one deed and tell how it went. Returns the exit status."""
    from drivers.errors import CardError
    from kiosk import told
    from kiosk.card_deeds import NotOnCard
    from kiosk.card_secrets import ChangeFailed
    from kiosk.pin_prompt import NotAsked

    say = told.as_json if options.json else told.as_text
    try:
        result = asyncio.run(_on_card(options, make(options)))
    except (CardError, NotAsked, NotOnCard, ChangeFailed, OSError, ImportError, ValueError) as exc:
        tell(say(told.failure(exc)))
        return 1
    tell(say(result))
    return 0


async def _on_card(options: argparse.Namespace, deed: Deed) -> Told:
    from kiosk.card_deeds import our_card
    from kiosk.pin_prompt import PinPrompt
    from kiosk.station import readers

    ask = PinPrompt(getattr(options, "pin_fd", None), getattr(options, "last_try", False))
    async with our_card(readers(options.reader), options.wait, _ask_for_card) as card:
        return await deed(card, ask)


def _ask_for_card() -> None:
    sys.stderr.write("Please put the card on the reader.\n")

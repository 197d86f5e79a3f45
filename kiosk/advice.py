"""Errors of card, reader and backend in plain English, each with the next step: for who stands at a terminal.

What the citizen reads is `problems.py`.
"""

from __future__ import annotations

import getpass
from dataclasses import dataclass

from backend_client import errors as backend
from drivers import errors as card


@dataclass(frozen=True, slots=True)
class Advice:
    detail: str
    next_step: str


POLKIT_FILE = "/etc/polkit-1/rules.d/50-madoguchi.rules"
POLKIT_RULE = """polkit.addRule(function(action, subject) {{
    if (action.id.indexOf("org.debian.pcsc-lite.access_") == 0 && subject.user == "{user}")
        return polkit.Result.YES;
}});"""

_AGAIN = "Put the card down again, flat and still, and repeat."
_OFFICE = "Only the municipal office can unlock it."

_PLAIN: dict[type, Advice] = {
    card.NoReader: Advice("No card reader is attached.", "Plug one in; `pcsc_scan` shows what the service sees."),
    card.ReaderBusy: Advice("Another program holds the card.", "End it (a kiosk, a browser), then repeat."),
    card.ReaderFault: Advice("The reader failed.", "Unplug it, plug it in again, and repeat."),
    card.CardGone: Advice("There is no card, or it was taken away.", _AGAIN),
    card.CardMute: Advice("A card is there and does not answer.", _AGAIN),
    card.NotOurCard: Advice("The card has no JPKI application.", "Use an Individual Number Card."),
    card.BadAnswer: Advice("The card answered with bytes that make no sense.", _AGAIN),
    card.PinNotEntered: Advice(
        "No PIN was typed on the reader; no try was used.", "Repeat, and use the reader's keys."
    ),
    backend.Unreachable: Advice("The backend cannot be reached.", "Check address and line; is the backend running?"),
    backend.TooSlow: Advice("The backend does not answer in time.", "Check the line and the backend's load."),
    backend.NotGenuine: Advice(
        "The server is not the one that --ca vouches for; nothing was sent.",
        "Check --ca and the address, and this machine's clock: a wrong one makes good certificates look bad.",
    ),
    backend.Broken: Advice("The answer makes no sense.", "Is this address a Madoguchi backend? Read its log."),
}


def on(error: card.CardError | backend.BackendError) -> Advice:
    """What to tell, from the nearest named kind of the error."""
    match error:
        case card.ServiceDown(cause=card.ServiceCause.NOT_AUTHORISED):
            return _polkit()
        case card.ServiceDown():
            return Advice(
                "The smart-card service does not run.",
                "systemctl enable --now pcscd.socket; for --reader direct:DIR start the program that holds the card.",
            )
        case card.PinWrong(tries_left=tries):
            return Advice(f"Wrong; tries left: {tries}.", "Be sure of it before the next try.")
        case card.PinBlocked():
            return Advice("Blocked: no try is left.", _OFFICE)
        case card.NotGenuine():
            return Advice(f"What the card answered is not signed as it must be: {error}.", "Do not trust this card.")
        case card.CardRefused():
            return Advice(f"The card refused ({error}).", "Does this card have what was asked for?")
    known = [kind for kind in type(error).__mro__ if kind in _PLAIN]
    return _PLAIN[known[0]] if known else Advice(f"{type(error).__name__}: {error}", "Read the log.")


def _polkit() -> Advice:
    rule = POLKIT_RULE.format(user=getpass.getuser())
    return Advice(
        "The smart-card service runs and does not let this user in: polkit says no.",
        f"As root put this into {POLKIT_FILE}:\n{rule}",
    )

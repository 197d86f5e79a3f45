"""Command and response APDUs (ISO 7816-4) and the layers between an application and the card.

From top to bottom: `NeverTwice` keeps what carries a secret away from everything that may send again;
`ResponseChaining` fetches what the card holds back; `CommandChaining` cuts what a short command cannot carry; `Traced`
writes down what goes over the wire. Each takes the layer below it, and each keeps one deadline for all it sends.
Source: card reference, section 4.
"""

from drivers.apdu.format import Response, command, extended
from drivers.apdu.layer import Layer
from drivers.apdu.stack import layered
from drivers.apdu.status import NOT_FOUND, OK, sw_name, tries_left
from drivers.apdu.trace import masked

__all__ = [
    "NOT_FOUND",
    "OK",
    "Layer",
    "Response",
    "command",
    "extended",
    "layered",
    "masked",
    "sw_name",
    "tries_left",
]

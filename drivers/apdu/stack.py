"""The layers put together."""

from __future__ import annotations

import logging

from drivers.apdu.chaining import CommandChaining
from drivers.apdu.fetching import ResponseChaining
from drivers.apdu.layer import Layer
from drivers.apdu.once import NeverTwice
from drivers.apdu.trace import Traced


def layered(connection: Layer, log: logging.Logger) -> Layer:
    """All layers over one connection; what they send is written to `log`.

    Pieces of a command are cut below the layer that repeats one, so that a repeated command is sent whole.
    """
    wire = Traced(connection, log)
    return NeverTwice(once=wire, others=ResponseChaining(CommandChaining(wire)))

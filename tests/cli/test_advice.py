"""Every error of card and backend has a sentence of its own for who stands at a terminal."""

from __future__ import annotations

import pytest

from backend_client import errors as backend
from drivers import errors as card
from kiosk import advice

SPECIAL: dict[type[Exception], Exception] = {
    card.CardRefused: card.CardRefused("read", 0x6A82),
    card.PinWrong: card.PinWrong(card.Pin.USER_AUTHENTICATION, 2),
    card.PinBlocked: card.PinBlocked(card.Pin.USER_AUTHENTICATION),
}
ROOTS = {card.CardError, backend.BackendError}
OWN_REASON = {backend.Refused}
"""Says itself why; no command line of today meets it."""


def kinds(root: type[Exception]) -> set[type[Exception]]:
    return {root}.union(*(kinds(kind) for kind in root.__subclasses__()))


def named(module: str, root: type[Exception]) -> set[type[Exception]]:
    return {kind for kind in kinds(root) if kind.__module__ == module} - ROOTS - OWN_REASON


@pytest.mark.parametrize(
    "kind",
    sorted(
        named("drivers.errors", card.CardError) | named("backend_client.errors", backend.BackendError),
        key=lambda kind: (kind.__module__, kind.__name__),
    ),
)
def test_each_error_has_a_sentence_and_a_next_step(kind: type[card.CardError | backend.BackendError]) -> None:
    error = SPECIAL.get(kind) or kind()
    assert isinstance(error, (card.CardError, backend.BackendError))
    told = advice.on(error)
    assert told.detail.endswith(".")
    assert told.next_step != "Read the log."


def test_the_polkit_rule_is_whole() -> None:
    told = advice.on(card.ServiceDown(card.ServiceCause.NOT_AUTHORISED))
    assert advice.POLKIT_FILE in told.next_step
    assert told.next_step.count("{") == told.next_step.count("}") == 1

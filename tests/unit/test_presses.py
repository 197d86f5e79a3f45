"""Which of a key's events act."""

from __future__ import annotations

import pytest

from stb_profile.keymap import Action
from stb_profile.presses import Presses

ARROWS = [action for action in Action if action.repeats]
OTHERS = [action for action in Action if not action.repeats]


@pytest.mark.parametrize("action", ARROWS)
def test_an_arrow_acts_every_time(action: Action) -> None:
    presses = Presses()
    assert [presses.down(action, repeated) for repeated in (False, True, True)] == [True, True, True]


@pytest.mark.parametrize("action", OTHERS)
def test_everything_else_acts_once_until_let_go(action: Action) -> None:
    presses = Presses()
    assert [presses.down(action, repeated) for repeated in (False, True, False)] == [True, False, False]
    presses.up(action)
    assert presses.down(action, False)


@pytest.mark.parametrize("action", OTHERS)
def test_a_repeat_alone_is_no_press(action: Action) -> None:
    assert not Presses().down(action, True)


def test_what_is_let_go_unseen() -> None:
    presses = Presses()
    presses.down(Action.OK, False)
    presses.forget()
    assert presses.down(Action.OK, False)

"""When a card that does not lie still counts as gone."""

from __future__ import annotations

from drivers.readers.wobble import GRACE_S, MANY, STILL_S, Wobble


def test_a_card_that_comes_and_goes_for_good() -> None:
    wobble = Wobble()
    assert wobble.look(False, 0) is None
    first = wobble.look(True, 1)
    assert first is not None
    assert wobble.look(False, 2) == first
    assert wobble.look(False, 2 + GRACE_S - 0.01) == first
    assert wobble.look(False, 2 + GRACE_S) is None
    assert wobble.in_a_row == 0
    assert wobble.look(True, 4) not in (None, first)


def test_a_card_back_within_the_grace_is_the_same() -> None:
    wobble = Wobble()
    first = wobble.look(True, 0)
    wobble.look(False, 1)
    assert wobble.look(True, 1 + GRACE_S - 0.01) == first
    assert wobble.in_a_row == 1


def test_a_card_back_too_late_is_another_even_if_nobody_looked_in_between() -> None:
    wobble = Wobble()
    first = wobble.look(True, 0)
    wobble.look(False, 1)
    assert wobble.look(True, 1 + GRACE_S) not in (None, first)
    assert wobble.in_a_row == 0


def test_wobbles_add_up_until_the_card_lies_still() -> None:
    wobble = Wobble()
    wobble.look(True, 0)
    for second in range(1, MANY + 1):
        wobble.look(False, second)
        wobble.look(True, second + 0.3)
        assert wobble.in_a_row == second
    last = MANY + 0.3
    wobble.look(True, last + STILL_S - 0.01)
    assert wobble.in_a_row == MANY
    wobble.look(True, last + STILL_S)
    assert wobble.in_a_row == 0

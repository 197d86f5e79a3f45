"""Learning a remote: every key asked for once, doubles refused, one step back, and a file that loads."""

from __future__ import annotations

from pathlib import Path

import pytest

from stb_profile import keymap
from stb_profile.keymap import Action
from stb_profile.mapping import NAMES, NEEDED, ORDER, Key, Mapping, Nameless


def learned(*without: Action) -> Mapping:
    """A remote that sends 1000, 1001 ... in the order asked, and lacks some keys."""
    mapping = Mapping()
    while (action := mapping.asked) is not None:
        if action in without:
            assert mapping.skip()
        else:
            assert mapping.take(Key(1000 + ORDER.index(action))) is None
    return mapping


def test_every_action_is_asked_for_by_what_stands_on_the_key() -> None:
    assert set(ORDER) == set(Action) == set(NAMES)
    assert len(ORDER) == len(set(ORDER)) == len(set(NAMES.values()))


@pytest.mark.parametrize("without", [(), (Action.BLUE, Action.BACK, Action.DIGIT_3)])
def test_what_was_learned_loads_as_a_map(tmp_path: Path, without: tuple[Action, ...]) -> None:
    file = tmp_path / "keys.toml"
    file.write_text(learned(*without).toml(), "utf-8")
    own = keymap.load("remote", file)
    wanted = {1000 + at: action for at, action in enumerate(ORDER) if action not in without}
    assert {code: action for code, action in own.by_evdev.items() if code >= 1000} == wanted
    assert own.own == set(wanted)


def test_a_key_that_was_given_is_refused_and_the_same_is_asked_again() -> None:
    mapping = Mapping()
    mapping.take(Key(1))
    mapping.take(Key(2))
    assert mapping.take(Key(1, scan=77, device="the same key")) is ORDER[0]
    assert mapping.asked is ORDER[2]


def test_one_step_back_frees_the_key() -> None:
    mapping = Mapping()
    mapping.take(Key(1))
    mapping.undo()
    assert mapping.asked is ORDER[0]
    assert mapping.take(Key(1)) is None
    mapping.undo()
    mapping.undo()
    assert mapping.asked is ORDER[0]


def test_without_arrows_and_ok_there_is_no_way_through() -> None:
    mapping = Mapping()
    for action in ORDER[: len(NEEDED)]:
        assert action in NEEDED
        assert not mapping.skip()
        assert mapping.asked is action
        mapping.take(Key(1 + ORDER.index(action)))
    assert mapping.skip()


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (Key(352, qt="Select", scan=9), "up = { evdev = [352] }"),
        (Key(cec=0x91, scan=0x91), "up = { cec = [0x91] }"),
        (Key(qt="F9"), 'up = { qt = ["F9"] }'),
    ],
)
def test_a_key_is_named_by_the_kernel_by_cec_or_by_qt(key: Key, line: str) -> None:
    mapping = Mapping()
    mapping.take(key)
    assert line in mapping.toml().splitlines()


def test_a_key_without_a_name_cannot_be_mapped() -> None:
    with pytest.raises(Nameless):
        Mapping().take(Key(scan=0x1234, device="infrared"))

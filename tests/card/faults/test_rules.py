"""Fault rules as text, and which commands they hit."""

from __future__ import annotations

import pytest

from drivers.software_card.faults import BadRule, Deed, Delay, Faults, Hit, Rule, Status, Truncate, parse

VERIFY, SIGN = bytes.fromhex("0020009804"), bytes.fromhex("802A009701")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("apdu=7:remove", Rule(Deed.REMOVE, index=7)),
        ("apdu=3:remove-after", Rule(Deed.REMOVE_AFTER, index=3)),
        ("ins=2A:sw=6F00", Rule(Status(0x6F00), ins=0x2A)),
        ("ins=2a:apdu=1:sw=6f00", Rule(Status(0x6F00), 1, 0x2A)),
        ("delay=2s", Rule(Delay(2.0))),
        ("apdu=0:delay=0.5s", Rule(Delay(0.5), index=0)),
        ("delay=50ms", Rule(Delay(0.05))),
        ("truncate", Rule(Truncate(1))),
        ("truncate=100", Rule(Truncate(100))),
        *((deed.value, Rule(deed)) for deed in Deed),
    ],
)
def test_a_rule(text: str, rule: Rule) -> None:
    assert parse(text) == rule


@pytest.mark.parametrize(
    ("text", "wrong", "wanted"),
    [
        ("", "''", "one of remove, remove-during"),
        ("remover", "'remover'", "one of remove, remove-during"),
        ("remove=1", "'remove=1'", "delay=2s"),
        ("apdu=x:remove", "'x'", "an index"),
        ("apdu=-1:remove", "'-1'", "an index"),
        ("apdu=٧:remove", "'٧'", "an index"),
        ("apdu:remove", "''", "an index"),
        ("ins=2:mute", "'2'", "two hexadecimal digits"),
        ("cla=80:mute", "'cla=80'", "apdu=N or one ins=XX"),
        ("apdu=1:apdu=2:mute", "'apdu=2'", "one apdu=N"),
        ("sw=90", "'90'", "four hexadecimal digits"),
        ("sw", "'sw'", "sw=XXXX"),
        ("truncate=", "''", "a number of bytes"),
        ("delay=2", "'2'", "a time such as 2s"),
        ("delay=-1s", "'-1s'", "a time such as 2s"),
    ],
)
def test_a_wrong_rule_is_told_by_its_wrong_part(text: str, wrong: str, wanted: str) -> None:
    with pytest.raises(BadRule, match="fault rule") as refused:
        parse(text)
    assert f"{text!r}: {wrong} is not" in str(refused.value)
    assert wanted in str(refused.value)


def test_an_index_hits_once_and_an_instruction_every_time() -> None:
    faults = Faults([parse("apdu=1:mute"), parse("ins=2A:garbage")])
    hits = [faults.next(command).deed for command in (VERIFY, VERIFY, VERIFY, SIGN, SIGN)]
    assert hits == [None, Deed.MUTE, None, Deed.GARBAGE, Deed.GARBAGE]
    assert faults.commands == 5


def test_delays_add_up_and_the_first_other_deed_happens() -> None:
    faults = Faults(map(parse, ("delay=2s", "ins=20:truncate", "apdu=0:delay=500ms", "mute")))
    assert faults.next(VERIFY) == Hit(Truncate(1), 2.5)
    assert faults.next(SIGN) == Hit(Deed.MUTE, 2.0)


def test_both_conditions_must_hold() -> None:
    faults = Faults([parse("apdu=1:ins=2A:mute")])
    assert [faults.next(command) for command in (SIGN, VERIFY, SIGN)] == [Hit(), Hit(), Hit()]

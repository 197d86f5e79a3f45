"""The box against a phone, a second phone, and whoever can read and send what goes over the network."""

from __future__ import annotations

from hashlib import sha256

import pytest

from stb_profile.keymap import Action
from stb_profile.phone import sealing
from stb_profile.phone.box import STRANGER_S, Arrived, Asleep, Awake, Left, Nearer, Pressed, Spent, Typed
from stb_profile.phone.invitation import LIFE_S, TRIES
from stb_profile.phone.link import RETURN_S, SILENT_S
from stb_profile.phone.messages import Forget, Hello, Here, Key, Near, No, Over, Reveal, Role, State, Why
from tests.phone.python_phone import Home, Phone

STATE = State(screen=7, roles=[Role.REMOTE])


@pytest.fixture
def home() -> Home:
    return Home()


@pytest.fixture
def phone(home: Home) -> Phone:
    return home.paired(Role.REMOTE)


# --- pairing ----------------------------------------------------------------------------------------------------------


def test_both_show_the_same_number(home: Home) -> None:
    phone = home.phone()
    phone.pair()
    assert home.events == [Arrived(phone.check)]
    assert len(phone.check) == 6
    assert phone.check.isdigit()


def test_nothing_the_phone_says_counts_before_the_person_has_answered(home: Home) -> None:
    phone = home.phone()
    phone.pair()
    phone.tell(Key("ok"))
    phone.type(0, b"1234")
    home.box.say(STATE)
    assert home.events == [Arrived(phone.check)]
    assert phone.heard() == []
    assert not home.box.linked


def test_the_person_lets_it_in(phone: Phone, home: Home) -> None:
    home.box.say(STATE)
    assert phone.heard() == [STATE]
    assert home.box.roles == {Role.REMOTE}


def test_the_person_says_no(home: Home) -> None:
    phone = home.phone()
    phone.pair()
    home.box.withdraw()
    assert phone.heard() == [Over(Why.NOT_SAME)]
    assert phone.let_go
    assert isinstance(home.events[-1], Left)


def test_a_wrong_key(home: Home) -> None:
    phone = home.phone()
    phone.hello(once=bytes(16))
    assert phone.answer() == No(Why.WRONG_KEY)
    assert phone.let_go
    assert not home.events


def test_five_wrong_keys_and_the_code_is_spent(home: Home) -> None:
    fragment = home.box.invite(bytes(32))
    for _ in range(TRIES):
        home.phone(fragment).hello(once=bytes(16))
    assert home.happened(Spent)
    late = home.phone(fragment)
    late.hello()
    assert late.answer() == No(Why.TOO_LATE)


def test_four_wrong_keys_do_no_harm(home: Home) -> None:
    fragment = home.box.invite(bytes(32))
    for _ in range(TRIES - 1):
        home.phone(fragment).hello(once=bytes(16))
    home.phone(fragment).pair()
    assert home.happened(Arrived)


def test_a_second_phone_with_the_same_code(home: Home) -> None:
    fragment = home.box.invite(bytes(32))
    home.phone(fragment).pair()
    second = home.phone(fragment)
    second.hello()
    assert second.answer() == No(Why.USED)
    assert len(home.happened(Arrived)) == 1


def test_a_second_phone_between_hello_and_reveal(home: Home) -> None:
    fragment = home.box.invite(bytes(32))
    first, second = home.phone(fragment), home.phone(fragment)
    first.hello()
    second.hello()
    assert second.answer() == No(Why.USED)


def test_after_two_minutes(home: Home) -> None:
    phone = home.phone()
    home.now += LIFE_S
    phone.hello()
    assert phone.answer() == No(Why.TOO_LATE)
    home.box.tick()
    assert home.happened(Spent)


def test_just_in_time(home: Home) -> None:
    phone = home.phone()
    home.now += LIFE_S - 1
    phone.pair()
    assert home.happened(Arrived)


def test_a_code_that_is_no_longer_shown(home: Home) -> None:
    phone = home.phone()
    home.box.withdraw()
    phone.hello()
    assert phone.answer() == No(Why.TOO_LATE)


def test_a_new_code_makes_the_old_one_worthless(home: Home) -> None:
    old = home.phone()
    home.box.invite(bytes(32))
    old.hello()
    assert old.answer() == No(Why.WRONG_KEY)


def test_a_key_other_than_the_one_committed_to(home: Home) -> None:
    """Who stands in between must choose before the box has chosen: no search for a key with the same number."""
    phone = home.phone()
    phone.hello()
    phone.say(Reveal(bytes(range(32))))
    assert phone.let_go
    assert not home.events


@pytest.mark.parametrize("public", [bytes(32), b"short", bytes(33)], ids=["small order", "short", "long"])
def test_a_public_key_that_is_none(home: Home, public: bytes) -> None:
    phone = home.phone()
    phone.public, phone.commitment = public, sha256(public).digest()
    phone.hello()
    phone.say(Reveal(public))
    assert phone.let_go
    assert not home.events


def test_somebody_in_between_shows_another_number(home: Home) -> None:
    """He has the code too (a photograph of the television), and both sides talk to him."""
    fragment = home.box.invite(bytes(32))
    between = home.phone(fragment)
    between.pair()
    victim = Phone(Home(), fragment)
    victim.agree(between.public)
    assert victim.check != between.check


def test_another_certificate_gives_other_keys(home: Home) -> None:
    phone = home.phone()
    phone.certificate = bytes(32)
    phone.pair()
    home.box.admit(frozenset(Role))
    phone.tell(Here())
    assert phone.let_go


def test_the_phone_leaves_before_the_answer(home: Home) -> None:
    phone = home.phone()
    phone.pair()
    phone.go_away()
    assert isinstance(home.events[-1], Left)
    home.box.admit(frozenset(Role))
    assert not home.box.linked


@pytest.mark.parametrize("frame", ["", "{}", '{"t":"hello"}', '{"t":"key","key":"ok"}', "[", b"", b"x" * 100])
def test_nonsense_ends_the_connection(home: Home, frame: str | bytes) -> None:
    phone = home.phone()
    home.box.heard(phone.connection, frame)
    assert phone.let_go
    assert not home.events


def test_a_stranger_who_says_nothing(home: Home) -> None:
    phone = home.phone()
    home.now += STRANGER_S + 1
    home.box.tick()
    assert phone.let_go


def test_hello_on_the_connection_of_a_paired_phone(phone: Phone) -> None:
    phone.hello()
    assert isinstance(phone.answer(), No)


# --- what it says -----------------------------------------------------------------------------------------------------


def test_a_key(phone: Phone, home: Home) -> None:
    phone.tell(Key("ok"))
    assert home.happened(Pressed) == [Pressed(Action.OK)]


def test_digits_are_wiped_once_told(phone: Phone, home: Home) -> None:
    phone.type(7, b"1234")
    (typed,) = home.happened(Typed)
    assert home.digits == [b"1234"]
    assert typed.screen == 7
    assert bytes(typed.typed) == bytes(4)


@pytest.mark.parametrize("typed", [b"12a4", b"\x0012", "１２".encode()])
def test_what_is_typed_is_digits_and_capitals(phone: Phone, home: Home, typed: bytes) -> None:
    phone.type(7, typed)
    assert phone.let_go
    assert not home.happened(Typed)


def test_near_and_forget(phone: Phone, home: Home) -> None:
    phone.tell(Near(on=True))
    phone.tell(Forget())
    assert home.happened(Nearer) == [Nearer(on=True)]
    assert isinstance(home.events[-1], Left)
    assert not home.box.linked


def test_a_key_there_is_not(phone: Phone, home: Home) -> None:
    phone.tell(Key("power"))
    assert phone.let_go
    assert not home.happened(Pressed)


# --- replay -----------------------------------------------------------------------------------------------------------


def test_a_frame_played_again(phone: Phone, home: Home) -> None:
    frame = phone.tell(Key("ok"))
    home.box.heard(phone.connection, frame)
    assert len(home.happened(Pressed)) == 1
    assert phone.let_go


def test_a_frame_left_out(phone: Phone, home: Home) -> None:
    phone.channel.seal(b"never sent")
    phone.tell(Key("ok"))
    assert not home.happened(Pressed)


@pytest.mark.parametrize("place", [0, 7, 8, 20, -1])
def test_a_frame_changed_on_the_way(phone: Phone, home: Home, place: int) -> None:
    frame = bytearray(phone.channel.seal(b'\x00{"t":"key","key":"ok"}'))
    frame[place] ^= 1
    home.box.heard(phone.connection, bytes(frame))
    assert not home.happened(Pressed)
    assert phone.let_go


def test_the_boxs_own_frame_sent_back(phone: Phone, home: Home) -> None:
    home.box.say(STATE)
    frame = home.sent[phone.connection][-1]
    home.box.heard(phone.connection, frame)
    assert phone.let_go


def test_a_frame_over_another_connection(phone: Phone, home: Home) -> None:
    other = home.connect()
    home.box.heard(other, phone.channel.seal(b'\x00{"t":"key","key":"ok"}'))
    assert other in home.closed
    assert not home.happened(Pressed)
    assert home.box.awake


# --- sleep and return -------------------------------------------------------------------------------------------------


def test_sleep_and_return(phone: Phone, home: Home) -> None:
    phone.go_away()
    assert isinstance(home.events[-1], Asleep)
    assert home.box.linked
    assert not home.box.awake
    home.now += RETURN_S - 1
    home.box.tick()
    phone.come_back()
    assert isinstance(home.events[-1], Awake)
    phone.tell(Key("ok"))
    assert home.happened(Pressed)
    home.box.say(STATE)
    assert phone.heard() == [STATE]


def test_too_long_a_sleep(phone: Phone, home: Home) -> None:
    phone.go_away()
    home.now += RETURN_S + 1
    home.box.tick()
    assert isinstance(home.events[-1], Left)
    phone.ask_back()
    assert phone.answer() == No(Why.OVER)


def test_a_phone_that_falls_silent(phone: Phone, home: Home) -> None:
    home.now += SILENT_S + 1
    home.box.tick()
    assert phone.let_go
    assert isinstance(home.events[-1], Asleep)


def test_signs_of_life(phone: Phone, home: Home) -> None:
    for _ in range(5):
        home.now += SILENT_S - 1
        phone.tell(Here())
        home.box.tick()
    assert home.box.awake


def test_frames_from_before_the_sleep(phone: Phone, home: Home) -> None:
    frame = phone.tell(Key("ok"))
    phone.go_away()
    phone.come_back()
    home.box.heard(phone.connection, frame)
    assert len(home.happened(Pressed)) == 1


def test_a_return_played_again_changes_nothing(phone: Phone, home: Home) -> None:
    phone.go_away()
    old = phone.connection
    asked = phone.ask_back()
    home.box.went(phone.connection)
    phone.come_back()
    thief = home.connect()
    home.box.heard(thief, asked)
    home.box.heard(thief, phone.channel.seal(b'\x00{"t":"here"}'))
    assert thief in home.closed
    assert phone.connection not in home.closed
    assert home.box.awake
    assert old != phone.connection


def test_a_return_without_the_key(phone: Phone, home: Home) -> None:
    phone.go_away()
    phone.returning = bytes(32)
    phone.ask_back()
    assert phone.let_go


def test_the_new_connection_takes_the_place_of_the_old_one(phone: Phone, home: Home) -> None:
    old = phone.connection
    phone.come_back()
    assert old in home.closed
    home.box.went(old)
    assert home.box.awake


def test_after_the_pairing_nobody_returns(phone: Phone, home: Home) -> None:
    home.box.forget(Why.OVER)
    assert phone.heard() == [Over(Why.OVER)]
    phone.ask_back()
    assert phone.answer() == No(Why.OVER)


def test_proofs_name_what_they_are_for() -> None:
    assert sealing.prove(b"k", b"hello", b"x") != sealing.prove(b"k", b"return", b"x")


def test_a_hello_is_no_return(phone: Phone, home: Home) -> None:
    phone.say(Hello(bytes(32), bytes(32)))
    assert phone.let_go

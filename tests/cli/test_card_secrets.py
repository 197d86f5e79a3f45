"""`madoguchi card change-pin` and `verify-pin` for every secret; what is said when the second of two fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from drivers.card.jpki import Jpki
from drivers.errors import Pin, PinBlocked
from drivers.secret import Secret
from drivers.software_card.card import SoftwareCard
from drivers.software_card.counters import keep_counters
from drivers.software_card.exchange import Exchange
from drivers.software_card.faults import Faults, parse
from drivers.software_card.folder import card_folder, open_card, read_profile
from drivers.software_card.links.inprocess import InProcessReaders
from kiosk import told
from kiosk.card_deeds import OurCard
from kiosk.card_secrets import CHANGEABLE, Changed, ChangeFailed, Which, change_pin, verify_pin
from kiosk.pin_prompt import NotAsked, PinPrompt
from tests.card.host.scripted import secret
from tests.cli.command import terminal
from tests.cli.conftest import Counters
from tests.cli.direct import Direct

OLD = {"sign": "ABC123"}
NEW = {"sign": "XYZ789"}
PRINTED = {
    "text-a": "999999990018",
    "text-b": "19050320359001",
    "face-a": "999999990018",
    "face-b": "19050320359001",
    "birth-date": "190503",
}


class Typed:
    """A person who types these, one after the other, and the tries that were left each time."""

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = old, new
        self.asked: list[tuple[Pin, int]] = []
        self.given: list[Secret] = []

    def __call__(self, pin: Pin, tries: int) -> Secret:
        self.asked.append((pin, tries))
        return self._keep(self._old)

    def new(self, pin: Pin) -> Secret:
        return self._keep(self._new)

    def on_reader(self, pin: Pin, tries: int) -> bool:
        return False

    def _keep(self, text: str) -> Secret:
        self.given.append(secret(text.encode()))
        return self.given[-1]


async def seated(data: Path, *rules: str) -> tuple[OurCard, SoftwareCard]:
    card = open_card(card_folder(data, "adult"))
    readers = InProcessReaders(exchange=Exchange(Faults([parse(rule) for rule in rules])))
    readers.insert(card)
    connection = await readers.connect(readers.names[0])
    return OurCard(connection.reader, await Jpki.select(connection)), card


async def verified(data: Path, which: Which, value: str) -> bool:
    """Whether the card, as it is in its folder, takes the value."""
    seat, _ = await seated(data)
    return (await verify_pin(seat, which, Typed(value, ""))).secret == which.value


@pytest.mark.parametrize("name", sorted(CHANGEABLE))
async def test_every_secret_can_be_changed_and_says_what_was(data: Path, name: str) -> None:
    seat, _ = await seated(data)
    person = Typed(OLD.get(name, "1234"), NEW.get(name, "5678"))
    changed = await change_pin(seat, name, person)
    assert changed.changed == tuple(which.value for which in CHANGEABLE[name])
    assert len(person.asked) == 1, "one entry, however many references"
    assert all(len(given) == 0 for given in person.given), "wiped"
    for which in CHANGEABLE[name]:
        assert await verified(data, which, NEW.get(name, "5678"))


@pytest.mark.parametrize("name", sorted(PRINTED))
async def test_what_is_printed_can_be_tried(data: Path, name: str) -> None:
    assert await verified(data, Which(name), PRINTED[name])


async def test_a_wrong_old_one_costs_one_try_and_nothing_changes(data: Path) -> None:
    seat, card = await seated(data)
    with pytest.raises(ChangeFailed) as failed:
        await change_pin(seat, "register", Typed("0000", "5678"))
    assert (failed.value.done, failed.value.failed) == ((), Which.COMMON)
    assert (card.counters.left("common"), card.counters.left("juki")) == (2, 3), "the second was not even tried"
    assert "common still has the old one: Wrong; tries left: 2." in told.failure(failed.value).detail


async def test_when_the_second_fails_it_says_what_was_changed(data: Path) -> None:
    """The resident half had another PIN all along."""
    seat, _ = await seated(data)
    await change_pin(seat, "resident", Typed("1234", "9999"))
    seat, card = await seated(data)
    with pytest.raises(ChangeFailed) as failed:
        await change_pin(seat, "register", Typed("1234", "5678"))
    said = told.failure(failed.value)
    assert "common has the new secret. resident still has the old one: Wrong; tries left: 2." in said.detail
    assert said.next_step.endswith("change-pin resident")
    assert (card.counters.left("common"), card.counters.left("juki")) == (3, 2)
    assert await verified(data, Which.COMMON, "5678")
    assert await verified(data, Which.RESIDENT, "9999")


async def test_when_the_card_goes_during_the_second_nobody_knows(data: Path) -> None:
    """0-4: JPKI, and both applications with their tries; 5-7 the common half; 8 select, 9 VERIFY, 10 CHANGE."""
    seat, _ = await seated(data, "apdu=10:remove-after")
    with pytest.raises(ChangeFailed) as failed:
        await change_pin(seat, "register", Typed("1234", "5678"))
    said = told.failure(failed.value)
    assert "common has the new secret." in said.detail
    assert "Whether resident has the new secret cannot be told." in said.detail
    assert said.next_step.endswith("verify-pin resident")
    assert await verified(data, Which.RESIDENT, "5678"), "the card had carried it out"


async def test_when_the_card_goes_between_the_two_the_second_is_the_old_one(data: Path) -> None:
    seat, _ = await seated(data, "apdu=8:remove")
    with pytest.raises(ChangeFailed) as failed:
        await change_pin(seat, "register", Typed("1234", "5678"))
    assert "resident still has the old one" in told.failure(failed.value).detail
    assert await verified(data, Which.RESIDENT, "1234")


async def test_a_blocked_half_is_said_before_anything_is_asked(data: Path) -> None:
    for _ in range(3):
        seat, _ = await seated(data)
        with pytest.raises((ChangeFailed, PinBlocked)):
            await change_pin(seat, "resident", Typed("0000", "5678"))
    seat, card = await seated(data)
    person = Typed("1234", "5678")
    with pytest.raises(PinBlocked):
        await change_pin(seat, "register", person)
    assert not person.asked
    assert card.counters.left("common") == 3


# --- what is typed


@contextmanager
def lines(tmp_path: Path, *typed: str) -> Iterator[PinPrompt]:
    file = tmp_path / "typed"
    file.write_text("".join(f"{line}\n" for line in typed))
    with file.open() as opened:
        yield PinPrompt(opened.fileno(), last_try=False)


@pytest.mark.parametrize(
    ("pin", "typed", "said"),
    [
        (Pin.TEXT_SUPPORT, ("5678", "5679"), "differ"),
        (Pin.TEXT_SUPPORT, ("5678",), "is no text support PIN"),
        (Pin.TEXT_SUPPORT, ("56789", "56789"), "is no text support PIN"),
        (Pin.DIGITAL_SIGNATURE, ("ABCDEF", "ABCDEF"), "needs a letter and a digit"),
        (Pin.DIGITAL_SIGNATURE, ("123456", "123456"), "needs a letter and a digit"),
    ],
)
def test_a_new_one_must_be_typed_twice_and_have_the_form(
    tmp_path: Path, pin: Pin, typed: tuple[str, ...], said: str
) -> None:
    with lines(tmp_path, *typed) as prompt, pytest.raises(NotAsked, match=said):
        prompt.new(pin)


def test_a_new_one_typed_twice_is_taken(tmp_path: Path) -> None:
    with lines(tmp_path, "xyz789", "XYZ789") as prompt, prompt.new(Pin.DIGITAL_SIGNATURE) as new:
        copy = bytearray(6)
        new.copy_into(copy, 0)
        assert copy == b"XYZ789"


def test_the_result_is_one_sentence() -> None:
    assert told.as_text(Changed("R", ("common", "resident"))) == (
        "The card in R has the new secret for common and resident."
    )


# --- the command


def test_change_pin_reads_three_lines_and_shows_none(direct: Direct, counters: Counters) -> None:
    status, said = direct.run("change-pin", "text", typed="1234\n8642\n8642\n")
    assert status == 0, said
    assert "8642" not in said
    assert direct.run("verify-pin", "text", typed="8642\n")[0] == 0
    status, told_ = direct.json("change-pin", "text", typed="8642\n1111\n2222\n")
    assert (status, told_["error"]) == (1, "NotAsked")
    assert counters("adult")["text"] == 3


def test_change_pin_on_the_last_try_needs_a_word(direct: Direct, counters: Counters) -> None:
    direct.box.insert("last-try")
    status, said = direct.json("change-pin", typed="1234\n5678\n5678\n")
    assert (status, said["error"]) == (1, "NotAsked")
    assert counters("last-try")["auth"] == 1
    assert direct.run("change-pin", "--last-try", typed="1234\n5678\n5678\n")[0] == 0


def test_a_person_is_asked_old_new_and_new_again(direct: Direct) -> None:
    with terminal("card", "change-pin", "register", "--reader", f"direct:{direct.data}") as person:
        person.wait_for("resident register PIN (4 digits), tries left 3: ")
        person.type("1234\n")
        person.wait_for("new resident register PIN (4 digits): ")
        person.type("5678\n")
        person.wait_for("again: ")
        person.type("5678\n")
        assert person.end() == 0, person.shown
    assert "common and resident" in person.shown
    assert "5678" not in person.shown


def test_a_secret_in_place_of_its_name_is_not_repeated(direct: Direct, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("verify-pin", "change-pin"):
        with pytest.raises(SystemExit) as ended:
            direct.run(command, "4711")
        assert ended.value.code == 2
        assert "4711" not in capsys.readouterr().err


def test_a_card_without_the_application_says_so(direct: Direct) -> None:
    bare = card_folder(direct.data, "expired")
    profile = msgspec.structs.replace(read_profile(bare), holder=None)
    bare.profile.write_bytes(msgspec.json.encode(profile))
    keep_counters(bare.counters, profile.maximum_tries)
    direct.box.insert("expired")
    status, said = direct.json("verify-pin", "face-a", typed="999999990018\n")
    assert (status, said["error"]) == (1, "NotOnCard")

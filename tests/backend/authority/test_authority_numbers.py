"""The Individual Number: one for each code, never twice, not to be led back, and nowhere to be found."""

from __future__ import annotations

import logging
from base64 import b64decode
from pathlib import Path

import msgspec
import pytest
from authority_kit import Office, open_office
from backend_kit import Clock
from sqlalchemy import select
from stdnum.jp import cn, in_

from backend_client.wire import NumberLetter, NumberRequest, ResidentEntry
from backend_stub.authority.counter import letter_context
from backend_stub.authority.ff1 import Ff1
from backend_stub.authority.numbers import Numbers
from backend_stub.authority.tables import resident_codes
from backend_stub.people import Resident
from backend_stub.people.codes import corporate_check_digit, individual_check_digit
from backend_stub.sealing import NotForUs, unseal

KEY = bytes.fromhex("2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94")


async def letter(office: Office, reference: str, path: str = "/number-letters") -> str:
    """The number, as the counter's printer reads it."""
    sealed: NumberLetter = await office.ask("midori-city", path, NumberRequest(reference=reference), NumberLetter)
    return unseal(b64decode(sealed.sealed), office.sealing["midori-city"], letter_context("midori-city")).decode()


@pytest.mark.parametrize(("key", "encrypted"), [(KEY[:16], "2433477484"), (KEY, "6657667009")])
def test_ff1_as_nist_has_it(key: bytes, encrypted: str) -> None:
    """Source: NIST, FF1samples.pdf, samples 1 and 7."""
    assert Ff1(key, 10).encrypt("0123456789") == encrypted
    assert Ff1(key, 10).decrypt(encrypted) == "0123456789"


def test_ff1_is_a_permutation_of_every_length() -> None:
    for length in range(6, 31):
        permutation = Ff1(KEY, length)
        texts = [f"{number:0{length}d}" for number in (*range(200), 10**length - 1)]
        encrypted = [permutation.encrypt(text) for text in texts]
        assert len(set(encrypted)) == len(texts)
        assert all(len(text) == length for text in encrypted)
        assert [permutation.decrypt(text) for text in encrypted] == texts


@pytest.mark.parametrize(
    "number", ["621498320257", "123456789018", "537686677188", "983205673214", "379474484458", "454972364860"]
)
def test_check_digits_of_persons(number: str) -> None:
    assert individual_check_digit(number[:11]) == int(number[11])
    assert in_.is_valid(number)


def test_check_digits_agree_with_an_oracle() -> None:
    for digits in range(0, 10**11, 98_765_432_1):
        assert str(individual_check_digit(f"{digits:011d}")) == in_.calc_check_digit(f"{digits:011d}")
    for digits in range(10**11, 10**12, 9_876_543_21):
        assert str(corporate_check_digit(str(digits))) == cn.calc_check_digit(str(digits))
    assert [corporate_check_digit(number[1:]) for number in ("5835678256246", "8700110005901")] == [5, 8]


async def test_everybody_has_one_number_and_it_stays(
    office: Office, residents: tuple[Resident, ...], data: Path, clock: Clock
) -> None:
    numbers = {resident.id: await letter(office, resident.id) for resident in residents}
    assert len(set(numbers.values())) == len(residents)
    assert all(in_.is_valid(number) for number in numbers.values())
    again = open_office(data, residents, clock)
    assert {resident.id: await letter(again, resident.id) for resident in residents} == numbers


async def test_a_leaked_number_is_changed_and_the_person_stays(office: Office) -> None:
    had = [await letter(office, "adult")]
    for _ in range(9):
        had.append(await letter(office, "adult", "/number-changes"))
        assert await letter(office, "adult") == had[-1]
    assert len(set(had)) == 10, "none is given again"
    request = NumberRequest(reference="adult")
    assert await office.refused("midori-city", "/number-changes", request) == "not_possible"
    assert await letter(office, "adult") == had[-1]


def test_no_two_persons_have_the_same_number_whatever_is_changed() -> None:
    permutation = Ff1(KEY, 11)
    numbers = {permutation.encrypt(f"{code:010d}{edition}") for code in range(500) for edition in range(10)}
    assert len(numbers) == 5000


async def test_nothing_leads_back_without_the_key(office: Office) -> None:
    number = await letter(office, "adult")
    with office.database().connect() as connection:
        code = connection.execute(select(resident_codes.c.code).where(resident_codes.c.resident_id == "adult")).scalar()
        other = Numbers(bytes(32)).of(connection, "adult")
    key = (office.folder / "numbers.key").read_bytes()
    assert Ff1(key, 11).decrypt(number[:11])[:10] == str(code)[:10]
    assert Ff1(bytes(32), 11).decrypt(number[:11])[:10] != str(code)[:10]
    assert other != number


async def test_the_number_is_in_no_file_no_log_and_no_other_answer(
    office: Office, caplog: pytest.LogCaptureFixture, residents: tuple[Resident, ...]
) -> None:
    caplog.set_level(logging.DEBUG)
    numbers = [await letter(office, resident.id) for resident in residents[:3]]
    await letter(office, "adult", "/number-changes")
    raw = await office.send("midori-city", "/number-letters", NumberRequest(reference="first"))
    files = b"".join(path.read_bytes() for path in office.folder.iterdir())
    for number in numbers:
        assert number.encode() not in files
        assert number[:11].encode() not in files
        assert number not in caplog.text
        assert number.encode() not in raw.content


async def test_the_letter_opens_at_no_other_counter(office: Office) -> None:
    request = NumberRequest(reference="adult")
    sealed: NumberLetter = await office.ask("midori-city", "/number-letters", request, NumberLetter)
    for machine, context in (("reiji-city", "midori-city"), ("midori-city", "reiji-city")):
        with pytest.raises(NotForUs):
            unseal(b64decode(sealed.sealed), office.sealing[machine], letter_context(context))


async def test_numbers_are_for_the_persons_own_municipality(office: Office, residents: tuple[Resident, ...]) -> None:
    request = NumberRequest(reference="adult")
    for path in ("/number-letters", "/number-changes"):
        assert await office.refused("reiji-city", path, request) == "not_found"
        for machine in ("midori-tax", "portal", "gateway"):
            assert await office.refused(machine, path, request) == "not_allowed"
        assert await office.refused("", path, request) == "machine_unknown"
        assert await office.refused("midori-city", path, NumberRequest(reference="nobody")) == "not_found"


async def test_somebody_new_gets_a_code_and_a_number(office: Office, residents: tuple[Resident, ...]) -> None:
    child = next(one for one in residents if one.id == "child")
    items = msgspec.structs.replace(child.items, name="見本 梅子")
    entry = ResidentEntry(reference="newborn-1", items=items, kana="ミホン ウメコ")
    await office.ask("midori-city", "/residents", entry, None)
    number = await letter(office, "newborn-1")
    assert in_.is_valid(number)
    assert number != await letter(office, "child")
    assert await office.refused("midori-city", "/residents", entry) == "not_possible"

"""Whole programs under faults: each leads to its own screen, and back from it when the cause is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.tours_common import ABC, TO_OK
from tests.e2e.booth import booth
from tests.pcsc import PrivatePcscd

CODES = {
    "expired": "E-06",
    "revoked": "E-07",
    "not-yet": "E-28",
    "wrong-policy": "E-29",
}


@pytest.mark.parametrize("card", sorted(CODES))
async def test_a_certificate_that_is_not_in_order(card: str, data: Path, pcscd: PrivatePcscd) -> None:
    async with booth(data, pcscd.vpcd) as b:
        await b.driver.reach("attract")
        await b.insert(card)
        await b.driver.reach("sign_in.pin")
        await b.driver.press("1", "2", "3", "4", "Return")
        await b.driver.reach(CODES[card])


async def test_the_card_service_stops_and_comes_back(data: Path, pcscd: PrivatePcscd) -> None:
    async with booth(data, pcscd.vpcd) as b:
        await b.driver.reach("attract")
        pcscd.stop()
        await b.driver.reach("E-22")
        pcscd.start()
        await b.driver.reach("attract")
        await b.insert("adult")
        await b.driver.reach("sign_in.pin")


async def test_the_card_service_stops_in_the_middle_of_a_visit(data: Path, pcscd: PrivatePcscd) -> None:
    async with booth(data, pcscd.vpcd) as b:
        await b.sign_in()
        pcscd.stop()
        await b.driver.reach("card_away")
        pcscd.start()
        await b.driver.reach("home")


async def test_a_foreign_card_in_the_first_reader_hides_nothing(data: Path, pcscd: PrivatePcscd) -> None:
    async with booth(data, pcscd.vpcd) as b:
        await b.driver.reach("attract")
        await b.insert("other-card", 0)
        await b.driver.reach("E-02")
        await b.insert("adult", 1)
        await b.driver.reach("sign_in.pin")


async def test_the_card_is_lifted_and_put_back(data: Path, pcscd: PrivatePcscd) -> None:
    async with booth(data, pcscd.vpcd) as b:
        await b.sign_in()
        await b.driver.press("1")
        await b.driver.reach("notices")
        await b.remove()
        await b.driver.reach("card_away")
        await b.insert("adult")
        await b.driver.reach("notices")


async def test_another_card_ends_the_visit(data: Path, pcscd: PrivatePcscd) -> None:
    async with booth(data, pcscd.vpcd) as b:
        await b.sign_in()
        await b.remove()
        await b.driver.reach("card_away")
        await b.insert("first")
        await b.driver.reach("E-20")
        await b.remove()
        await b.driver.reach("attract")


async def test_wrong_then_blocked(data: Path, pcscd: PrivatePcscd) -> None:
    async with booth(data, pcscd.vpcd) as b:
        await b.driver.reach("attract")
        await b.insert("last-try")
        await b.driver.reach("E-04")
        await b.driver.press("Up", "Left", "1")
        await b.driver.reach("sign_in.pin")
        await b.driver.press("9", "9", "9", "9", "Return")
        await b.driver.reach("E-05")
        tries = {card["name"]: card["tries"] for card in b.box.list()}
        assert tries["last-try"]["auth"] == 0


async def test_the_backend_is_gone(data: Path, pcscd: PrivatePcscd) -> None:
    async with booth(data, pcscd.vpcd) as b:
        await b.sign_in()
        await b.backend.stop()
        await b.driver.press("1")
        await b.driver.reach("E-10")
        await b.driver.press("Escape")
        await b.driver.reach("home")


async def test_a_first_visit_opens_the_folder(data: Path, pcscd: PrivatePcscd) -> None:
    async with booth(data, pcscd.vpcd) as b:
        await b.driver.reach("attract")
        await b.insert("first")
        await b.driver.reach("sign_in.pin")
        await b.driver.press("1", "2", "3", "4", "Return")
        await b.driver.reach("sign_in.register")
        await b.driver.press("1")
        await b.driver.reach("signing.password")
        await b.driver.press(*ABC, "1", "2", "3", *TO_OK)
        await b.driver.reach("home")

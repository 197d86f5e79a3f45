"""axe-core finds nothing on any view of the pages."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from kiosk.screens import Screen
from stb_profile.phone.messages import Role
from tests.phone.conftest import Room
from tests.phone.screens import letter, menu, password, pin, question, reading

pytestmark = pytest.mark.asyncio(loop_scope="session")

AXE = Axe()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


async def check(page: Page) -> None:
    found = await AXE.run(page, options=RULES)
    assert found.response["violations"] == [], found.generate_report()
    assert len(found.response["passes"]) > 10, "axe has looked at something"


async def test_pairing(room: Room) -> None:
    async with room.companion.invited() as address:
        page = await room.phones.scan(address)
        await expect(page.locator("#check")).to_be_visible()
        await check(page)
    await expect(page.locator("#over")).to_be_visible()
    await check(page)


@pytest.mark.parametrize("here_only", [False, True])
async def test_the_remote(room: Room, here_only: bool) -> None:
    page = await room.pair(Role.REMOTE)
    await room.show(question(here_only=True) if here_only else menu())
    await check(page)


@pytest.mark.parametrize("screen", [pin(), password(), reading()], ids=["pin", "password", "number"])
async def test_what_is_typed(room: Room, screen: Screen[Any]) -> None:
    page = await room.pair(Role.REMOTE, Role.PRIVATE)
    await room.show(screen)
    await expect(page.locator("#pin")).to_be_visible()
    await check(page)


async def test_reading(room: Room) -> None:
    page = await room.pair(Role.PRIVATE)
    await check(page)
    await room.show(letter())
    await page.locator("#near").click()
    await expect(page.locator("#reading")).to_be_visible()
    await check(page)


async def test_taking_a_copy(room: Room) -> None:
    async with room.companion.handed_over("国民健康保険料のおしらせ\n12,300円") as (address, fetched):
        page = await room.phones.scan(address)
        await check(page)
        await page.locator("#take").click()
        await expect(page.locator("#text")).to_have_text("国民健康保険料のおしらせ\n12,300円", use_inner_text=True)
        assert fetched.is_set()
        await check(page)


async def test_nothing_there(room: Room) -> None:
    room.phones.expected = ("404",)
    async with room.companion.invited() as address:
        pass
    await check(await room.phones.scan(address))


async def test_axe_would_find_something(room: Room) -> None:
    async with room.companion.invited() as address:
        page = await room.phones.scan(address)
        await page.evaluate("document.querySelector('main').append(document.createElement('button'))")
        found = await AXE.run(page, options=RULES)
    assert [violation["id"] for violation in found.response["violations"]] == ["button-name"]

"""A copy for a phone to take home, in a real Chromium."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.phone.conftest import Room

pytestmark = pytest.mark.asyncio(loop_scope="session")

TEXT = "国民健康保険料のおしらせ\n差出人: みほん県みどり市\n\n12,300円"


async def test_the_copy_is_kept_on_the_phone(room: Room) -> None:
    async with room.companion.handed_over(TEXT) as (address, _):
        page = await room.phones.scan(address)
        await page.locator("#take").click()
        async with page.expect_download() as download:
            await page.locator("#keep").click()
        path = await (await download.value).path()
        assert path.read_text("utf-8") == TEXT


async def test_only_one_phone_gets_it(room: Room) -> None:
    room.phones.expected = ("404",)
    async with room.companion.handed_over(TEXT) as (address, _):
        first, second = await room.phones.scan(address), await room.phones.scan(address)
        await first.locator("#take").click()
        await expect(first.locator("#taken")).to_be_visible()
        await second.locator("#take").click()
        await expect(second.locator("#failed")).to_be_visible()


async def test_with_another_key_it_cannot_be_read(room: Room) -> None:
    async with room.companion.handed_over(TEXT) as (address, _):
        page = await room.phones.scan(address[:-22] + "A" * 22)
        await page.locator("#take").click()
        await expect(page.locator("#failed")).to_be_visible()
        assert "12,300" not in await page.content()

"""A real Chromium at phone size, a real gate on the loopback address, and a television without Qt."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Never

import pytest_asyncio
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    WebSocketRoute,
    async_playwright,
    expect,
)

from kiosk import words
from kiosk.phone import Companion
from kiosk.screens import Screen
from stb_profile.phone.messages import Role
from tests.phone.television import Television

WORDS = words.load()
CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run")  # fmt: skip
PHONE = {"width": 390, "height": 844}
WAIT_MS = 5000


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    expect.set_options(timeout=WAIT_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def pocket(chromium: Browser) -> BrowserContext:
    """Where phones come from. They share it: a page keeps nothing, so that each one is a phone of its own."""
    context = await chromium.new_context(
        viewport=PHONE, ignore_https_errors=True, locale="ja-JP", has_touch=True, is_mobile=True
    )
    context.set_default_timeout(WAIT_MS)
    return context


@dataclass
class Phones:
    """What a page complains about fails the test, unless it is `expected`."""

    pocket: BrowserContext
    complaints: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()

    async def scan(self, address: str, *, between: Callable[[WebSocketRoute], Awaitable[None]] | None = None) -> Page:
        """A phone opens the address of a QR and goes past the warning about the certificate."""
        page = await self.pocket.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._asked(request.url, address))
        if between is not None:
            await page.route_web_socket("**/ws", between)
        await page.goto(address)
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _asked(self, url: str, address: str) -> None:
        own = address.split("/")[2]
        if not url.startswith((f"https://{own}/", f"wss://{own}/", "data:", "blob:")):
            self.complaints.append(f"asked outside: {url}")


@pytest_asyncio.fixture(loop_scope="session")
async def phones(pocket: BrowserContext) -> AsyncIterator[Phones]:
    there = Phones(pocket)
    yield there
    for page in pocket.pages:
        await page.close()
    assert [said for said in there.complaints if not any(part in said for part in there.expected)] == []


@dataclass
class House:
    """A television with its companion and gate."""

    tv: Television
    companion: Companion
    caring: asyncio.Task[Never]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house() -> AsyncIterator[House]:
    tv = Television()
    companion = Companion(tv, WORDS, "127.0.0.1")
    caring = asyncio.ensure_future(companion.care())
    await companion.open()
    yield House(tv, companion, caring)
    caring.cancel()
    await asyncio.gather(caring, return_exceptions=True)
    assert caring.cancelled()  # and not ended by a fault


@dataclass
class Room:
    """What one test has: nobody paired, nothing shown."""

    tv: Television
    companion: Companion
    phones: Phones
    deeds: list[asyncio.Task[Any]] = field(default_factory=list)

    async def show(self, screen: Screen[Any]) -> asyncio.Task[Any]:
        """A flow waits for the screen's answer."""
        self.deeds.append(asyncio.ensure_future(self.tv.show(screen)))
        await self.tv.until(screen)
        return self.deeds[-1]

    async def pair(self, *roles: Role) -> Page:
        async with self.companion.invited() as address:
            page = await self.phones.scan(address)
            await self.companion.arrival()
            self.companion.admit(frozenset(roles))
        await expect(page.locator("#foot")).to_be_visible()
        return page


@pytest_asyncio.fixture(loop_scope="session")
async def room(house: House, phones: Phones) -> AsyncIterator[Room]:
    there = Room(house.tv, house.companion, phones)
    there.tv.pressed.clear()
    yield there
    house.companion.forget()
    house.tv.wipe()
    for task in there.deeds:
        task.cancel()
    await asyncio.gather(*there.deeds, return_exceptions=True)
    assert not house.caring.done()

"""A whole visit with a phone: the kiosk's own flows, a fake card and backend, a real gate and a real Chromium."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from backend_client.errors import Refused
from kiosk import phone as phone_module
from kiosk.desk import EndReason
from kiosk.screens import Confirm, PhoneCode, PhoneMark
from kiosk.visit import Visit
from stb_profile.keymap import Action
from stb_profile.phone.messages import Role
from stb_profile.profile import load
from tests.flow.fakes import NOON, FakeBackend, FakeCard, FakeReaders, select
from tests.phone.conftest import WORDS, Phones
from tests.phone.television import Television

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass
class Evening:
    """Somebody has put the card there."""

    tv: Television
    phones: Phones
    readers: FakeReaders
    card: FakeCard
    backend: FakeBackend
    visiting: asyncio.Task[EndReason]
    codes: list[str]

    async def type(self, digits: str) -> None:
        await self.tv.until("sign_in.pin")
        for digit in digits:
            self.tv.act(Action(digit))
        self.tv.act(Action.OK)

    async def scan(self) -> Page:
        """From where the phone was chosen, at home without that, to the question whether the numbers are the same."""
        if self.tv.screen is not None and self.tv.screen.name == "home":
            self.tv.answer("phone")
        screen = await self.tv.until("phone.code")
        assert isinstance(screen, PhoneCode)
        return await self.phones.scan(self.codes[-1])

    async def pair(self, *roles: Role) -> Page:
        page = await self.scan()
        question = await self.tv.until("phone.same")
        assert await page.locator("#number").inner_text() in question.title
        self.tv.answer(True)
        for role in Role:
            await self.tv.until(f"phone.may_{role.value}")
            self.tv.answer(role in roles)
        await self.tv.until("phone")
        return page


@pytest_asyncio.fixture(loop_scope="session")
async def evening(arrived: Evening) -> Evening:
    """Somebody has signed in and stands at home."""
    await arrived.type("1234")
    await arrived.tv.until("home")
    return arrived


@pytest_asyncio.fixture(loop_scope="session")
async def arrived(phones: Phones, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Evening]:
    codes: list[str] = []
    monkeypatch.setattr(phone_module, "own_address", lambda: "127.0.0.1")

    def no_picture(address: str) -> str:
        codes.append(address)
        return "data:,"

    monkeypatch.setattr("kiosk.flows.phone.picture", no_picture)
    card, backend, tv, readers = FakeCard(), FakeBackend(), Television(), FakeReaders("R1")
    backend.cards = [card]
    visit = Visit(
        stage=tv, readers=readers, backend=backend, words=WORDS, profile=load("stb"), now=lambda: NOON, select=select
    )
    visiting = asyncio.ensure_future(visit.run())
    there = Evening(tv, phones, readers, card, backend, visiting, codes)
    readers.insert(card)
    yield there
    visiting.cancel()
    await asyncio.gather(visiting, return_exceptions=True)


async def test_pairing_from_home(evening: Evening) -> None:
    page = await evening.pair(Role.REMOTE)
    assert evening.tv.phone is PhoneMark.AWAKE
    await page.get_by_role("button", name="戻る").click()
    await evening.tv.until("home")
    await page.get_by_role("button", name="1", exact=True).click()
    await evening.tv.until("notices")


async def test_pairing_before_the_first_pin(arrived: Evening) -> None:
    """From the green key's page: no digit of the visit's first PIN goes over the remote control either."""
    await arrived.tv.until("sign_in.pin")
    arrived.tv.act(Action.GREEN)
    await arrived.tv.until("preferences")
    arrived.tv.answer("phone")
    page = await arrived.pair(Role.PRIVATE)
    await expect(page.locator("#pin")).to_be_hidden()
    arrived.tv.act(Action.BACK)
    await arrived.tv.until("preferences")
    arrived.tv.act(Action.BACK)
    await arrived.tv.until("sign_in.pin")
    await expect(page.locator("#pin")).to_be_visible()
    await expect(page.locator("#pin-tries")).to_have_text("のこり 3回")
    await page.keyboard.type("1234")
    await page.locator("[data-pin=send]").click()
    await arrived.tv.when(lambda: arrived.tv.typed() == b"1234")
    arrived.tv.act(Action.OK)
    await arrived.tv.until("home")
    assert arrived.card.verifies == 1


async def test_the_green_page_sends_it_away_too(arrived: Evening) -> None:
    await arrived.tv.until("sign_in.pin")
    arrived.tv.act(Action.GREEN)
    await arrived.tv.until("preferences")
    arrived.tv.answer("phone")
    page = await arrived.pair(Role.REMOTE)
    arrived.tv.answer("forget")
    await arrived.tv.until("preferences")
    await expect(page.locator("#over")).to_be_visible()


async def test_different_numbers(evening: Evening) -> None:
    page = await evening.scan()
    await evening.tv.until("phone.same")
    evening.tv.answer(False)
    await evening.tv.until("E-17")
    await expect(page.locator("#over")).to_be_visible()
    evening.tv.answer("again")
    await evening.tv.until("phone.code")
    assert len(set(evening.codes)) == 2


async def test_a_phone_does_not_give_itself_another_role(evening: Evening) -> None:
    page = await evening.pair(Role.REMOTE)
    await page.get_by_role("button", name="3", exact=True).click()
    question = await evening.tv.until("phone.may_private")
    assert isinstance(question, Confirm)
    ok = page.locator("[data-key=ok]")
    await expect(ok).to_be_disabled()
    await ok.evaluate("button => { button.disabled = false; button.click() }")
    await expect(page.locator("#note")).to_contain_text("テレビのリモコン")
    assert evening.tv.screen is question
    evening.tv.answer(True)
    await evening.tv.until("phone")
    await expect(page.locator("#near")).to_be_visible()


async def test_no_role_at_all(evening: Evening) -> None:
    page = await evening.scan()
    await evening.tv.until("phone.same")
    evening.tv.answer(True)
    for role in Role:
        await evening.tv.until(f"phone.may_{role.value}")
        evening.tv.answer(False)
    await expect(page.locator("#over")).to_be_visible()
    await evening.tv.until("E-17-gone")


async def test_one_key_sends_it_away(evening: Evening) -> None:
    page = await evening.pair(Role.REMOTE, Role.PRIVATE)
    evening.tv.act(Action.DIGIT_1)
    await expect(page.locator("#over")).to_be_visible()
    await evening.tv.until("home")
    assert evening.tv.phone is PhoneMark.NONE


async def test_the_pin_from_the_phone_into_the_card(evening: Evening) -> None:
    """The session was lost: signing in again, with digits that no remote and no screen has seen."""
    page = await evening.pair(Role.REMOTE, Role.PRIVATE)
    evening.backend.faults["notices"].append(Refused("session_unknown", "portal", "T-1"))
    verified = evening.card.verifies
    evening.tv.act(Action.BACK)
    await evening.tv.until("home")
    evening.tv.answer("notices")
    await evening.tv.until("E-30")
    evening.tv.answer("again")
    await evening.tv.until("sign_in.pin")
    await expect(page.locator("#pin-tries")).to_have_text("のこり 3回")
    await page.keyboard.type("1234")
    await page.locator("[data-pin=send]").click()
    await expect(page.locator("#note")).to_contain_text("テレビに入りました")
    assert evening.card.verifies == verified
    await page.locator("[data-key=ok]").click()
    await evening.tv.until("notices")
    assert evening.card.verifies == verified + 1


async def test_the_phone_leaves_with_the_card(evening: Evening) -> None:
    page = await evening.pair(Role.REMOTE, Role.PRIVATE)
    evening.readers.remove()
    await expect(page.locator("#over")).to_be_visible()
    assert evening.tv.phone is PhoneMark.NONE
    assert not evening.visiting.done()


async def test_the_phone_ends_with_the_visit(evening: Evening) -> None:
    page = await evening.pair(Role.REMOTE)
    await page.get_by_role("button", name="赤 おわる").click()
    await expect(page.locator("#over")).to_be_visible()
    await evening.tv.when(lambda: evening.tv.phone is PhoneMark.NONE)


async def test_a_letter_on_the_phone_alone(evening: Evening) -> None:
    page = await evening.pair(Role.PRIVATE)
    await page.locator("#near").click()
    await expect(page.locator("#near")).to_have_attribute("aria-pressed", "true")
    evening.tv.act(Action.BACK)
    await evening.tv.until("home")
    evening.tv.answer("notices")
    await evening.tv.until("notices")
    evening.tv.answer("n2")
    await evening.tv.until("notices.notice")
    await expect(page.locator("#reading")).to_be_visible()
    body = await page.locator("#reading-body").inner_text()
    assert body
    assert evening.tv.shown.body == ""
    assert evening.tv.shown.title == "スマホに出しています"


async def test_a_letter_to_take_home(evening: Evening) -> None:
    await evening.tv.until("home")
    evening.tv.answer("notices")
    await evening.tv.until("notices")
    evening.tv.answer("n2")
    await evening.tv.until("notices.notice")
    evening.tv.answer("hand")
    await evening.tv.until("phone.alone")
    evening.tv.answer(True)
    await evening.tv.until("phone.take")
    page = await evening.phones.scan(evening.codes[-1])
    await page.locator("#take").click()
    await evening.tv.until("notices.notice")
    await expect(page.locator("#text")).not_to_be_empty()

"""A bank's page in a real Chromium: an account is opened, kept up with moves, and made the one for refunds."""

from __future__ import annotations

import msgspec
from backend_kit import Visitor
from oauth_kit import Resident
from playwright.async_api import BrowserContext
from street import Street

from backend_stub.people import Resident as Person

BANK = "/partners/mihon-bank/site/"
FIELDS = ("four-items", "address-changes", "mail")


async def test_an_account_is_opened_follows_a_move_and_is_told_for_refunds(
    street: Street, browser: BrowserContext, visitor: Visitor, residents: tuple[Person, ...]
) -> None:
    resident = Resident(visitor)
    await resident.enter()
    page = await browser.new_page()
    await page.goto(street.origin + BANK)
    await page.get_by_role("button", name="口座を ひらく").click()
    number = (await page.locator("#number").inner_text()).replace(" ", "")
    check = (await resident.answers(number, *FIELDS)).json()["check"]
    await page.get_by_label("4けたの番号").fill(check)
    await page.get_by_role("button", name="みほん銀行 へ もどる").click()
    shown = await page.locator("#account").inner_text()
    (hanako,) = (one for one in residents if one.id == "adult")
    assert hanako.items.name in shown
    assert hanako.items.address in shown

    moved = msgspec.structs.replace(hanako.items, address="みほん県みどり市例示台九丁目")
    await street.moves("adult", moved)
    await page.reload()
    assert moved.address in await page.locator("#account").inner_text()

    await page.get_by_role("button", name="この口座を 公金の受取口座に する").click()
    await page.locator("#certified").wait_for()
    await visitor.come_in()
    (item,) = (await visitor.get("/post")).json()["items"]
    assert item["id"]

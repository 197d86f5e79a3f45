"""A company's page in a real Chromium: to the portal and back, its notices, and what is left after a withdrawal."""

from __future__ import annotations

import pytest
from backend_kit import Visitor, unplug
from oauth_kit import Resident
from playwright.async_api import BrowserContext, Page
from street import Street

from backend_stub.partners.site.client import Client
from backend_stub.people import Resident as Person


@pytest.fixture
async def resident(visitor: Visitor, street: Street, residents: tuple[Person, ...]) -> Resident:
    """Has a letter of the city's in the folder, and is at the kiosk."""
    (hanako,) = (one for one in residents if one.id == "adult")
    city = street.town.agencies["midori-city"]
    await city.enrol("adult", hanako.items)
    await city.send("adult", city.file.mailings[0])
    resident = Resident(visitor)
    await resident.enter()
    return resident


async def to_the_portal(street: Street, browser: BrowserContext) -> tuple[Page, str]:
    """From the company's page to the number; gives the page and the number."""
    page = await browser.new_page()
    await page.goto(street.page)
    await page.get_by_role("button", name="マイ・ポータルと つなぐ").click()
    return page, (await page.locator("#number").inner_text()).replace(" ", "")


async def connect(street: Street, browser: BrowserContext, resident: Resident) -> Page:
    page, number = await to_the_portal(street, browser)
    check = (await resident.answers(number, "notices")).json()["check"]
    await page.get_by_label("4けたの番号").fill(check)
    await page.get_by_role("button", name="みほん生命 へ もどる").click()
    await page.locator("#notices").wait_for()
    return page


async def test_there_and_back_and_until_the_person_takes_it_back(
    street: Street, browser: BrowserContext, resident: Resident
) -> None:
    page = await connect(street, browser, resident)
    assert page.url == street.page, "no code is left in the address"
    assert "みどり市 国保年金課" in await page.locator("#notices").inner_text()
    street.clock.turn(minutes=6)  # the access token is over, and a fresh one is fetched
    await page.reload()
    await page.locator("#notices").wait_for()
    (consent,) = await resident.consents()
    assert [read["field"] for read in consent["reads"]] == ["notices", "notices"]
    await resident.withdraws(consent["id"])
    await page.reload()
    await page.locator("#not-given").wait_for()
    await page.get_by_role("link", name="はじめに もどる").click()
    await page.get_by_role("button", name="マイ・ポータルと つなぐ").wait_for()


async def test_a_no_comes_back_as_a_no(street: Street, browser: BrowserContext, resident: Resident) -> None:
    page, number = await to_the_portal(street, browser)
    await resident.answers(number)
    await page.locator("#not-given").wait_for()


async def test_answers_of_another_server_or_another_visit_are_not_taken(
    street: Street, browser: BrowserContext, resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mix-up and cross-site request forgery: iss and state are looked at before the code is sent anywhere."""
    sent: list[str] = []
    page, number = await to_the_portal(street, browser)
    check = (await resident.answers(number, "notices")).json()["check"]
    back = await browser.request.post(page.url, form={"check": check}, max_redirects=0)
    address = back.headers["location"]

    async def tokens(*_: object, code: str, **__: object) -> dict[str, str]:
        sent.append(code)
        return {"token_type": "DPoP"}

    monkeypatch.setattr(Client, "_tokens", tokens)
    stranger = await browser.browser.new_context(ignore_https_errors=True)  # type: ignore[union-attr]
    for visitor, wrong in ((stranger, address), (browser, address.replace("iss=https", "iss=http"))):
        page = await visitor.new_page()
        await page.goto(wrong)
        await page.locator("#not-given").wait_for()
    assert sent == []
    _, number = await to_the_portal(street, browser)  # another visit of the same browser has another state
    await (await browser.new_page()).goto(address)
    assert sent == []


async def test_the_portal_is_down(street: Street, browser: BrowserContext) -> None:
    unplug(street.town, "/oauth")
    page = await browser.new_page()
    await page.goto(street.page)
    await page.get_by_role("button", name="マイ・ポータルと つなぐ").click()
    await page.locator("#not-reached").wait_for()

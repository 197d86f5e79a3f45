"""The page in a real Chromium: pairing, roles, keys, what is typed and read in private, sleep and return."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.async_api import Page, WebSocketRoute, expect

from drivers.errors import Pin
from kiosk.screens import PhoneMark
from stb_profile.keymap import Action
from stb_profile.phone.messages import Role
from tests.phone.conftest import Room
from tests.phone.screens import LETTER, letter, menu, password, pin, question, reading

pytestmark = pytest.mark.asyncio(loop_scope="session")

HIDDEN = """state => {
    Object.defineProperty(document, 'visibilityState', {value: state, configurable: true})
    document.dispatchEvent(new Event('visibilitychange'))
}"""


async def see(page: Page, *sections: str) -> None:
    for section in sections:
        await expect(page.locator(f"#{section}")).to_be_visible()


async def sleep(page: Page) -> None:
    await page.evaluate(HIDDEN, "hidden")


async def wake(page: Page) -> None:
    await page.evaluate(HIDDEN, "visible")


# --- pairing ----------------------------------------------------------------------------------------------------------


async def test_the_same_number_on_both(room: Room) -> None:
    async with room.companion.invited() as address:
        page = await room.phones.scan(address)
        check = await room.companion.arrival()
        await expect(page.locator("#number")).to_have_text(f"{check[:3]} {check[3:]}")
        assert room.tv.phone is PhoneMark.NONE
        room.companion.admit(frozenset([Role.REMOTE]))
    await see(page, "pad")
    assert room.tv.phone is PhoneMark.AWAKE
    assert "#" not in page.url


async def test_the_person_says_that_the_numbers_differ(room: Room) -> None:
    async with room.companion.invited() as address:
        page = await room.phones.scan(address)
        await room.companion.arrival()
    await expect(page.locator("#over-why")).to_contain_text("つなぎませんでした")
    assert not room.companion.linked


async def test_a_second_phone_is_told_that_it_is_late(room: Room) -> None:
    async with room.companion.invited() as address:
        first = await room.phones.scan(address)
        await see(first, "check")
        second = await room.phones.scan(address)
        await expect(second.locator("#over-why")).to_contain_text("ほかのスマホが、先に")
        await see(first, "check")


async def test_a_wrong_key(room: Room) -> None:
    async with room.companion.invited() as address:
        page = await room.phones.scan(address.replace("k=", "k=AAAA"))
        await expect(page.locator("#over-why")).to_contain_text("もう使えません")


async def test_a_phone_without_the_key(room: Room) -> None:
    async with room.companion.invited() as address:
        page = await room.phones.scan(address.partition("#")[0])
        await expect(page.locator("#over-why")).to_contain_text("カメラで写して")


async def test_no_page_when_no_code_is_shown(room: Room) -> None:
    room.phones.expected = ("404",)
    async with room.companion.invited() as address:
        pass
    page = await room.phones.scan(address)
    await expect(page.locator("h1")).to_have_text("ここには、もう何もありません")


# --- the remote -------------------------------------------------------------------------------------------------------


async def test_every_key(room: Room) -> None:
    page = await room.pair(Role.REMOTE)
    for button in await page.locator("#pad button").all():
        await button.click()
    await room.tv.when(lambda: len(room.tv.pressed) == len(Action))
    assert sorted(key.value for key in room.tv.pressed) == sorted(key.value for key in Action)


async def test_a_digit_chooses(room: Room) -> None:
    page = await room.pair(Role.REMOTE)
    answer = await room.show(menu())
    await page.get_by_role("button", name="2", exact=True).click()
    assert await answer == "two"


async def test_with_the_keyboard_alone(room: Room) -> None:
    page = await room.pair(Role.REMOTE)
    for key in ("ArrowUp", "ArrowDown", "Escape", "7"):
        await page.keyboard.press(key)
    for _ in range(3):
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await room.tv.when(lambda: len(room.tv.pressed) == 5)
    assert room.tv.pressed == [Action.UP, Action.DOWN, Action.BACK, Action.DIGIT_7, Action.LEFT]


async def test_every_button_is_reached_by_tab_and_shows_it(room: Room) -> None:
    page = await room.pair(Role.REMOTE, Role.PRIVATE)
    await room.show(pin())
    await see(page, "pin", "pad", "foot")
    await expect(page.locator("#pin-dots")).to_have_text("○○○○")
    wanted = await page.locator("button:visible:enabled").count()
    seen = set()
    for _ in range(wanted):
        await page.keyboard.press("Tab")
        focused = page.locator("button:focus-visible")
        assert await focused.evaluate("button => getComputedStyle(button).outlineWidth") == "4px"
        seen.add(await focused.evaluate("button => button.outerHTML"))
    assert len(seen) == wanted > 20


@pytest.mark.parametrize("roles", [(Role.REMOTE,), (Role.REMOTE, Role.PRIVATE)], ids=["remote", "both"])
async def test_what_only_the_television_answers(room: Room, roles: tuple[Role, ...]) -> None:
    page = await room.pair(*roles)
    answer = await room.show(question(here_only=True))
    await expect(page.locator("[data-key=ok]")).to_be_disabled()
    # A page of its own making could still say it.
    await page.locator("[data-key=ok]").evaluate("button => { button.disabled = false; button.click() }")
    await expect(page.locator("#note")).to_contain_text("テレビのリモコン")
    assert not answer.done()
    assert room.tv.pressed == []


async def test_a_remote_does_not_read_or_type(room: Room) -> None:
    page = await room.pair(Role.REMOTE)
    await room.show(pin())
    await see(page, "pad")
    await page.locator("#near").evaluate("button => button.click()")
    await expect(page.locator("#note")).to_contain_text("ゆるされていません")
    await page.get_by_role("button", name="5", exact=True).click()
    await expect(page.locator("#pin")).to_be_hidden()
    assert room.tv.typed() == b""


async def test_without_the_role_there_are_no_keys(room: Room) -> None:
    page = await room.pair(Role.PRIVATE)
    await see(page, "quiet")
    await expect(page.locator("#pad")).to_be_hidden()
    await page.locator("[data-key=ok]").evaluate("button => button.click()")
    await expect(page.locator("#note")).to_contain_text("ゆるされていません")
    assert room.tv.pressed == []


# --- what is typed ----------------------------------------------------------------------------------------------------


async def test_a_pin(room: Room) -> None:
    page = await room.pair(Role.PRIVATE, Role.REMOTE)
    answer = await room.show(pin())
    for digit in "1284":
        await page.locator(f"[data-digit='{digit}']").click()
    await expect(page.locator("#pin-dots")).to_have_text("●●●●")
    assert room.tv.typed() == b""
    await page.locator("[data-pin=send]").click()
    await expect(page.locator("#note")).to_contain_text("テレビに入りました")
    await expect(page.locator("#pin-dots")).to_have_text("○○○○")
    assert room.tv.typed() == b"1284"
    assert not answer.done()
    await page.locator("[data-key=ok]").click()
    with await answer as secret:
        assert len(secret) == 4


async def test_a_pin_takes_the_place_of_what_stands_there(room: Room) -> None:
    page = await room.pair(Role.PRIVATE)
    await room.show(pin())
    await see(page, "pin")
    for digit in (Action.DIGIT_9, Action.DIGIT_9, Action.DIGIT_9):
        room.tv.act(digit)
    await page.keyboard.type("1284")
    await page.keyboard.press("Backspace")
    await page.keyboard.type("5")
    await page.locator("[data-pin=send]").click()
    await room.tv.when(lambda: room.tv.typed() == b"1285")


async def test_the_pin_for_a_signature_is_confirmed_on_the_television(room: Room) -> None:
    page = await room.pair(Role.PRIVATE, Role.REMOTE)
    answer = await room.show(pin(Pin.DIGITAL_SIGNATURE, length=6))
    await see(page, "pin")
    await page.keyboard.type("123456")
    await page.locator("[data-pin=send]").click()
    await room.tv.when(lambda: room.tv.typed() == b"123456")
    await page.locator("[data-key=ok]").evaluate("button => { button.disabled = false; button.click() }")
    await expect(page.locator("#note")).to_contain_text("テレビのリモコン")
    assert not answer.done()
    room.tv.act(Action.OK)
    with await answer as secret:
        assert len(secret) == 6


@pytest.mark.parametrize(
    "which", [each for each in Pin if each is not Pin.DIGITAL_SIGNATURE], ids=lambda pin: pin.value
)
async def test_every_other_pin(room: Room, which: Pin) -> None:
    page = await room.pair(Role.PRIVATE, Role.REMOTE)
    answer = await room.show(pin(which, length=6))
    await see(page, "pin")
    await page.keyboard.type("123456")
    await page.locator("[data-pin=send]").click()
    await room.tv.when(lambda: room.tv.typed() == b"123456")
    await page.locator("[data-key=ok]").click()
    with await answer as secret:
        assert len(secret) == 6


async def test_a_password_is_typed_on_the_phone_and_confirmed_on_the_television(room: Room) -> None:
    page = await room.pair(Role.PRIVATE, Role.REMOTE)
    answer = await room.show(password())
    await see(page, "pin-letters")
    before = await page.content()
    await page.keyboard.type("abc1")
    for letter_key in "XY":
        await expect(page.locator("[data-pin=send]")).to_be_disabled()
        await page.locator("#pin-letters").get_by_role("button", name=letter_key, exact=True).click()
    await expect(page.locator("#pin-dots")).to_have_text("●" * 6 + "○" * 10)
    assert "ABC1" not in (await page.content()).replace(before, "")
    await page.locator("[data-pin=send]").click()
    await room.tv.when(lambda: room.tv.typed() == b"ABC1XY")
    await expect(page.locator("[data-key=ok]")).to_be_disabled()
    assert not answer.done()
    room.tv.act(Action.OK)
    with await answer as secret:
        assert len(secret) == 6


async def test_letters_only_where_they_were_asked_for(room: Room) -> None:
    page = await room.pair(Role.PRIVATE)
    await room.show(pin())
    await see(page, "pin")
    await expect(page.locator("#pin-letters")).to_be_hidden()
    await page.keyboard.type("AB12")
    await expect(page.locator("#pin-dots")).to_have_text("●●○○")
    # A page of its own making could still say it.
    await page.locator("#pin-letters button").first.evaluate("button => { button.click(); button.click() }")
    await page.locator("[data-pin=send]").click()
    await expect(page.locator("#note")).to_contain_text("ゆるされていません")
    assert room.tv.typed() == b""


async def test_a_number_that_is_no_secret(room: Room) -> None:
    page = await room.pair(Role.PRIVATE)
    await room.show(reading())
    await see(page, "pin")
    await expect(page.locator("#pin-tries")).to_have_text("mmHg")
    await page.keyboard.type("1")
    await expect(page.locator("[data-pin=send]")).to_be_disabled()
    await page.keyboard.type("28")
    await expect(page.locator("#pin-dots")).to_have_text("128")
    await page.locator("[data-pin=send]").click()
    await expect(page.locator("#note")).to_contain_text("テレビに入りました")
    assert room.tv.filled == "128"


async def test_a_remote_without_the_other_role_types_a_number_by_its_keys(room: Room) -> None:
    page = await room.pair(Role.REMOTE)
    await room.show(reading())
    await expect(page.locator("#pin")).to_be_hidden()
    await page.get_by_role("button", name="5", exact=True).click()
    await room.tv.when(lambda: room.tv.pressed == [Action.DIGIT_5])


async def test_a_pin_for_a_screen_that_has_gone(room: Room) -> None:
    page = await room.pair(Role.PRIVATE)
    await room.show(pin())
    await see(page, "pin")
    await page.keyboard.type("1284")
    await room.show(menu())
    await expect(page.locator("#pin")).to_be_hidden()
    await room.show(pin())
    await expect(page.locator("#pin-dots")).to_have_text("○○○○")
    assert room.tv.typed() == b""


async def test_a_pin_that_arrives_late(room: Room) -> None:
    """The network holds it back until another screen asks for another PIN."""
    held: list[str | bytes] = []
    holding = False
    release: list[Callable[[], None]] = []

    async def between(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        route.on_message(lambda message: held.append(message) if holding else server.send(message))
        release.append(lambda: [server.send(message) for message in held] and None)

    async with room.companion.invited() as address:
        page = await room.phones.scan(address, between=between)
        await room.companion.arrival()
        room.companion.admit(frozenset([Role.PRIVATE]))
    await room.show(pin())
    await see(page, "pin")
    holding = True
    await page.keyboard.type("1284")
    await page.locator("[data-pin=send]").click()
    await expect(page.locator("#pin-dots")).to_have_text("○○○○")
    await room.show(pin(Pin.DIGITAL_SIGNATURE))
    holding = False
    release[0]()
    await expect(page.locator("#note")).to_contain_text("ゆるされていません")
    assert room.tv.typed() == b""


async def test_the_pin_is_nowhere_in_the_page(room: Room) -> None:
    page = await room.pair(Role.PRIVATE)
    await room.show(pin())
    await see(page, "pin")
    before = await page.content()
    await page.keyboard.type("1284")
    assert await page.locator("input, textarea, [contenteditable]").count() == 0
    after = await page.content()
    assert after.replace("●", "○").count("○") == before.count("○")
    assert "1284" not in after
    assert await page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])") == (
        f'[{{}},{{}},"","{page.url}"]'
    )


async def test_hidden_means_blank(room: Room) -> None:
    page = await room.pair(Role.PRIVATE)
    await room.show(pin())
    await see(page, "pin")
    await page.keyboard.type("12")
    await sleep(page)
    await see(page, "away")
    await expect(page.locator("#pin")).to_be_hidden()
    await wake(page)
    await see(page, "pin")
    await expect(page.locator("#pin-dots")).to_have_text("○○○○")


# --- private reading --------------------------------------------------------------------------------------------------


async def test_a_letter_is_read_on_the_phone_and_not_on_the_television(room: Room) -> None:
    page = await room.pair(Role.PRIVATE)
    await room.show(letter())
    assert room.tv.shown.body == LETTER
    await page.locator("#near").click()
    await expect(page.locator("#reading-body")).to_have_text(LETTER)
    await expect(page.locator("#reading-facts")).to_contain_text("みほん県みどり市")
    assert LETTER not in repr([room.tv.shown.body, room.tv.shown.summary, room.tv.shown.facts, room.tv.shown.title])
    assert room.tv.shown.actions == letter().actions
    await page.locator("#near").click()
    await expect(page.locator("#reading")).to_be_hidden()
    assert room.tv.shown.body == LETTER


async def test_the_next_letter_never_stands_on_the_television(room: Room) -> None:
    page = await room.pair(Role.PRIVATE)
    await page.locator("#near").click()
    await expect(page.locator("#near")).to_have_attribute("aria-pressed", "true")
    await room.show(letter())
    await see(page, "reading")
    assert room.tv.shown.body == ""


async def test_the_letter_leaves_a_phone_that_nobody_looks_at(room: Room) -> None:
    page = await room.pair(Role.PRIVATE)
    await room.show(letter())
    await page.locator("#near").click()
    await see(page, "reading")
    await sleep(page)
    await see(page, "away")
    assert LETTER not in await page.content()
    assert room.tv.shown.body == ""
    await wake(page)
    await expect(page.locator("#reading-body")).to_have_text(LETTER)


async def test_the_letter_does_not_come_up_behind_the_back_of_who_reads(room: Room) -> None:
    page = await room.pair(Role.PRIVATE)
    await room.show(letter())
    await page.locator("#near").click()
    await see(page, "reading")
    await page.locator("#forget").click()
    await see(page, "over")
    assert LETTER not in await page.content()
    assert room.tv.shown.body == ""
    await room.show(letter())
    assert room.tv.shown.body == LETTER


async def test_taking_the_role_away(room: Room) -> None:
    page = await room.pair(Role.PRIVATE, Role.REMOTE)
    await room.show(letter())
    await page.locator("#near").click()
    await see(page, "reading")
    room.companion.admit(frozenset([Role.REMOTE]))
    await expect(page.locator("#reading")).to_be_hidden()
    await expect(page.locator("#near")).to_be_hidden()
    assert LETTER not in await page.content()


# --- sleep, return and the end ----------------------------------------------------------------------------------------


async def test_sleep_and_return(room: Room) -> None:
    page = await room.pair(Role.REMOTE)
    await sleep(page)
    await room.tv.when(lambda: room.tv.phone is PhoneMark.ASLEEP)
    await wake(page)
    await see(page, "pad")
    assert room.tv.phone is PhoneMark.AWAKE
    await page.locator("[data-key=ok]").click()
    await room.tv.when(lambda: room.tv.pressed == [Action.OK])


async def test_a_page_loaded_again_is_a_stranger(room: Room) -> None:
    room.phones.expected = ("404",)
    page = await room.pair(Role.REMOTE)
    await page.reload()
    await expect(page.locator("h1")).to_have_text("ここには、もう何もありません")
    await room.tv.when(lambda: room.tv.phone is PhoneMark.ASLEEP)


async def test_the_television_sends_it_away(room: Room) -> None:
    page = await room.pair(Role.REMOTE)
    room.companion.forget()
    await see(page, "over")
    assert room.tv.phone is PhoneMark.NONE


async def test_frames_played_again_by_the_network(room: Room) -> None:
    """Every frame of the phone arrives twice: the copy ends the connection, the key has been pressed once."""
    doubling = False

    async def between(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            server.send(message)
            if doubling and isinstance(message, bytes):
                server.send(message)

        route.on_message(pass_on)

    async with room.companion.invited() as address:
        page = await room.phones.scan(address, between=between)
        await room.companion.arrival()
        room.companion.admit(frozenset([Role.REMOTE]))
    await see(page, "pad")
    doubling = True
    await page.locator("[data-key=ok]").click()
    await see(page, "away")
    assert room.tv.pressed == [Action.OK]
    doubling = False
    await see(page, "pad")
    assert room.tv.phone is PhoneMark.AWAKE


# --- for everybody ----------------------------------------------------------------------------------------------------


async def test_buttons_are_large(room: Room) -> None:
    page = await room.pair(Role.REMOTE, Role.PRIVATE)
    await room.show(pin())
    await see(page, "pin", "pad")
    for button in await page.locator("button:visible").all():
        box = await button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 60


async def test_nothing_sticks_out_sideways(room: Room) -> None:
    page = await room.pair(Role.REMOTE, Role.PRIVATE)
    await room.show(letter())
    await page.locator("#near").click()
    await see(page, "reading", "pad")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await room.show(password())
    await see(page, "pin-letters")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")

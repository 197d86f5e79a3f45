"""スマホをつなぐ: a phone beside the television, let in by a QR, a number and a word of the person for each role."""

from __future__ import annotations

from backend_client import wire
from kiosk.desk import Desk, PhoneGone, Shows
from kiosk.flows.asking import tell, working
from kiosk.problems import Situation
from kiosk.screens import Choice, Confirm, Mark, Menu, PhoneCode
from stb_profile.phone.address import NoHomeNetwork
from stb_profile.phone.code import picture
from stb_profile.phone.messages import Role

FORGET = "forget"
NAMES = {Role.REMOTE: "phone.remote", Role.PRIVATE: "phone.private"}
QUESTIONS = {
    Role.REMOTE: ("phone.remote_title", "phone.remote_lines"),
    Role.PRIVATE: ("phone.private_title", "phone.private_lines"),
}


async def phone(desk: Desk, person: wire.SignedIn) -> wire.SignedIn:
    """Returns when the phone has been sent away, or was not let in. Raises Back; a phone that was let in stays."""
    await beside(desk)
    return person


async def beside(desk: Shows) -> None:
    """The same for whoever has not signed in yet: the first PIN can be typed on the phone already."""
    if not desk.phone.linked:
        await _pair(desk)
    while desk.phone.linked:
        await _change(desk, await desk.show(_menu(desk)))


# --- pairing ----------------------------------------------------------------------------------------------------------


async def _pair(desk: Shows) -> None:
    """Try until a phone is linked or the person has enough (Back)."""
    while True:
        try:
            await desk.during(working(desk, "phone.opening", "phone.opening"), desk.phone.open())
            if await _meet(desk):
                return
            failed = Situation.PHONE_NOT_SAME
        except NoHomeNetwork:
            failed = Situation.PHONE_NO_NETWORK
        except PhoneGone:
            failed = Situation.PHONE_GONE
        await tell(desk, failed.value, over=False)


async def _meet(desk: Shows) -> bool:
    """False when the person says that the numbers differ. Raises PhoneGone, Back."""
    async with desk.phone.invited() as address:
        check = await desk.during(_code(desk, address), desk.phone.arrival())
        if not await desk.show(_same(desk, check)):
            return False
        desk.phone.admit(await _roles(desk))
        if not desk.phone.linked:
            raise PhoneGone
        return True


async def _roles(desk: Shows) -> frozenset[Role]:
    """Each asked for apart, and no is the answer that has focus."""
    return frozenset([role for role in Role if await desk.show(_may(desk, role))])


async def _change(desk: Shows, choice: str) -> None:
    if choice == FORGET:
        desk.phone.forget()
        return
    role, roles = Role(choice), desk.phone.roles
    if role in roles:
        desk.phone.admit(roles - {role})
    elif await desk.show(_may(desk, role)) and desk.phone.linked:
        desk.phone.admit(roles | {role})


# --- handing over -----------------------------------------------------------------------------------------------------


async def hand_over(desk: Desk, text: str) -> bool:
    """A text for a phone to take home, paired or not: whether it was taken. Raises Back."""
    while await desk.show(_alone(desk)):
        try:
            await desk.during(working(desk, "phone.opening", "phone.opening"), desk.phone.open())
            async with desk.phone.handed_over(text) as (address, fetched):
                await desk.during(_take(desk, address), fetched.wait())
            return True
        except NoHomeNetwork:
            failed = Situation.PHONE_NO_NETWORK
        except PhoneGone:
            failed = Situation.PHONE_GONE
        await tell(desk, failed.value, over=False)
    return False


# --- screens ----------------------------------------------------------------------------------------------------------


def _code(desk: Shows, address: str) -> PhoneCode:
    title, hints = desk.words("phone.code_title"), desk.words.lines("phone.code_hints")
    return PhoneCode(name="phone.code", title=title, hints=hints, code_picture=picture(address))


def _take(desk: Desk, address: str) -> PhoneCode:
    title, hints = desk.words("phone.take_title"), desk.words.lines("phone.take_hints")
    return PhoneCode(name="phone.take", title=title, hints=hints, code_picture=picture(address))


def _same(desk: Shows, check: str) -> Confirm:
    words = desk.words
    return Confirm(
        name="phone.same",
        title=words("phone.same_title", number=f"{check[:3]} {check[3:]}"),
        lines=words.lines("phone.same_lines"),
        yes=words("phone.same_yes"),
        no=words("phone.same_no"),
        mark=Mark.CARE,
        here_only=True,
    )


def _may(desk: Shows, role: Role) -> Confirm:
    words = desk.words
    title, lines = QUESTIONS[role]
    return Confirm(
        name=f"phone.may_{role.value}",
        title=words(title),
        lines=words.lines(lines),
        yes=words("phone.may_yes"),
        no=words("phone.may_no"),
        here_only=True,
    )


def _alone(desk: Desk) -> Confirm:
    words = desk.words
    return Confirm(
        name="phone.alone",
        title=words("phone.alone_title"),
        lines=words.lines("phone.alone_lines"),
        yes=words("phone.alone_yes"),
        no=words("phone.alone_no"),
        mark=Mark.CARE,
        here_only=True,
    )


def _menu(desk: Shows) -> Menu:
    words = desk.words
    roles = (
        Choice(role.value, words(NAMES[role]), words("phone.on" if role in desk.phone.roles else "phone.off"))
        for role in Role
    )
    forget = Choice(FORGET, words("phone.forget"), words("phone.forget_detail"))
    return Menu(name="phone", title=words("phone.linked"), choices=(forget, *roles), back=True)

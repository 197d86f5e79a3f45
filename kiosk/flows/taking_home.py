"""印刷・スマホへ渡す: what a person takes home, on paper, on a phone or on a stick, before it is forgotten here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from kiosk.desk import Desk, NotHandedOut
from kiosk.flows.asking import tell, working
from kiosk.flows.phone import hand_over
from kiosk.problems import Situation
from kiosk.screens import Choice, Mark, Menu, Result

PRINT, PHONE, STICK = "print", "phone", "stick"


@dataclass(frozen=True, slots=True, repr=False)
class Goods:
    """One thing in all forms there are of it."""

    text: str
    """For the phone."""
    file: tuple[str, bytes] | None = None
    """Name and content, for the stick."""
    pdf: Callable[[], bytes] | None = None
    """For the printer; made when it is wanted."""


async def take_home(desk: Desk, goods: Goods) -> bool:
    """Whether it was handed over; False when it was not wanted. Raises Back."""
    choice = await desk.show(_menu(desk, goods))
    if choice == PHONE:
        return await hand_over(desk, goods.text)
    if choice == PRINT and goods.pdf is not None:
        pdf = goods.pdf()
        await _hand_out(desk, PRINT, lambda: desk.tray.print_pdf(pdf))
    elif choice == STICK and goods.file is not None:
        name, content = goods.file
        await _hand_out(desk, STICK, lambda: desk.tray.keep(name, content))
    return True


async def _hand_out(desk: Desk, way: str, deed: Callable[[], Awaitable[None]]) -> None:
    """Again as often as the person wants. Raises Back."""
    while True:
        try:
            await desk.during(working(desk, f"taking_home.{way}", f"taking_home.{way}_running"), deed())
        except NotHandedOut:
            await tell(desk, Situation.NOT_HANDED_OUT.value, over=False)
        else:
            await desk.show(_done(desk, way))
            return


def _menu(desk: Desk, goods: Goods) -> Menu:
    words = desk.words
    ways = [PHONE]
    if goods.pdf is not None and desk.tray.prints:
        ways.insert(0, PRINT)
    if goods.file is not None and desk.tray.has_stick:
        ways.append(STICK)
    choices = tuple(Choice(way, words(f"taking_home.{way}"), words(f"taking_home.{way}_detail")) for way in ways)
    return Menu(name="taking_home", title=words("taking_home.title"), choices=choices, back=True)


def _done(desk: Desk, way: str) -> Result:
    words = desk.words
    return Result(
        name="taking_home.done",
        title=words(f"taking_home.{way}_done"),
        mark=Mark.GOOD,
        lines=words.lines(f"taking_home.{way}_lines"),
        actions=(Choice("back", words("action.back")),),
    )

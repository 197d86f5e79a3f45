"""健康: steps, blood pressure and check-ups of the health book, and a reading of one's own to add."""

from __future__ import annotations

from contextlib import suppress

from backend_client import wire
from backend_client.service import Service
from kiosk.desk import Back, Desk
from kiosk.flows import health_screens as screens
from kiosk.flows.asking import ask, tell, working
from kiosk.problems import Situation


async def health(desk: Desk, person: wire.SignedIn) -> wire.SignedIn:
    """Never returns by itself: raises Back when the person goes home, StartAgain."""
    parts = {"steps": _steps, "pressure": _pressure, "check_ups": _check_ups}
    while True:
        choice = await desk.show(screens.menu(desk, tuple(parts)))
        with suppress(Back):
            await parts[choice](desk)


def _book(desk: Desk) -> Service:
    return desk.backend.service("health", "/health-book")


async def _steps(desk: Desk) -> None:
    screen = working(desk, "health.loading", "health.loading")
    await desk.show(screens.steps(desk, await ask(desk, screen, lambda: _book(desk).get("/steps", wire.Steps))))


# --- blood pressure ---------------------------------------------------------------------------------------------------


async def _pressure(desk: Desk) -> None:
    """After a reading was added it is the last point of the chart."""
    screen = working(desk, "health.loading", "health.loading")
    while True:
        told = await ask(desk, screen, lambda: _book(desk).get("/blood-pressure", wire.BloodPressures))
        if await desk.show(screens.pressure(desk, told.readings)) != screens.ADD:
            return
        with suppress(Back):
            await _add(desk)


async def _add(desk: Desk) -> None:
    """Raises Back when the person would rather not."""
    while True:
        new = await _typed(desk)
        if not wire.possible(new.upper, new.lower):
            await tell(desk, Situation.READING_IMPOSSIBLE.value, over=False)
        elif await _is_right(desk, new):
            return await _keep(desk, new)


async def _typed(desk: Desk) -> wire.NewBloodPressure:
    while True:
        upper = int(await desk.show(screens.typing(desk, "upper")))
        with suppress(Back):
            return wire.NewBloodPressure(upper=upper, lower=int(await desk.show(screens.typing(desk, "lower"))))


async def _is_right(desk: Desk, new: wire.NewBloodPressure) -> bool:
    try:
        return await desk.show(screens.sure(desk, new))
    except Back:
        return False


async def _keep(desk: Desk, new: wire.NewBloodPressure) -> None:
    screen = working(desk, "health.saving", "health.saving")
    await ask(desk, screen, lambda: _book(desk).tell("/blood-pressure", new))


# --- check-ups --------------------------------------------------------------------------------------------------------


async def _check_ups(desk: Desk) -> None:
    screen = working(desk, "health.loading", "health.loading")
    told = (await ask(desk, screen, lambda: _book(desk).get("/check-ups", wire.CheckUps))).check_ups
    while True:
        one = told[int(await desk.show(screens.check_ups(desk, told)))]
        with suppress(Back):
            await desk.show(screens.check_up(desk, one))

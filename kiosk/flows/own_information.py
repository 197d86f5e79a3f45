"""わたしの情報: what the holders have about the person, asked for now, seen here, taken home, and gone.

All holders are asked at once, and each answer is told as it comes. Nothing is kept for when the line is away: whoever
leaves has to ask anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import suppress

from backend_client import wire
from backend_client.errors import BackendError, Refused
from kiosk.desk import Back, Desk
from kiosk.flows import own_information_screens as screens
from kiosk.flows.asking import StartAgain, ask, tell, working
from kiosk.flows.own_information_screens import UNANSWERED, State, Told
from kiosk.flows.taking_home import take_home
from kiosk.problems import Again, entry_for

Sheaf = dict[str, Told]
"""By law tuple. It lives as long as the flow, and nothing else points to what is in it."""


async def own_information(desk: Desk, person: wire.SignedIn) -> wire.SignedIn:
    """Returns when the person would rather not, or has taken it home and it is cleared. Raises Back, StartAgain."""
    if not await desk.show(screens.start(desk)):
        return person
    loading = working(desk, "own_information.loading", "own_information.loading")
    holders = (await ask(desk, loading, desk.backend.own_holders)).holders
    sheaf = {holder.law: Told(holder) for holder in holders}
    try:
        await _fetch(desk, sheaf, tuple(sheaf))
        await _look(desk, sheaf)
    finally:
        sheaf.clear()
    return person


async def _look(desk: Desk, sheaf: Sheaf) -> None:
    """Returns when it was taken home. Raises Back, StartAgain."""
    while True:
        answer = await desk.show(screens.overview(desk, tuple(sheaf.values())))
        with suppress(Back):
            if answer == screens.RETRY:
                await _fetch(desk, sheaf, [law for law, told in sheaf.items() if told.state in UNANSWERED])
            elif answer == screens.HAND or await _read(desk, sheaf, answer):
                await _hand_over(desk, sheaf)
        if not sheaf:
            return


async def _read(desk: Desk, sheaf: Sheaf, law: str) -> bool:
    """Whether the person wants to take all of it home. Raises Back, StartAgain."""
    answer = await desk.show(screens.one(desk, sheaf[law]))
    if answer == screens.RETRY:
        await _fetch(desk, sheaf, (law,))
    return answer == screens.HAND


async def _hand_over(desk: Desk, sheaf: Sheaf) -> None:
    """Once that is done, nothing of it is left here. Raises Back."""
    here = tuple(told for told in sheaf.values() if told.state is State.HERE)
    if await desk.show(screens.sure(desk, len(here))) and await take_home(desk, screens.goods(desk, here)):
        sheaf.clear()
        await desk.show(screens.cleared(desk))


# --- asking -----------------------------------------------------------------------------------------------------------


async def _fetch(desk: Desk, sheaf: Sheaf, laws: Collection[str]) -> None:
    """Ask these, all at once. Whoever stops it goes on with what has come. Raises StartAgain, Back."""
    sheaf.update({law: Told(sheaf[law].holder) for law in laws})
    asked = {asyncio.create_task(_ask(desk, sheaf[law].holder)): law for law in laws}
    try:
        await _gather(desk, sheaf, asked)
    except Back:
        late = [law for law in laws if sheaf[law].state is State.ASKING]
        sheaf.update({law: Told(sheaf[law].holder, State.STOPPED) for law in late})
    finally:
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
    await _sign_in_again(desk, sheaf)


async def _gather(desk: Desk, sheaf: Sheaf, asked: dict[asyncio.Task[Told], str]) -> None:
    waiting = set(asked)
    while waiting:
        screen = screens.progress(desk, tuple(sheaf.values()))
        done, waiting = await desk.during(screen, asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED))
        sheaf.update({asked[task]: task.result() for task in done})


async def _ask(desk: Desk, holder: wire.OwnHolder) -> Told:
    try:
        answer = await desk.backend.own_information(holder.law)
    except BackendError as exc:
        if isinstance(exc, Refused) and exc.code == "no_data":
            return Told(holder, State.NOTHING)
        return Told(holder, State.FAILED, why=entry_for(exc))
    here = answer.outcome is wire.Outcome.PROVIDED
    return Told(holder, State.HERE if here else State.WITHHELD, answer)


async def _sign_in_again(desk: Desk, sheaf: Sheaf) -> None:
    """Where the session was over, asking again is of no use."""
    for told in sheaf.values():
        if told.why is not None and told.why.again is Again.FRESH:
            await tell(desk, told.why, over=False)
            raise StartAgain

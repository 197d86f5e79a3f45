"""An evacuation notice from the municipality's desk to the screen: real stream, real TLS, real kiosk process."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from backend_client.wire import Level
from backend_stub.emergency.staff import MUNICIPALITY, Staff
from backend_stub.setups import body_folder
from kiosk.emergency import TOO_SOON_S
from tests.e2e.booth import Booth, booth
from tests.pcsc import PrivatePcscd


def desk(place: Booth) -> Staff:
    key = (body_folder(place.data, MUNICIPALITY) / "machine.key").read_bytes()
    return Staff(f"{place.backend.ready['ready']}/emergency", key, Path(place.backend.ready["ca"]))


async def confirm(place: Booth) -> None:
    """Read it, and press OK: sooner it would count for nothing."""
    await place.driver.reach("emergency")
    await asyncio.sleep(TOO_SOON_S)
    await place.driver.press("Return")


async def test_from_the_staffs_desk_to_the_screen(data: Path, pcscd: PrivatePcscd) -> None:
    async with booth(data, pcscd.vpcd) as place:
        staff = desk(place)
        await place.driver.reach("attract")
        await place.insert("adult")
        await place.driver.reach("sign_in.pin")
        await place.driver.press("1", "2")
        await asyncio.to_thread(staff.evacuate, Level.EVERYBODY, 1.0, datetime.now(UTC))
        await confirm(place)
        await place.driver.reach("sign_in.pin")
        await place.driver.press("1", "2", "3", "4", "Return")
        await place.driver.reach("home")
        await place.driver.press("1")
        await place.driver.reach("evacuated.where")
        assert await asyncio.to_thread(staff.all_clear) == 1
        staff.close()

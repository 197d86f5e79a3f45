"""What has already happened in the town when the first visitor comes: done by the bodies themselves, through the wire.

Each step is kept by the body that did it and is not done again, so a seed that was cut short goes on at the next start,
and cards that are issued later are registered then.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from backend_stub.agencies import Agency
from backend_stub.body import Refusal
from backend_stub.medical.coverage import read_insured
from backend_stub.people import Resident
from backend_stub.town import Town

log = logging.getLogger(__name__)

COUNTER = "midori-city"
PAYERS = {"adult": "9000000"}
"""Residents, and test accounts that exist with no bank."""


async def seed(town: Town, data: Path, residents: tuple[Resident, ...]) -> None:
    """Enrol, register, exchange and write. `data` holds the cards. Raises Refusal when a body will not."""
    await _enrol(town, residents)
    reachable = await _register_at_counter(town, data / "cards", residents)
    await _exchange(town)
    await _write(town, reachable)
    await town.health.fill()
    await _register_payers(town, data / "cards")


async def _enrol(town: Town, residents: tuple[Resident, ...]) -> None:
    """Bodies enrol side by side, each its own clients."""
    insured = {one.resident: one for one in read_insured()}

    async def at_medical() -> None:
        for resident in residents:
            if resident.id in insured:
                await town.medical.enrol(resident, insured[resident.id])

    # All go on to their end before one's failure is told, so that nothing is left running behind the seed.
    all_of_them = (at_medical(), *(_clients(agency, residents) for agency in town.agencies.values()))
    for failure in await asyncio.gather(*all_of_them, return_exceptions=True):
        if failure is not None:
            raise failure


async def _clients(agency: Agency, residents: tuple[Resident, ...]) -> None:
    await agency.enrol_all({one.id: one.items for one in residents if agency.file.serves(one.id)})


async def _register_at_counter(town: Town, cards: Path, residents: tuple[Resident, ...]) -> set[str]:
    """Open the folders of those who came to the counter with a card in order; gives their ids."""
    reachable = set()
    for resident in residents:
        certificate = cards / resident.id / "auth.cer"
        if not resident.at_counter or not certificate.exists():
            continue
        try:
            await town.agencies[COUNTER].open_folder(certificate.read_bytes(), resident.partners)
        except Refusal as refusal:
            log.warning("a card was not registered: %s, trace %s", refusal.code, refusal.trace_id)
        else:
            reachable.add(resident.id)
    return reachable


async def _register_payers(town: Town, cards: Path) -> None:
    """Those who pay at the hospital by their card have shown it, and their account, at its counter."""
    for resident, account in PAYERS.items():
        certificate = cards / resident / "auth.cer"
        if certificate.exists():
            await town.cashier.register_at_counter(certificate.read_bytes(), account)


async def _exchange(town: Town) -> None:
    for agency in town.agencies.values():
        for ask in agency.file.asks:
            left = tuple(one for one in ask.residents if not agency.parts.has_asked(one, ask.law))
            if left:
                await agency.ask_all(left, ask)
    for agency in town.agencies.values():
        await agency.outbox.post()


async def _write(town: Town, reachable: set[str]) -> None:
    for agency in town.agencies.values():
        for mailing in agency.file.mailings:
            for reference in reachable.intersection(mailing.residents):
                await agency.send(reference, mailing)
    for company in town.companies:
        for letter in company.file.mailings:
            await company.send(letter)
        for billing in company.file.billings:
            await company.bill(billing)
        for premiums in company.file.premiums:
            await company.certify_premiums(premiums)
        for card in company.file.memberships:
            await company.issue(card)

"""A patient at the reception: the card is asked, and an answer comes."""

from __future__ import annotations

import httpx
import msgspec
from backend_kit import Card

from backend_client import wire

HOSPITAL = "みほん病院"
NOTHING = wire.HealthConsent()


async def challenge(people: httpx.AsyncClient) -> str:
    answer = await people.post("/medical/challenges")
    return msgspec.json.decode(answer.content, type=wire.Challenge).nonce


async def ask(
    people: httpx.AsyncClient,
    card: Card,
    consent: wire.HealthConsent = NOTHING,
    facility: str = HOSPITAL,
    **changes: str,
) -> httpx.Response:
    nonce = await challenge(people)
    request = wire.EligibilityRequest(
        nonce=nonce, token=card.token(nonce, **changes), facility=facility, consent=consent
    )
    return await people.post("/medical/eligibility", content=msgspec.json.encode(request))


async def eligibility(
    people: httpx.AsyncClient,
    card: Card,
    consent: wire.HealthConsent = NOTHING,
    facility: str = HOSPITAL,
) -> wire.Eligibility:
    answer = await ask(people, card, consent, facility)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=wire.Eligibility)

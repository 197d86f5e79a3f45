"""Who the patient is: four digits, or staff who compare face and card (目視), for cards without a PIN too.

Staff approve one visit, by their own card, and the card's key is then opened by the terminal's right. Source: card
reference, section 8.1; decision 0026.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial

from backend_client import wire
from backend_client.errors import BackendError
from kiosk.desk import Back, Card, Desk, NotApproved
from kiosk.flows.hospital_trouble import BySight, tell_blocked, tell_trouble
from kiosk.flows.identity import Proof, send_in_time
from kiosk.flows.pin import PIN, Asking, unlock
from kiosk.screens import Choice, Detail, Menu, Working

ITEMS = ("medicines", "treatment", "checkup")
"""Fields of HealthConsent, in the order they are asked."""
BY_PIN, BY_SIGHT, HELP = "pin", "sight", "help"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for this patient."""

    consent: wire.HealthConsent


def steps(desk: Desk) -> tuple[str, ...]:
    """いまどこ."""
    keys = ("identity.step_card", "hospital.step_consent", "identity.step_identity", "hospital.step_end")
    return tuple(map(desk.words, keys))


async def recognise(desk: Desk, question: Question) -> wire.Eligibility:
    """Recognise the patient and have the insurance looked up. Raises Back, VisitOver."""
    way = ""
    while True:
        way = way or await _way(desk)
        try:
            return await desk.with_card(partial(STEPS[way], desk, question))
        except BySight:
            way = BY_SIGHT
        except (NotApproved, Back):
            if not desk.reception.staffed:
                raise
            way = ""


async def _way(desk: Desk) -> str:
    """Raises Back."""
    if not desk.reception.staffed:
        return BY_PIN
    while (way := await desk.show(_ways(desk))) == HELP:
        desk.reception.call()
        await desk.show(_staff_come(desk))
    return way


async def _by_pin(desk: Desk, question: Question, card: Card) -> wire.Eligibility:
    tries = await card.tries_left(PIN)
    # Read while the person types; nothing else is asked of the card before it is here.
    certificate = asyncio.ensure_future(card.auth_certificate())
    try:
        asking = Asking("hospital", steps(desk), 2, tell_blocked)
        await unlock(desk, asking, card, certificate, tries)
        while True:
            if answer := await _confirmed(desk, question, card, await certificate, by_sight=False):
                return answer
    finally:
        certificate.cancel()
        await asyncio.gather(certificate, return_exceptions=True)


async def _by_sight(desk: Desk, question: Question, card: Card) -> wire.Eligibility:
    """Every question has an approval of its own. Raises NotApproved."""
    certificate = await card.auth_certificate()
    while True:
        await desk.during(_calling(desk), desk.reception.compare(certificate))
        await desk.reception.open_key(card)
        if answer := await _confirmed(desk, question, card, certificate, by_sight=True):
            return answer


async def _confirmed(
    desk: Desk, question: Question, card: Card, certificate: bytes, *, by_sight: bool
) -> wire.Eligibility | None:
    """Ask once; None when the person wants to try again."""
    desk.reception.asking(by_sight=by_sight)
    try:
        sending = send_in_time(desk, _proof(desk, question), card, certificate)
        answer = await desk.during(_asking(desk), sending)
    except BackendError as error:
        desk.reception.unanswered()
        await tell_trouble(desk, error, certificate)
        return None
    except BaseException:
        desk.reception.unanswered()
        raise
    desk.reception.answered(answer)
    await desk.till.remember(certificate, answer.reception_number)
    return answer


STEPS = {BY_PIN: _by_pin, BY_SIGHT: _by_sight}


def _proof(desk: Desk, question: Question) -> Proof[wire.Eligibility]:
    async def send(nonce: str, token: wire.AuthToken) -> wire.Eligibility:
        return await desk.backend.eligibility(
            wire.EligibilityRequest(nonce=nonce, token=token, facility=desk.profile.facility, consent=question.consent)
        )

    return Proof("hospital", "hospital.asking", steps(desk), 2, desk.backend.medical_challenge, send)


def _ways(desk: Desk) -> Menu:
    words = desk.words
    keys = (BY_PIN, BY_SIGHT, HELP)
    choices = tuple(Choice(key, words(f"hospital.by_{key}"), words(f"hospital.by_{key}_detail")) for key in keys)
    return Menu(
        name="hospital.identity",
        title=words("hospital.identity_title"),
        steps=steps(desk),
        step=2,
        choices=choices,
        back=True,
    )


def _staff_come(desk: Desk) -> Detail:
    """For whom the desk is too high, the letters too small, the keys too many."""
    words = desk.words
    return Detail(
        name="hospital.staff_come",
        title=words("hospital.staff_come_title"),
        steps=steps(desk),
        step=2,
        body=words("hospital.staff_come_body"),
        actions=(Choice("next", words("hospital.go_on")),),
    )


def _calling(desk: Desk) -> Working:
    words = desk.words
    return Working(
        name="hospital.calling",
        title=words("hospital.calling"),
        detail=words("hospital.calling_detail"),
        stop=words("action.stop"),
        steps=steps(desk),
        step=2,
    )


def _asking(desk: Desk) -> Working:
    words = desk.words
    return Working(
        name="hospital.sending",
        title=words("hospital.asking"),
        detail=words("identity.keep_card"),
        stop=words("action.stop"),
        steps=steps(desk),
        step=2,
    )

"""Hospital reception: consent first, then who it is, whether the insurance can be used, a number, and the card back.

Three touches for the common case: what is shown to the doctor, how the person is recognised, which prescription.
"""

from __future__ import annotations

from contextlib import suppress

from backend_client import wire
from kiosk.desk import Back, Desk
from kiosk.flows.hospital_answer import tell_answer
from kiosk.flows.hospital_grace import has_expired
from kiosk.flows.hospital_identity import ITEMS, Question, recognise, steps
from kiosk.flows.outage import wait_on_paper
from kiosk.flows.paying import pay_what_is_due
from kiosk.screens import Consent, ConsentItem

__all__ = ["ITEMS", "run"]


async def run(desk: Desk) -> None:
    """Consent before identity: patients used to pull the card out before they were asked. Raises Back, VisitOver.

    A card that is good for insurance only is asked for no consent.
    """
    if await pay_what_is_due(desk):
        return
    if not desk.reception.staffed:  # with staff a statement is filled in instead
        await wait_on_paper(desk)
    if await has_expired(desk):
        answer = await recognise(desk, Question(wire.HealthConsent()))
    else:
        answer = await _ask(desk)
    await tell_answer(desk, answer)


async def _ask(desk: Desk) -> wire.Eligibility:
    while True:
        agreed = await desk.show(_consent(desk))
        consent = wire.HealthConsent(**{item: item in agreed for item in ITEMS})
        with suppress(Back):
            return await recognise(desk, Question(consent))


def _consent(desk: Desk) -> Consent:
    words = desk.words
    return Consent(
        name="hospital.consent",
        title=words("hospital.consent_title"),
        steps=steps(desk),
        step=1,
        lead=words("hospital.consent_lead"),
        items=tuple(ConsentItem(i, words(f"hospital.{i}"), words(f"hospital.{i}_detail")) for i in ITEMS),
        yes=words("hospital.yes"),
        no=words("hospital.no"),
        all_of_them=words("hospital.all_of_them"),
        only_chosen=words("hospital.only_chosen"),
        none_of_them=words("hospital.none_of_them"),
    )

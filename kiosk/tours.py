"""The tours: one main path per profile, and those that `--path NAME` walks, as data."""

from __future__ import annotations

from kiosk import tours_hospital
from kiosk.tour import Step
from kiosk.tours_common import BEGIN, END, visit
from kiosk.tours_living import BOOKING, EMERGENCY, HEALTH, PHONE
from kiosk.tours_own import OWN
from kiosk.tours_partners import BILLS, CARDS, CLOSED, CONSENT
from kiosk.tours_portal import MOVE, NOTICES, POST_BOX, PROCEDURES, RECORDS, REGISTER
from kiosk.tours_proxies import OFFER, proxy

STB = (
    *BEGIN,
    *visit("stb", "notices", *NOTICES),
    *visit("stb", "access_log", *RECORDS),
    *visit("stb", "procedures", *PROCEDURES),
    *visit("stb", "post_box", *POST_BOX),
    *visit("stb", "health", *HEALTH),
    *visit("stb", "booking", *BOOKING),
    *visit("stb", "partners", *BILLS, *CARDS, *CONSENT, *CLOSED),
    *visit("stb", "phone", *PHONE),
    *EMERGENCY,
    *END,
)
FOUND = (Step("card_status", ("2",)), *MOVE)
"""引っ越した, told where the card is looked at."""
COUNTER = (
    *BEGIN,
    *visit("counter", "access_log", *RECORDS),
    *visit("counter", "card_status", *FOUND),
    *visit("counter", "proxies", *OFFER),
    *END,
)

TOURS: dict[str, tuple[Step, ...]] = {
    "stb": STB,
    "register": (*REGISTER, *visit("stb", "notices", Step("notices", ("Escape",))), *END),
    "move": (*BEGIN, *visit("stb", "procedures", *PROCEDURES), *END),
    "post-box": (*BEGIN, *visit("stb", "procedures", *PROCEDURES), *visit("stb", "post_box", *POST_BOX), *END),
    "consent": (*BEGIN, *visit("stb", "partners", *CONSENT, *CLOSED), *END),
    "own": OWN,
    "bill": (*BEGIN, *visit("stb", "partners", *BILLS, *CLOSED), *END),
    "proxy": proxy("stb"),
    "counter": COUNTER,
    "counter-register": (*REGISTER, *END),
    "counter-move": (*BEGIN, *visit("counter", "card_status", *FOUND), *END),
    "counter-consent": (*BEGIN, *visit("counter", "partners", *CONSENT, *CLOSED), *END),
    "counter-bill": (*BEGIN, *visit("counter", "partners", *BILLS, *CLOSED), *END),
    "counter-proxy": proxy("counter"),
    **tours_hospital.PATHS,
}
"""By profile, or by a name of its own (`--path`): `counter-…` and `hospital-…` on those profiles, others on `stb`."""

"""The tours: one main path per profile, as data."""

from __future__ import annotations

from kiosk.tour import Insert, Remove, Step

PIN = ("1", "2", "3", "4", "Return")

END = (Step("take_card", (Remove(),)), Step("cleared"), Step("attract"))

TOURS: dict[str, tuple[Step, ...]] = {
    "stb": (
        Step("attract", (Insert("adult"),)),
        Step("sign_in.pin", PIN),
        Step("home", ("Return",)),
        Step("notices", ("Return",)),
        Step("notices.notice", ("Escape",)),
        Step("notices", ("Escape",)),
        Step("home", ("2",)),
        Step("access_log", ("Down", "Return")),
        Step("access_log.record", ("Escape",)),
        Step("access_log", ("Escape",)),
        Step("home", ("0",)),
        *END,
    ),
    "counter": (
        Step("attract", (Insert("adult"),)),
        Step("sign_in.pin", PIN),
        Step("home", ("1",)),
        Step("access_log", ("Return",)),
        Step("access_log.record", ("Escape",)),
        Step("access_log", ("Escape",)),
        Step("home", ("2",)),
        Step("card_status", ("Return",)),
        Step("home", ("0",)),
        *END,
    ),
    "hospital": (
        Step("attract", (Insert("adult"),)),
        Step("hospital.consent", ("Return",)),
        Step("hospital.pin", PIN),
        Step("hospital.insurance", ("Return",)),
        Step("hospital.reception", ("Return",)),
        *END,
    ),
}

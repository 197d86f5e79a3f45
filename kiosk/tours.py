"""The tours: one main path per profile, as data."""

from __future__ import annotations

from kiosk.tour import Insert, Remove, Step

PIN = ("1", "2", "3", "4", "Return")

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
        Step("take_card", (Remove(),)),
        Step("cleared"),
        Step("attract"),
    ),
}

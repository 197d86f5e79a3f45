"""What every tour begins and ends with, and the ways to a service, as its profile's menu has them."""

from __future__ import annotations

from kiosk.tour import Insert, Remove, Step
from stb_profile.profile import load

PIN = ("1", "2", "3", "4", "Return")
ABC = ("Return", "Right", "Return", "Right", "Return")
"""From A on, by the arrows."""
TO_OK = ("Right",) * 7 + ("Return",)
"""From C to 決定 at the right."""
PASSWORD = (*ABC, "1", "2", "3", *TO_OK)

BEGIN = (Step("attract", (Insert("adult"),)), Step("sign_in.pin", PIN))
LEFT = (Step("take_card", (Remove(),)), Step("cleared"))
END = (Step("home", ("0",)), *LEFT, Step("attract"))


def into(profile: str, item: str) -> tuple[Step, ...]:
    """From home to a service, through the group it is in."""
    menu, groups = load(profile).menu, load(profile).groups
    if item in menu:
        return (Step("home", (_digit(menu, item),)),)
    group = next(name for name in menu if item in groups.get(name, ()))
    return Step("home", (_digit(menu, group),)), Step(group, (_digit(groups[group], item),))


def out_of(profile: str, item: str) -> tuple[Step, ...]:
    """From the page that the service was opened on to home."""
    return tuple(Step(step.screen, ("Escape",)) for step in into(profile, item)[1:])


def visit(profile: str, item: str, *steps: Step) -> tuple[Step, ...]:
    """From home into a service, and home again."""
    return (*into(profile, item), *steps, *out_of(profile, item))


def _digit(items: tuple[str, ...], item: str) -> str:
    return str(items.index(item) + 1)

"""家族・代理: one asks, the other agrees with a card of one's own, and acts."""

from __future__ import annotations

from kiosk.tour import Insert, Offered, Step
from kiosk.tours_common import BEGIN, END, LEFT, PIN, into, out_of
from kiosk.tours_portal import REGISTER

OFFER = (
    Step("proxies", ("2",)),
    Step("proxies.scopes", ("1",)),
    Step("proxies.hidden", ("3",)),
    Step("proxies.term", ("1",)),
    Step("proxies.sure", ("1",)),
    Step("proxies.number", (Offered(), "Return")),
    Step("proxies", ("Escape",)),
)
"""What, what not, for how long; then a number for the other one."""

ACCEPT = (
    Step("proxies", ("3",)),
    Step("proxies.code", (Offered(typed=True), "Return")),
    Step("proxies.agree", ("1",)),
    Step("proxies.accepted", ("Return",)),
)

ACT = (
    Step("acting", ("1",)),
    Step("notices", ("Escape",)),
    Step("acting", ("2",)),
    Step("access_log", ("Escape",)),
    Step("acting", ("3",)),
    Step("applied", ("Escape",)),
    Step("acting", ("0",)),
)

FINISH = (
    Step("proxies", ("4",)),
    Step("proxies.list", ("Return",)),
    Step("proxies.proxy", ("2",)),
    Step("proxies.really", ("1",)),
    Step("proxies.ended", ("Return",)),
    Step("proxies", ("Escape",)),
)


def proxy(profile: str) -> tuple[Step, ...]:
    """Asked for, agreed to, used, chosen at the next visit, and ended."""
    there, back = into(profile, "proxies"), out_of(profile, "proxies")
    return (
        *(*BEGIN, *there, *OFFER, *back, Step("home", ("0",)), *LEFT),
        *(*REGISTER, *there, *ACCEPT, Step("proxies", ("1",)), Step("proxies.people", ("Return",)), *ACT),
        *(Step("proxies", ("Escape",)), *back, Step("home", ("0",)), *LEFT),
        *(Step("attract", (Insert("first"),)), Step("sign_in.pin", PIN), Step("whose", ("2",)), *ACT),
        *(Step("whose", ("1",)), *there, *FINISH, *back, *END),
    )

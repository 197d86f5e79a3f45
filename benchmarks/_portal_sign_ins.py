"""Sign-ins per second of one core's time, challenge included, beside the checks alone; the authority has the other.

The checks alone take an OCSP answer for each; the portal looks the certificates up in the authority's list, as it does
with all that have opened a folder (decision 0038).
"""

from __future__ import annotations

import statistics
from pathlib import Path

from benchmarks import _portal_house as house
from benchmarks._gateway_load import load, serving
from benchmarks._gateway_requests import post
from benchmarks._report import at_least

GOAL = 0.4
ROUNDS, SECONDS = 3, 1.0
MOST_PER_S = 8_000
"""So many are made beforehand for each second: more than are ever answered."""
AT_ONCE = 64


def measure(data: Path, rounds: int = ROUNDS, seconds: float = SECONDS) -> bool:
    """The first round warms up and does not count."""
    cards = house.lay_out(data)
    cases = house.cases(data, cards)
    with (
        serving("portal_authority", data, on_load_core=True) as authority,
        serving("portal", data, neighbours=authority.url) as portal,
    ):
        challenges, sign_ins, floors = [], [], []
        for _ in range(1 + rounds):
            floors.append(house.checks_per_s(cases, seconds / 2))
            challenges.append(load(portal, [post("/challenges", b"")], 1, AT_ONCE).cpu_us)
            ready = house.sign_ins(cards, portal.port, round(MOST_PER_S * seconds))
            sign_ins.append(load(portal, ready, seconds, AT_ONCE, again=False))
    challenge_us = statistics.median(challenges[1:])
    sign_in_us = statistics.median(one.cpu_us for one in sign_ins[1:])
    fields = {
        "check_us": round(1e6 / statistics.median(floors[1:])),
        "challenge_us": round(challenge_us),
        "sign_in_us": round(sign_in_us),
        "p50_ms": round(statistics.median(one.p50_ms for one in sign_ins[1:]), 1),
    }
    per_s = 1e6 / (challenge_us + sign_in_us)
    return at_least("portal.sign_ins", per_s, statistics.median(floors[1:]), GOAL, unit="1/s", **fields)

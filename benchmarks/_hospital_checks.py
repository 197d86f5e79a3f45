"""Eligibility checks over HTTP beside bare Starlette that reads a row: same uvicorn, same core, in turns.

The medical body is alone on the core; the cards have been here today, so that each has its certificate link. Challenges
are fetched and signed beforehand. What the first check of a day takes, which asks authority and gateway, is told too.
"""

from __future__ import annotations

import statistics
import time
from base64 import b64decode
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from benchmarks import _hospital_house as house
from benchmarks._gateway_load import Measured, check_wrk, load, serving
from benchmarks._gateway_requests import get
from benchmarks._report import at_least

CHECKS = 0.35
AT_ONCE = 128
SECONDS, ROUNDS = 1, 9
MOST_PER_S = 20_000
"""So many checks are made beforehand for each second: more than are ever answered."""
VERIFIED = 500


def measure(data: Path, rounds: int = ROUNDS) -> dict[str, Measured]:
    """Load each server in turns; the median of each, after one round that warms up."""
    check_wrk()
    cards = house.lay_out(data)
    runs: dict[str, list[Measured]] = {"checks": [], "read": [], "hello": []}
    with (
        serving("authority", data, on_load_core=True) as authority,
        serving("medical", data, authority.url) as medical,
        serving("insured", data) as read,
        serving("hello", data) as hello,
    ):
        reads = [get(f"/insured/{symbol}") for symbol in house.symbols(data)]
        for _ in range(1 + rounds):
            checks = house.checks(cards, medical.port, SECONDS * MOST_PER_S)
            runs["checks"].append(load(medical, checks, SECONDS, AT_ONCE, again=False))
            runs["read"].append(load(read, reads, SECONDS, AT_ONCE))
            runs["hello"].append(load(hello, [get("/hello")], SECONDS, AT_ONCE))
    usual = {name: _median(some[1:]) for name, some in runs.items()}
    told(usual, statistics.median(cards.first_ms), _verifying_us(cards))
    return usual


def told(usual: dict[str, Measured], first_ms: float, rsa_us: float) -> bool:
    """By what a core does in a second of its time, and by the clock on the wall: both must meet the goal."""
    checks, read, http_us = usual["checks"], usual["read"], usual["hello"].cpu_us
    wall = checks.per_s / read.per_s
    parts = {
        "check_us": round(checks.cpu_us),
        "http_us": round(http_us),
        "rsa_us": round(rsa_us),
        "rest_us": round(checks.cpu_us - http_us - rsa_us),
        "first_of_day_ms": round(first_ms, 1),
        "p50_ms": round(checks.p50_ms, 1),
        "wall": round(checks.per_s),
        "wall_floor": round(read.per_s),
        "wall_ratio": round(wall, 3),
    }
    unit = "checks/s of the core"
    return at_least("hospital.checks", checks.per_core, read.per_core, CHECKS, wall, unit=unit, **parts)


def _median(some: list[Measured]) -> Measured:
    return Measured(
        per_s=statistics.median(one.per_s for one in some),
        p50_ms=statistics.median(one.p50_ms for one in some),
        p99_ms=statistics.median(one.p99_ms for one in some),
        cpu_us=statistics.median(one.cpu_us for one in some),
    )


def _verifying_us(cards: house.Cards) -> float:
    """One signature of a card, checked: what no check can do without."""
    key = x509.load_der_x509_certificate(b64decode(cards.certificates[0])).public_key()
    assert isinstance(key, RSAPublicKey), "the cards are of this generation"
    signature, digest = cards.key.sign(b"challenge", PKCS1v15(), SHA256()), SHA256()
    took = []
    for _ in range(VERIFIED):
        began = time.perf_counter()
        key.verify(signature, b"challenge", PKCS1v15(), digest)
        took.append(1e6 * (time.perf_counter() - began))
    return min(took)

"""Writes docs/symbols.md and docs/costs.md: every figure in them comes from the run that wrote them."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from benchmarks._gateway_costs import Cost, Costs
from benchmarks._gateway_load import Measured
from benchmarks._gateway_schemes import Scheme, Schemes

DOCS = Path(__file__).parent.parent / "docs"
RESIDENTS, BODIES = 126_000_000, 20
"""The whole country: what bytes for each resident and body come to."""
BODIES_MEASURED = 3
FEW_RESIDENTS, MANY_RESIDENTS = 10_000, 1_000_000
Population = Mapping[str, tuple[Measured, Measured]]
Row = tuple[str, Callable[[Scheme], str]]

SYMBOLS = """\
# The schemes of symbols, side by side

Written by `script/madoguchi bench gateway`; no figure here was written by hand. {run}

The 2011 working group named five cases and compared them on five axes (gateway reference, section 1). All but the first
are built behind one protocol (`backend_stub/gateway/symbols/`); which is in force is a line in the gateway's
`symbols.toml`, and one can be exchanged for another while work goes on. 案2 is the default.

案1 is a refusal: "{refusal}"

| | 案2 AES-SIV | 案3 table | 案4 two kinds | 案5 one kind |
|---|---|---|---|---|
{rows}

Three bodies, {residents:,} residents; over HTTP {few:,} and {many:,}. A and B keep Individual Numbers with their data,
C does not. Without request signatures; 案4 and 案5 run the same statements as 案3.

## What 案4 and 案5 cannot notice

Bodies of one kind call a person alike. So they can link their data without the gateway, and a symbol of one that
another of the same kind presents is taken for its own: under 案4 {two_kinds} of the symbols of A that B presented were
noticed, under 案5 {one_kind} of those that any other body presented; under 案2 and 案3 all were. Among bodies of one
kind the alarm of the wrong agency's symbol does not exist, whatever the gateway does.

## What decides

Speed does not: the symbols of one exchange take {siv_us} under 案2 and {table_us} under 案3, of {exchange_us} of the
core's time that an exchange takes over HTTP in all. What decides is what there is to lose: a table is lost with its
database, and stolen with it; a key is lost and stolen with a file of 32 bytes, and can be put into hardware.
"""

COSTS = """\
# What things cost

Written by `script/madoguchi bench gateway`; no figure here was written by hand. {run}

## The gateway alone, over HTTP on one core

| | CPU, µs | per second of a core |
|---|---|---|
{gateway}

## The whole town in one process

CPU of all bodies that take part, and what is still in their databases afterwards (SQLite; the nonces of signed requests
are kept for two minutes and not counted). The client that asks is counted too, the card is not.

| | CPU, µs | bytes kept |
|---|---|---|
{town}

An exchange has four parts in three databases: the requester's, the provider's, and in the gateway's the leaf with its
hash and the pseudonym of the person. For a token the receipt is a second leaf.

A sign-in is a challenge, the check of certificate and signature, the authority's list of revocations (decision 38), and
a session; the session is kept in memory, the time and place for a year in the holder's own history.

A signed application is a draft and one PDF with its signature (PAdES), checked by the portal and again by the body it
goes to; the body's answer comes back with a certificate for the post box. The kiosk, which makes the PDF, is not
counted.
"""


def write_docs(runs: Mapping[str, Measured], population: Population, schemes: Schemes, costs: Costs) -> None:
    """Write both documents anew."""
    (DOCS / "symbols.md").write_text(symbols(runs, population, schemes), "utf-8")
    (DOCS / "costs.md").write_text(costs_text(runs, costs), "utf-8")


def symbols(runs: Mapping[str, Measured], population: Population, schemes: Schemes) -> str:
    """The text of docs/symbols.md."""
    by_method = {scheme.method.value: scheme for scheme in schemes.built}
    return SYMBOLS.format(
        run=_run(),
        refusal=schemes.refusal,
        rows="\n".join(_rows(schemes, population)),
        residents=schemes.residents,
        few=FEW_RESIDENTS,
        many=MANY_RESIDENTS,
        two_kinds=_percent(by_method["two-kinds"].noticed[0]),
        one_kind=_percent(by_method["one-kind"].noticed[1]),
        siv_us=_us(by_method["siv"].convert_us),
        table_us=_us(by_method["table"].convert_us),
        exchange_us=_us(runs["token"].cpu_us),
    )


def _rows(schemes: Schemes, population: Population) -> list[str]:
    axes: tuple[tuple[str, tuple[Row, ...]], ...] = (
        ("コストパフォーマンス — cost and performance", _COST),
        ("連携対象の拡張性 — how it grows", _GROWTH),
        ("稼働の安定性・運用性 — steadiness and running", _RUNNING),
        ("調達の透明・公正性 — open and fair procurement", _PROCUREMENT),
        ("セキュリティ・プライバシー影響度 — security and privacy", _PRIVACY),
    )
    lines = []
    for axis, rows in axes:
        lines.append(f"| **{axis}** | | | | |")
        lines += [_line(words, [figure(scheme) for scheme in schemes.built]) for words, figure in rows]
        if rows is _COST:
            lines.append(_line("exchanges over HTTP in a second of the core", _http(schemes, population, 0)))
        if rows is _GROWTH:
            lines.append(_line("exchanges over HTTP with 100 times as many residents", _http(schemes, population, 1)))
    return lines


def _http(schemes: Schemes, population: Population, which: int) -> list[str]:
    def one(scheme: Scheme) -> str:
        measured = population.get(scheme.method.value)
        return "as 案3" if measured is None else f"{measured[which].per_core:,.0f}"

    return [one(scheme) for scheme in schemes.built]


def _line(words: str, figures: list[str]) -> str:
    return f"| {words} | " + " | ".join(figures) + " |"


def _us(value: float) -> str:
    return f"{value:,.1f} µs" if value < 100 else f"{value:,.0f} µs"


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def _country(scheme: Scheme) -> str:
    """Bytes measured for three bodies, for all residents and twenty; one or two kinds do not grow with the bodies."""
    bodies = BODIES / BODIES_MEASURED if scheme.method.value == "table" else 1
    return f"{scheme.bytes_a_resident * bodies * RESIDENTS / 1e9:,.0f} GB"


_COST: tuple[Row, ...] = (
    ("symbols of one exchange", lambda s: _us(s.convert_us)),
    ("kept for each resident, three bodies", lambda s: f"{s.bytes_a_resident:,.0f} bytes"),
    (f"computed from it: {RESIDENTS // 1_000_000} M residents, {BODIES} bodies", _country),
)
_GROWTH: tuple[Row, ...] = (("a body that joins: its symbol of each resident", lambda s: _us(s.new_body_us)),)
_RUNNING: tuple[Row, ...] = (
    ("a new key or table: each symbol that moves over", lambda s: _us(s.migrate_us)),
    ("symbols still understood when the database is lost, and not the key", lambda s: _percent(s.left_without_table)),
)
_PROCUREMENT: tuple[Row, ...] = (
    ("rests on", lambda s: "RFC 5297, RFC 5869" if s.method.value == "siv" else "SQL"),
    ("lines of our own", lambda s: str(s.lines)),
)
_PRIVACY: tuple[Row, ...] = (
    ("residents whom A and B call alike", lambda s: _percent(s.alike[0])),
    ("residents whom A and C call alike", lambda s: _percent(s.alike[1])),
    ("symbols of A noticed when B presents them", lambda s: _percent(s.noticed[0])),
    ("symbols of A noticed when C presents them", lambda s: _percent(s.noticed[1])),
    ("a forged symbol is refused in", lambda s: _us(s.refuse_us)),
    ("codes tied to a person in a stolen database, for each resident", lambda s: str(s.links_in_database)),
)


def costs_text(runs: Mapping[str, Measured], costs: Costs) -> str:
    """The text of docs/costs.md."""
    gateway = (
        ("a token, without request signatures", runs["token"].cpu_us),
        ("a token, request signed and checked", runs["token_signed"].cpu_us),
        ("one of a batch of 100 tokens, signed and checked", runs["batch"].cpu_us / 100),
        ("a relayed exchange, both ways signed", runs["relay"].cpu_us),
    )
    town = (
        ("an exchange by relay", costs.relay),
        ("an exchange by token, receipt included", costs.token),
        ("a sign-in", costs.sign_in),
        ("a signed application, answered", costs.application),
    )
    return COSTS.format(
        run=_run(),
        gateway="\n".join(f"| {words} | {us:,.1f} | {1e6 / us:,.0f} |" for words, us in gateway),
        town="\n".join(_cost(words, cost) for words, cost in town),
    )


def _cost(words: str, cost: Cost) -> str:
    return f"| {words} | {cost.cpu_us:,.0f} | {cost.bytes_kept:,.0f} |"


def _run() -> str:
    now = datetime.now(UTC)
    return f"Run of {now:%Y-%m-%d}: {_processor()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}."


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("ascii", "replace").splitlines():
        if line.startswith("model name"):
            return f"{line.partition(':')[2].strip()}, {os.cpu_count()} cores"
    return f"{os.cpu_count()} cores"

"""`madoguchi doctor`: could a kiosk open here? Looks at everything a kiosk needs and names the next step for the rest.

Nothing is changed: no try is used, nothing is started, nothing of a citizen is sent.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from backend_client.errors import BackendError
from backend_client.health import Pulse, feel_pulse
from drivers.card.jpki import Jpki
from drivers.errors import CardError, CardGone, NoReader, NotOurCard, ServiceCause, ServiceDown
from drivers.readers import Readers
from kiosk import advice
from kiosk.card_certificate import CertificateFacts, Validity, certificate_facts
from kiosk.card_deeds import selected, settle, tries, watching
from kiosk.card_watch import CardWatch

FONT_S = 60.0
CLOCK_OFF = timedelta(seconds=60)

_FONT_CHECK = """
from PySide6.QtGui import QGuiApplication
from kiosk.stage_window import japanese_font
application = QGuiApplication([])
raise SystemExit(0 if japanese_font() else 78)
"""
_NO_FONT = 78


@dataclass(frozen=True, slots=True)
class Finding:
    """`ok` is None for what could not be looked at. A kiosk opens without what is not `needed`."""

    what: str
    ok: bool | None
    detail: str
    next_step: str = ""
    needed: bool = True


def could_open(findings: list[Finding]) -> bool:
    return all(finding.ok for finding in findings if finding.needed)


async def examine(
    readers: Callable[[], Readers], backend: str | None, ca: Path | None, now: Callable[[], datetime]
) -> list[Finding]:
    """All findings, in the order in which a person mends things. `readers` may raise ImportError."""
    return [*await look_at_readers(readers, now()), await look_for_font(), *await look_at_backend(backend, ca, now)]


def as_json(findings: list[Finding]) -> str:
    return msgspec.json.encode({"could_open": could_open(findings), "findings": findings}).decode()


def as_text(findings: list[Finding]) -> str:
    lines = []
    for finding in findings:
        lines.append(f"{_MARKS[finding.ok]} {finding.what}: {finding.detail}")
        if finding.next_step:
            lines.append("  → " + finding.next_step.replace("\n", "\n    "))
    missing = ", ".join(finding.what for finding in findings if finding.needed and not finding.ok)
    lines.append(f"A kiosk could not open: {missing}." if missing else "A kiosk could open.")
    return "\n".join(lines)


_MARKS = {True: "✓", False: "✗", None: "–"}


# --- readers and card


async def look_at_readers(make: Callable[[], Readers], now: datetime) -> list[Finding]:
    """Service, permission, readers, and the card that lies there."""
    try:
        readers = make()
    except ImportError as exc:
        return [Finding("service", False, f"the PC/SC library does not load: {exc}", "Run script/bootstrap.")]
    async with watching(readers) as watch:
        await settle(watch)
        if not watch.version:
            step = "Restart it: systemctl restart pcscd.service; then look for a reader that makes it hang."
            return [Finding("service", False, "it does not answer", step)]
        try:
            seat = await watch.seat()
        except CardError as exc:
            return _without_card(watch, exc)
        card = selected(seat)
        found = Finding("card", True, f"an Individual Number Card in {card.reader}", needed=False)
        return [*_ways(watch), found, *await _look_into(card.jpki, now)]


def _without_card(watch: CardWatch, error: CardError) -> list[Finding]:
    told = advice.on(error)
    match error:
        case ServiceDown(cause=ServiceCause.NOT_AUTHORISED):
            return [Finding("service", True, "runs"), Finding("permission", False, told.detail, told.next_step)]
        case ServiceDown():
            return [Finding("service", False, told.detail, told.next_step)]
        case NoReader():
            return [*_may_ask(), Finding("readers", False, told.detail, told.next_step)]
        case CardGone():
            return [*_ways(watch), Finding("card", None, "none lies in a reader now", needed=False)]
        case NotOurCard():
            seen = Finding("card", True, f"in {', '.join(sorted(watch.cards))}", needed=False)
            return [*_ways(watch), seen, _application(False, told.detail, told.next_step)]
    return [*_ways(watch), Finding("card", False, told.detail, told.next_step, needed=False)]


def _may_ask() -> list[Finding]:
    return [Finding("service", True, "runs"), Finding("permission", True, "this user may ask it")]


def _ways(watch: CardWatch) -> list[Finding]:
    return [*_may_ask(), Finding("readers", True, ", ".join(sorted(watch.readers)))]


def _application(ok: bool, detail: str, next_step: str = "") -> Finding:
    return Finding("JPKI application", ok, detail, next_step, needed=False)


async def _look_into(jpki: Jpki, now: datetime) -> list[Finding]:
    findings = []
    try:
        findings.append(_application(True, (await jpki.token_info()).label))
        findings.append(_dates(certificate_facts(await jpki.auth_certificate(), now)))
        findings.append(_pin((await tries(jpki)).pin))
    except CardError as exc:
        told = advice.on(exc)
        findings.append(Finding("card answers", False, told.detail, told.next_step, needed=False))
    return findings


def _dates(certificate: CertificateFacts) -> Finding:
    detail = (
        f"{certificate.key}, {certificate.not_before:%Y-%m-%d} to {certificate.not_after:%Y-%m-%d},"
        f" {certificate.validity.value}"
    )
    if certificate.validity is Validity.VALID:
        return Finding("certificate", True, detail, needed=False)
    step = "Check this machine's clock; if it is right, the municipal office renews the certificate."
    return Finding("certificate", False, detail, step, needed=False)


def _pin(left: int | None) -> Finding:
    if left is None:
        return Finding("PIN", None, "not on this card", needed=False)
    step = "" if left else "Only the municipal office can unlock it."
    return Finding("PIN", bool(left), f"tries left {left}" if left else "blocked", step, needed=False)


# --- the machine


async def look_for_font() -> Finding:
    """Asked in a child process: Qt belongs to the kiosk, and where it cannot start that is a finding too."""
    # A look at the fonts needs no display; Windows' own platform sees fonts that offscreen does not.
    platform = {"QT_QPA_PLATFORM": "offscreen"} if sys.platform.startswith("linux") else {}
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _FONT_CHECK),
        env=os.environ | platform,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(FONT_S):
            _, complaint = await child.communicate()
    except TimeoutError:
        child.kill()
        await child.wait()
        return Finding("font", False, "Qt does not answer", "Run script/bootstrap.")
    if child.returncode == 0:
        return Finding("font", True, "BIZ UDPGothic")
    if child.returncode == _NO_FONT:
        return Finding("font", False, "no Japanese font", "Install fonts-morisawa-bizud-gothic (BIZ UDPGothic).")
    last = complaint.decode(errors="replace").strip().rpartition("\n")[2]
    return Finding("font", False, f"Qt does not start: {last or child.returncode}", "Run script/bootstrap.")


# --- the backend, and the clock by it


async def look_at_backend(url: str | None, ca: Path | None, now: Callable[[], datetime]) -> list[Finding]:
    if url is None or ca is None:
        return [
            _clock(None, now()),
            Finding("backend", None, "not asked", "Name it as for the kiosk: --backend URL --ca PEM."),
        ]
    try:
        pulse = await feel_pulse(url, ca)
    except BackendError as exc:
        told = advice.on(exc)
        return [_clock(None, now()), Finding("backend", False, told.detail, told.next_step)]
    except OSError as exc:
        step = "Name the PEM file of the authority behind the backend's TLS."
        return [_clock(None, now()), Finding("backend", False, f"--ca {ca} cannot be used: {exc.strerror}", step)]
    except ValueError as exc:
        return [_clock(None, now()), Finding("backend", False, str(exc), "Check --backend.")]
    return [_clock(pulse.date, now()), _health(url, pulse)]


def _clock(there: datetime | None, here: datetime) -> Finding:
    if there is None:
        return Finding("clock", None, "nothing to compare it with", needed=False)
    off = here - there
    if abs(off) <= CLOCK_OFF:
        return Finding("clock", True, "as the backend's", needed=False)
    seconds = round(abs(off).total_seconds())
    detail = f"{seconds} s {'ahead of' if off > timedelta() else 'behind'} the backend's"
    return Finding("clock", False, detail, "timedatectl set-ntp true", needed=False)


def _health(url: str, pulse: Pulse) -> Finding:
    if pulse.health.ok:
        return Finding("backend", True, f"{url} is genuine and well")
    ill = ", ".join(sorted(name for name, well in pulse.health.bodies.items() if not well))
    return Finding("backend", False, f"{url} is genuine, but not well: {ill or 'unnamed'}", "Read the backend's log.")

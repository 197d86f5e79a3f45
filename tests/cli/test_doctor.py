"""`madoguchi doctor`: each thing a kiosk needs, there and missing, with the real service, card and backend."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Never

import pytest

from drivers.errors import ServiceCause
from drivers.readers import CardConnection, ReaderEvent, ServiceAway
from drivers.software_card.control_client import CardBox
from kiosk import card_deeds, doctor
from kiosk.doctor import Finding, could_open, look_at_backend, look_at_readers, look_for_font
from tests.cli.command import run, run_json
from tests.pcsc import PrivatePcscd

END_S = 20.0


@dataclass(frozen=True, slots=True)
class Address:
    url: str
    ca: Path

    @property
    def options(self) -> list[str]:
        return ["--backend", self.url, "--ca", str(self.ca)]


@pytest.fixture(scope="module")
def backend(issued: Path) -> Iterator[Address]:
    command = [sys.executable, "-m", "backend_stub", "serve", "--data", str(issued), "--port", "0", "--with-parent"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    ready = json.loads(child.stdout.readline())
    yield Address(ready["ready"], Path(ready["ca"]))
    child.communicate(timeout=END_S)


def by_name(report: dict[str, list[dict[str, object]]]) -> dict[str, object]:
    return {str(finding["what"]): finding["ok"] for finding in report["findings"]}


def test_everything_there_is_told_with_a_tick(box: CardBox, backend: Address) -> None:
    box.insert("adult")
    done = run("doctor", *backend.options)
    assert done.returncode == 0, done.stdout
    lines = done.stdout.splitlines()
    assert [line[0] for line in lines] == ["✓"] * 10 + ["A"]
    assert lines[-1] == "A kiosk could open."


def test_a_kiosk_opens_without_a_card(box: CardBox, backend: Address) -> None:
    status, report = run_json("doctor", *backend.options)
    assert status == 0
    assert by_name(report)["card"] is None


def test_an_expired_card_is_told_and_the_kiosk_opens_all_the_same(box: CardBox, backend: Address) -> None:
    box.insert("expired")
    status, report = run_json("doctor", *backend.options)
    assert status == 0
    assert by_name(report)["certificate"] is False


def test_a_blocked_pin_is_told(box: CardBox, backend: Address) -> None:
    box.insert("blocked")
    _, report = run_json("doctor", *backend.options)
    assert by_name(report)["PIN"] is False


def test_a_foreign_card_is_seen_and_has_no_application(box: CardBox, backend: Address) -> None:
    box.insert("other-card")
    _, report = run_json("doctor", *backend.options)
    assert by_name(report)["card"] is True
    assert by_name(report)["JPKI application"] is False


def test_a_backend_that_was_not_named_is_not_taken_for_granted(box: CardBox) -> None:
    done = run("doctor")
    assert done.returncode == 1
    assert "could not open: backend." in done.stdout


def test_a_service_without_readers(tmp_path: Path, pcscd: PrivatePcscd, backend: Address) -> None:
    pcscd.stop()
    pcscd.detach()
    pcscd.start()
    try:
        status, report = run_json("doctor", *backend.options)
    finally:
        pcscd.stop()
        pcscd.attach()
        pcscd.start()
    assert status == 1
    assert by_name(report) | {"service": True, "readers": False} == by_name(report)


def test_no_service(backend: Address, tmp_path: Path) -> None:
    status, report = run_json("doctor", *backend.options, "--reader", f"direct:{tmp_path}")
    assert status == 1
    assert by_name(report)["service"] is False


def test_a_machine_without_the_font(box: CardBox, backend: Address, tmp_path: Path) -> None:
    config = tmp_path / "fonts.conf"
    config.write_text("<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'fonts.dtd'><fontconfig></fontconfig>")
    done = run("doctor", *backend.options, env={"FONTCONFIG_FILE": str(config)})
    assert done.returncode == 1
    assert "✗ font: no Japanese font" in done.stdout
    assert "fonts-morisawa-bizud-gothic" in done.stdout


async def test_a_qt_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_FONT_CHECK", "raise SystemExit('libEGL.so.1 is missing')")
    found = await look_for_font()
    assert found.ok is False
    assert "libEGL.so.1 is missing" in found.detail


def test_another_authority_is_not_genuine(box: CardBox, backend: Address, other_ca: Path) -> None:
    done = run("doctor", "--backend", backend.url, "--ca", str(other_ca))
    assert done.returncode == 1
    assert "✗ backend: The server is not the one" in done.stdout


@pytest.fixture
def other_ca(tmp_path: Path) -> Path:
    """An authority that never signed anything of this backend."""
    from backend_stub.tls import prepare_tls

    return prepare_tls(tmp_path / "tls", datetime.now(UTC)).ca


@pytest.mark.parametrize(
    ("url", "said"), [("http://localhost:1", "https only"), ("https://localhost:1", "cannot be reached")]
)
async def test_an_address_that_leads_nowhere(backend: Address, url: str, said: str) -> None:
    found = (await look_at_backend(url, backend.ca, now))[-1]
    assert found.ok is False
    assert said in found.detail


async def test_a_ca_file_that_is_not_there(backend: Address, tmp_path: Path) -> None:
    found = (await look_at_backend(backend.url, tmp_path / "none.pem", now))[-1]
    assert found.ok is False


@pytest.mark.parametrize(("off_s", "ok"), [(0, True), (50, True), (70, False), (-70, False)])
async def test_the_clock_may_be_a_minute_off(backend: Address, off_s: int, ok: bool) -> None:
    clock, well = await look_at_backend(backend.url, backend.ca, lambda: now() + timedelta(seconds=off_s))
    assert (clock.what, clock.ok) == ("clock", ok)
    assert well.ok


async def test_a_user_whom_polkit_keeps_out_gets_the_rule() -> None:
    found = await look_at_readers(lambda: Scripted(ServiceAway(ServiceCause.NOT_AUTHORISED)), now())
    assert [(finding.what, finding.ok) for finding in found] == [("service", True), ("permission", False)]
    assert "polkit.addRule" in found[1].next_step
    assert not could_open(found)


async def test_a_service_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card_deeds, "SERVICE_S", 0.05)
    found = await look_at_readers(Scripted, now())
    assert [(finding.what, finding.ok, finding.detail) for finding in found] == [
        ("service", False, "it does not answer")
    ]


async def test_a_machine_without_the_library() -> None:
    def missing() -> Never:
        raise ImportError("libpcsclite.so.1")

    assert (await look_at_readers(missing, now()))[0].ok is False


def test_only_what_is_needed_keeps_a_kiosk_closed() -> None:
    assert could_open([Finding("font", True, ""), Finding("card", False, "", needed=False)])
    assert not could_open([Finding("font", None, "")])


def now() -> datetime:
    return datetime.now(UTC)


class Scripted:
    """Readers that tell these events and then nothing."""

    def __init__(self, *events: ReaderEvent) -> None:
        self._events = events

    async def events(self) -> AsyncIterator[ReaderEvent]:
        for event in self._events:
            yield event
        await asyncio.Event().wait()

    async def connect(self, reader: str) -> CardConnection:
        raise AssertionError(reader)

    async def close(self) -> None:
        pass

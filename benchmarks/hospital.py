"""The hospital's reception: from the card to the result on the window, and eligibility checks beside a bare read.

`hospital.result` is one visit of a patient who answers at once: card placed to result painted, without the time in
which the card computes. Its floor is the time of the visit's own round trips; two frames come on top.
`hospital.checks` is one core, no sockets on either side: all bodies of a check beside Starlette that reads one row;
its line says what the neighbours take of it, each with a signature, a look-up and, at the authority, an RSA signature.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from PySide6.QtGui import QGuiApplication
from qasync import QEventLoop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backend_client import wire
from backend_client.client import Backend
from backend_stub.authority import issue_cards
from backend_stub.inprocess import InProcess
from backend_stub.medical.coverage import read_insured
from backend_stub.people import load_residents
from backend_stub.setups import body_folder
from backend_stub.town import Town, build_town
from benchmarks._report import at_least, report
from drivers.card.jpki import Jpki
from drivers.readers import CardConnection
from drivers.readers.direct import find
from drivers.software_card.blank import make_blank
from drivers.software_card.control_client import CardBox
from kiosk.programs import Program
from kiosk.stage import QtStage
from kiosk.visit import Visit
from kiosk.words import load as load_words
from stb_profile.keymap import load as load_keymap
from stb_profile.profile import load as load_profile

RUNS = 9
FRAMES_MS = 2 * 1000 / 60
RESULT, CHECKS = 2.0, 0.35
CHECK_RUNS = 60
ORIGIN = "https://localhost:8443"
PATIENT = "adult"


def main() -> None:
    os.environ.update(QT_QPA_PLATFORM="offscreen", QT_QUICK_BACKEND="software")
    application = QGuiApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)  # each visit has a window of its own
    loop = QEventLoop(application)
    asyncio.set_event_loop(loop)
    with tempfile.TemporaryDirectory() as folder, loop:
        data = Path(folder)
        make_blank(data, PATIENT)
        subprocess.run([sys.executable, "-m", "backend_stub", "issue", "--data", folder], check=True)
        loop.run_until_complete(_both(data))


async def _both(data: Path) -> None:
    card = await Program.start("drivers.software_card", "--data", str(data))
    try:
        backend = await Program.start("backend_stub", "serve", "--data", str(data), "--port", "0")
        try:
            await _result(data, backend)
        finally:
            await backend.stop()
        await _checks(data)
    finally:
        await card.stop()


# --- card placed to result painted --------------------------------------------------------------------------------


class _Spent:
    """Milliseconds by what they were spent on."""

    def __init__(self) -> None:
        self.ms: Counter[str] = Counter()

    async def on(self, what: str, work: Any) -> Any:
        began = time.perf_counter()
        try:
            return await work
        finally:
            self.ms[what] += 1000 * (time.perf_counter() - began)  # type: ignore[assignment]


async def _result(data: Path, backend: Program) -> None:
    visits = [await _visit(data, backend) for _ in range(RUNS)]
    own = [visit["all"] - visit["card"] for visit in visits]
    line = [visit["line"] for visit in visits]
    floor = statistics.median(line)
    fields = {f"{what}_ms": round(statistics.median(visit[what] for visit in visits), 1) for what in visits[0]}
    goal = RESULT + FRAMES_MS / floor
    report("hospital.result", statistics.median(own), floor, goal, unit="ms", runs=RUNS, **fields)


async def _visit(data: Path, program: Program) -> Counter[str]:
    spent = _Spent()
    backend = Backend(program.ready["ready"], Path(program.ready["ca"]))
    send = backend._send
    backend._send = lambda *a: spent.on("line", send(*a))  # type: ignore[method-assign]
    stage = QtStage(load_profile("hospital"), load_keymap("remote"), load_words())
    painted: asyncio.Queue[str] = asyncio.Queue()
    stage.on_painted = painted.put_nowait
    stage.open((1280, 720))
    stage.reveal()
    visit = Visit(
        stage=stage, readers=find(data), backend=backend, words=load_words(), profile=load_profile("hospital"),
        now=lambda: datetime.now().astimezone(), select=lambda connection: _select(connection, spent),
    )  # fmt: skip
    box = CardBox(data)
    visiting = asyncio.create_task(visit.run())
    try:
        await _until(painted, "attract")
        await asyncio.to_thread(box.insert, PATIENT)
        began = time.perf_counter()
        await _until(painted, "hospital.consent")
        stage.press("Return")
        await _until(painted, "hospital.pin")
        for key in ("1", "2", "3", "4", "Return"):
            stage.press(key)
        await _until(painted, "hospital.insurance")
        spent.ms["all"] = 1000 * (time.perf_counter() - began)  # type: ignore[assignment]
    finally:
        await asyncio.to_thread(box.remove)
        visiting.cancel()
        await asyncio.gather(visiting, return_exceptions=True)
        stage.close()
    return spent.ms


async def _until(painted: asyncio.Queue[str], screen: str) -> None:
    async with asyncio.timeout(30):
        while await painted.get() != screen:
            pass


async def _select(connection: CardConnection, spent: _Spent) -> Jpki:
    transmit = connection.transmit
    connection.transmit = lambda *a, **k: spent.on("card", transmit(*a, **k))  # type: ignore[method-assign]
    return await Jpki.select(connection)


# --- checks per second ----------------------------------------------------------------------------------------------


async def _checks(data: Path) -> None:
    """In turns, so that a slow moment of the machine meets both."""
    town = build_town(data, (ORIGIN,), load_residents(), lambda: datetime.now().astimezone())
    try:
        residents = {resident.id: resident for resident in load_residents()}
        for insured in read_insured():
            if insured.resident == PATIENT:
                await town.medical.enrol(residents[PATIENT], insured)
        asked = _watched(town)
        async with _client(town.app) as people, _client(_bare(data)) as bare:
            card = _card(data)
            requests = [await _request(people, *card) for _ in range(CHECK_RUNS)]
            ours, floor = [], []
            for request in requests:
                ours.append(await _timed(people, "/medical/eligibility", request))
                floor.append(await _timed(bare, "/read", request))
    finally:
        await town.close()
    best, whole = 1 / statistics.median(floor), 1000 * statistics.median(ours)
    spent = {f"{name}_ms": round(ms / CHECK_RUNS, 2) for name, ms in asked.ms.items()}
    at_least("hospital.checks", 1000 / whole, best, CHECKS, unit="1/s", runs=CHECK_RUNS, **spent)
    alone = 1000 / (whole - sum(spent.values()))
    at_least("hospital.checks_medical_alone", alone, best, CHECKS, unit="1/s", ms=round(1000 / alone, 2))


def _watched(town: Town) -> _Spent:
    """What of a check is spent in the neighbours: authority (OCSP signs with RSA), gateway."""
    spent, peers = _Spent(), town.medical._peers
    ask, ask_raw = peers.ask, peers.ask_raw
    peers.ask = lambda body, *a: spent.on(body, ask(body, *a))  # type: ignore[method-assign]
    peers.ask_raw = lambda body, *a: spent.on(f"{body}_ocsp", ask_raw(body, *a))  # type: ignore[method-assign]
    return spent


def _client(app: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=InProcess(app), base_url=ORIGIN, trust_env=False)


def _bare(data: Path) -> Starlette:
    connection = sqlite3.connect(body_folder(data, "medical") / "medical.db")

    async def answer(request: Request) -> Response:
        await request.body()
        (count,) = connection.execute("SELECT count(*) FROM consents WHERE facility = ?", ("x",)).fetchone()
        return Response(b'{"count":%d}' % count, media_type="application/json")

    return Starlette(routes=[Route("/read", answer, methods=["POST"])])


def _card(data: Path) -> tuple[rsa.RSAPrivateKey, bytes]:
    """A card without a card's program: what it computes is none of the check."""
    folder = data / "cards" / "bench"
    folder.mkdir(parents=True)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, PATIENT)])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, SHA256())
    for name in ("auth.csr", "sign.csr"):
        (folder / name).write_bytes(request.public_bytes(Encoding.PEM))
    issue_cards(data, body_folder(data, "authority"), load_residents(), datetime.now().astimezone())
    return key, (folder / "auth.cer").read_bytes()


async def _request(people: httpx.AsyncClient, key: rsa.RSAPrivateKey, certificate: bytes) -> bytes:
    answer = await people.post("/medical/challenges")
    nonce = msgspec.json.decode(answer.content, type=wire.Challenge).nonce
    token = wire.AuthToken(
        unverified_certificate=b64encode(certificate).decode(),
        algorithm="RS256",
        signature=b64encode(key.sign(wire.text_to_sign(ORIGIN, nonce), PKCS1v15(), SHA256())).decode(),
        format="web-eid:1",
        app_version="bench",
    )
    consent = wire.HealthConsent()
    asked = wire.EligibilityRequest(nonce=nonce, token=token, facility="みほん病院", consent=consent)
    return msgspec.json.encode(asked)


async def _timed(client: httpx.AsyncClient, path: str, content: bytes) -> float:
    began = time.perf_counter()
    answer = await client.post(path, content=content)
    took = time.perf_counter() - began
    answer.raise_for_status()
    return took


if __name__ == "__main__":
    main()

"""A town that a real browser can reach: TLS on a free port, in the loop of the test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from backend_kit import ORIGIN, Cards, Clock, Visitor
from playwright.async_api import BrowserContext, async_playwright
from street import Street

from backend_stub.people import Resident
from backend_stub.serve import bind
from backend_stub.tls import prepare_tls
from backend_stub.town import build_town

CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run")  # fmt: skip
WAIT_MS = 10_000


class Served(uvicorn.Server):
    """Says when it has started, and leaves signals to the test's own process."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: object = None) -> None:
        await super().startup(sockets)  # type: ignore[arg-type]
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@pytest.fixture
async def street(data: Path, residents: tuple[Resident, ...], clock: Clock) -> AsyncIterator[Street]:
    listener = bind(0)
    origin = f"https://localhost:{listener.getsockname()[1]}"
    town = build_town(data, (origin, ORIGIN), residents, clock)
    tls = prepare_tls(data / "tls", clock())
    config = uvicorn.Config(
        town.app, ssl_certfile=tls.certificate, ssl_keyfile=tls.key, log_config=None, lifespan="off", ws="none",
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = Served(config)
    serving = asyncio.create_task(server.serve([listener]))
    async with asyncio.timeout(10):
        await server.ready.wait()
    yield Street(town, origin, clock)
    server.should_exit = True
    await serving
    await town.close()


@pytest.fixture
async def browser() -> AsyncIterator[BrowserContext]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        context = await chromium.new_context(ignore_https_errors=True, locale="ja-JP")
        context.set_default_timeout(WAIT_MS)
        yield context
        await chromium.close()


@pytest.fixture
async def visitor(street: Street, card: Cards) -> AsyncIterator[Visitor]:
    """Hanako, signed in at a kiosk of that town."""
    transport = httpx.ASGITransport(street.town.app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        visitor = Visitor(client, card("adult"))
        await visitor.come_in()
        yield visitor

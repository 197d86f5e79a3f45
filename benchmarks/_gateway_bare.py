"""What the gateway is measured against: Starlette that does next to nothing, that reads SQLite, that relays."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backend_stub.gateway.symbols.table import MOST_KINDS, key_of

HELLO = b'{"hello":"world"}'
ASKED_AGENCY, ASKING_AGENCY = "midori-city-tax", "midori-child"
ASKING_KIND, ASKED_KIND = 1, 2
READ = (
    f"SELECT a.person, b.code FROM symbols a JOIN symbol_codes b ON b.place = a.number * {MOST_KINDS} + ?"  # noqa: S608
    " WHERE a.key = ? AND a.code = ? AND a.kind = ?"
)


def hello() -> Starlette:
    """Answer, nothing else."""

    async def answer(request: Request) -> Response:
        return Response(HELLO, media_type="application/json")

    return Starlette(routes=[Route("/hello", answer)])


def read(database: Path) -> Starlette:
    """Look one symbol up in the conversion table, from one agency's to another's."""
    connection = sqlite3.connect(database)

    async def answer(request: Request) -> Response:
        code = bytes.fromhex(request.path_params["code"])
        row = (ASKED_KIND, key_of(code, ASKING_KIND), code, ASKING_KIND)
        person, other = connection.execute(READ, row).fetchone()
        return Response(b'{"person":"%b","code":"%b"}' % (person.hex().encode(), other.hex().encode()))

    return Starlette(routes=[Route("/read/{code}", answer)])


def relay(client: httpx.AsyncClient) -> Starlette:
    """Hand a request on to the provider and its answer back, by the client the gateway uses too."""

    async def answer(request: Request) -> Response:
        headers = {"content-type": "application/json"}
        provided = await client.post("/provide", content=await request.body(), headers=headers)
        return Response(provided.content, provided.status_code, media_type="application/json")

    return Starlette(routes=[Route("/relay", answer, methods=["POST"])])


def provider(provided: bytes) -> Starlette:
    """A neighbour that gives everybody the same answer at once, and is told of signed heads."""

    async def provide(request: Request) -> Response:
        await request.body()
        return Response(provided, media_type="application/json")

    async def heads(request: Request) -> Response:
        await request.body()
        return Response(status_code=204)

    routes = [Route("/provide", provide, methods=["POST"]), Route("/heads", heads, methods=["POST"])]
    return Starlette(routes=routes)

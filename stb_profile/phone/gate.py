"""The gate: a process of its own with the local network, started by the process of the visit and ended with it.

It carries frames it has no keys for; what a stranger on the network can make it do stays outside the visit. Orders come
on stdin and reports go to stdout; the end of stdin ends it.
"""

from __future__ import annotations

import argparse
import asyncio
import socket
import sys
from datetime import UTC, datetime

import uvicorn

from stb_profile.phone import certificate, orders
from stb_profile.phone.door import Gate
from stb_profile.phone.orders import REPORT, Listening

FRAME_BYTES = 16 * 1024
"""No phone has more to say at once."""
CONNECTIONS = 32


async def serve(own: str, port: int, now: datetime) -> None:
    """Until stdin ends. Raises OSError when the address cannot be had."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((own, port))
        listening.listen()  # before the address is told
        host = f"{own}:{listening.getsockname()[1]}"
        box = certificate.make(own, now)
        gate = Gate(own, host, report, asyncio.get_running_loop().time)
        server = _server(gate, box)
        obeying = asyncio.create_task(_obey(gate, server))
        report(Listening(f"https://{host}", box.sha256))
        await server.serve([listening])
        await obeying


def _server(gate: Gate, box: certificate.BoxCertificate) -> uvicorn.Server:
    config = uvicorn.Config(
        gate.app,
        http="h11",
        ws="wsproto",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        ws_max_size=FRAME_BYTES,
        limit_concurrency=CONNECTIONS,
        ssl_context_factory=lambda *_: box.server_context(),
    )
    return uvicorn.Server(config)


async def _obey(gate: Gate, server: uvicorn.Server) -> None:
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader(limit=1 << 24)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        gate.obey(orders.to_order.decode(line))
    server.should_exit = server.force_exit = True  # nobody is left to wait for


def report(word: REPORT) -> None:
    sys.stdout.buffer.write(orders.line(word))
    sys.stdout.buffer.flush()


def main() -> None:
    parser = argparse.ArgumentParser(prog="stb_profile.phone.gate")
    parser.add_argument("--address", required=True, help="the box's own, in the home network")
    parser.add_argument("--port", type=int, default=0, help="any free one without it")
    options = parser.parse_args()
    asyncio.run(serve(options.address, options.port, datetime.now(UTC)))


if __name__ == "__main__":
    main()

"""One server of a benchmark as a process of its own: pinned to a core, said to be ready by one line.

Both sides of each comparison run under the same uvicorn with the same settings.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from socket import socket

import uvicorn
from starlette.types import ASGIApp

from backend_stub import garbage
from backend_stub.gateway.symbols import symbols_file
from backend_stub.serve import end_with_parent
from benchmarks import _gateway_bare as bare
from benchmarks import _gateway_house as house
from benchmarks import _hospital_house as hospital
from benchmarks import _portal_house as portal
from benchmarks._gateway_provided import read_answer


def main() -> None:
    what, folder, core, neighbours = sys.argv[1:]
    threading.Thread(target=end_with_parent, daemon=True).start()
    os.sched_setaffinity(0, {int(core)})
    listener = socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    config = uvicorn.Config(
        _app(what, Path(folder), neighbours),
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
    garbage.settle()
    sys.stdout.write(json.dumps({"port": listener.getsockname()[1]}) + "\n")
    sys.stdout.flush()
    uvicorn.Server(config).run([listener])


def _app(what: str, data: Path, neighbours: str) -> ASGIApp:
    match what:
        case "hello":
            return bare.hello()
        case "read":
            return bare.read(symbols_file(house.folder_of(data) / "gateway.db"))
        case "relay":
            return bare.relay(house.client(neighbours))
        case "provider":
            return bare.provider(read_answer(data))
        case "gateway" | "trusting":
            return house.build(data, what == "trusting", neighbours).app()
        case "insured":
            return hospital.insured(data)
        case "medical":
            return hospital.medical(data, neighbours).app()
        case "authority":
            return hospital.lists(data, neighbours).app()
        case "portal":
            return portal.build(data, neighbours).app()
        case "portal_authority":
            return portal.build_authority(data, neighbours).app()
    raise SystemExit(f"no server {what}")


if __name__ == "__main__":
    main()

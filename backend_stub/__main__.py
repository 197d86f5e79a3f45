"""`python -m backend_stub serve | issue`: the whole backend, or the authority's counter alone."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from backend_stub.body import Refusal
from backend_stub.logs import log_to_stderr
from backend_stub.serve import PortTaken, issue, serve


def main() -> int:
    options = _parser().parse_args()
    log_to_stderr()
    if options.command == "issue":
        issue(options.data)
        return 0
    try:
        serve(options.data, options.port, options.with_parent)
    except PortTaken:
        sys.stderr.write(
            f"Port {options.port} of localhost is taken. Choose another with --port, or 0 for any free one.\n"
        )
        return 1
    except Refusal as refusal:
        sys.stderr.write(f"The town could not be set up: {refusal.origin} refused with {refusal.code}.\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="backend_stub", description="The backend's bodies, on TLS at localhost.")
    commands = parser.add_subparsers(dest="command", required=True)
    data = argparse.ArgumentParser(add_help=False)
    data.add_argument("--data", type=Path, required=True, help="the folder of all that is kept")
    serving = commands.add_parser("serve", parents=[data], help="issue, seed, and serve all bodies")
    serving.add_argument("--port", type=int, default=8443, help="0 for any free one")
    serving.add_argument("--with-parent", action="store_true", help="end when standard input closes")
    commands.add_parser("issue", parents=[data], help="issue certificates for the cards that ask for them")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())

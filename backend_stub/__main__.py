"""`python -m backend_stub serve | directory | seed | issue`: the whole backend, or one body of it.

`evacuate` and `all-clear` are for the municipality's staff.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import msgspec

from backend_client.wire import Level
from backend_stub.apart import seed_apart, serve_body
from backend_stub.body import Refusal
from backend_stub.directory import FILE, make
from backend_stub.emergency.staff import EXAMPLE, MUNICIPALITY, Staff
from backend_stub.logs import log_to_stderr
from backend_stub.schema import SchemaRefused
from backend_stub.serve import PortTaken, Serving, issue, now, serve
from backend_stub.setups import Databases, NoSuchDatabase, body_folder
from backend_stub.town import BODIES

PORT = 8443


def main() -> int:
    options = _parser().parse_args()
    log_to_stderr(options.log.upper())
    try:
        _run(options)
    except PortTaken as exc:
        return _say(f"Port {exc.port} of localhost is taken. Choose another with --port, or 0 for any free one.")
    except Refusal as refusal:
        return _say(f"The town could not be set up: {refusal.origin} refused with {refusal.code}.")
    except SchemaRefused as refused:
        return _say(f"The database cannot be used: {refused}.")
    except NoSuchDatabase:
        return _say("Two bodies never share a database: put {body} into the URL, or give BODY=URL for each.")
    except httpx.HTTPError:
        return _say("The emergency body does not answer there.")
    except (FileNotFoundError, msgspec.DecodeError):
        return _say("There is no directory of members to be read. Make one first: madoguchi backend directory")
    return 0


def _run(options: argparse.Namespace) -> None:
    only = getattr(options, "body", None) or ""
    databases = Databases.of(options.database, only)
    if options.command == "issue":
        issue(options.data, databases)
    elif options.command == "directory":
        sys.stdout.write(f"{make(options.data, options.port, now())}\n")
    elif options.command == "seed":
        seed_apart(Serving(options.data, 0, databases), _directory(options))
    elif options.command in ("evacuate", "all-clear"):
        _as_staff(options)
    elif only:
        port = options.port or urlsplit(options.url).port or 0
        how = Serving(options.data, port, databases, _origins(options), options.with_parent)
        serve_body(only, how, _directory(options))
    else:
        port = PORT if options.port is None else options.port
        serve(Serving(options.data, port, databases, _origins(options), options.with_parent))


def _as_staff(options: argparse.Namespace) -> None:
    key = (body_folder(options.data, MUNICIPALITY) / "machine.key").read_bytes()
    staff = Staff(options.url, key, options.ca)
    try:
        if options.command == "all-clear":
            sys.stdout.write(f"{staff.all_clear()}\n")
        else:
            sys.stdout.write(f"{staff.evacuate(Level(options.level), options.hours, now(), options.draft).id}\n")
    finally:
        staff.close()


def _origins(options: argparse.Namespace) -> tuple[str, ...]:
    return tuple(url.rstrip("/") for url in (*options.origin, options.url) if url)


def _directory(options: argparse.Namespace) -> Path:
    directory: Path | None = options.directory
    return directory or options.data / FILE


def _say(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="backend_stub", description="The backend's bodies, on TLS at localhost.")
    commands = parser.add_subparsers(dest="command", required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data", type=Path, required=True, help="the folder of all that is kept")
    shared.add_argument(
        "--database",
        action="append",
        default=[],
        metavar="[BODY=]URL",
        help="instead of SQLite; {body} is the body's id",
    )
    shared.add_argument("--log", default="info", choices=("debug", "info", "warning"), help="from which level on")
    apart = argparse.ArgumentParser(add_help=False)
    apart.add_argument("--directory", type=Path, metavar="FILE", help="of members; directory.json in the data folder")
    serving = commands.add_parser("serve", parents=[shared, apart], help="issue, seed, and serve all bodies, or one")
    serving.add_argument("body", nargs="?", choices=BODIES, metavar="BODY", help="only this one: " + ", ".join(BODIES))
    serving.add_argument("--port", type=int, help=f"0 for any free one; {PORT}, or for one body the directory's")
    serving.add_argument("--url", default="", help="of the backend, as kiosks reach it")
    serving.add_argument("--origin", action="append", default=[], metavar="URL", help="another such")
    serving.add_argument("--with-parent", action="store_true", help="end when standard input closes")
    setting_up = commands.add_parser(
        "directory", parents=[shared], help="keys, certificates and directory for bodies apart"
    )
    setting_up.add_argument(
        "--port", type=int, default=PORT, help="of the first body, the others follow; 0 for any free"
    )
    commands.add_parser("seed", parents=[shared, apart], help="what bodies apart have done before the first visitor")
    commands.add_parser("issue", parents=[shared], help="issue certificates for the cards that ask for them")
    staff = argparse.ArgumentParser(add_help=False)
    staff.add_argument("--url", required=True, help="of the emergency body, e.g. https://localhost:8443/emergency")
    staff.add_argument("--ca", type=Path, required=True, help="PEM of the authority behind its TLS")
    issuing = commands.add_parser("evacuate", parents=[shared, staff], help="put an evacuation notice on every screen")
    issuing.add_argument("--level", type=int, choices=[level.value for level in Level], default=4, help="警戒レベル")
    issuing.add_argument("--hours", type=float, default=12, help="how long it stands")
    issuing.add_argument("--draft", type=Path, default=EXAMPLE, help="TOML: area, lines, shelters")
    commands.add_parser("all-clear", parents=[shared, staff], help="end every evacuation notice (解除)")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())

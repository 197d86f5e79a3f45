"""The `madoguchi` command. Says things to people in a terminal; everything else is done elsewhere."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from kiosk import box_commands, card_commands, keys_command
from kiosk.card_options import DIRECT_OR, reader_kind
from kiosk.voice import command as voice_command

_INPUTS = ("qt", "evdev") if sys.platform.startswith("linux") else ("qt",)
BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s", stream=sys.stderr)
    options = _parser().parse_args(arguments)
    run: Command = options.run
    try:
        return run(options)
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="madoguchi", description="窓口: a citizen front end, and the means to try it."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data", type=Path, default=user_data_path("madoguchi"), help="the folder of all that is kept")
    screen = argparse.ArgumentParser(add_help=False)
    screen.add_argument("--profile", default="stb", help="stb (default), counter or hospital")
    screen.add_argument("--size", help="a window of WIDTHxHEIGHT instead of the full screen")

    demo = commands.add_parser("demo", parents=[shared, screen], help="backend, software card and kiosk together")
    demo.add_argument("--port", type=int, default=0, help="of the backend; any free one by default")
    demo.add_argument("--tour", type=Path, metavar="DIR", help="walk the main path by itself; pictures go to DIR")
    demo.add_argument(
        "--path", metavar="NAME", default="", help="another path of the tour: register, hospital-answers, …"
    )
    demo.add_argument("--vpcd", default="127.0.0.1:35963", metavar="HOST:PORT", help="where vpcd waits for cards")
    demo.set_defaults(run=_demo)

    kiosk = commands.add_parser("kiosk", parents=[shared, screen], help="the kiosk alone, supervised, on real readers")
    kiosk.add_argument("--backend", required=True, metavar="URL")
    kiosk.add_argument("--ca", required=True, type=Path, metavar="PEM", help="whom to trust for the backend's TLS")
    kiosk.add_argument("--reader", type=reader_kind, default="pcsc", metavar="KIND", help=DIRECT_OR)
    kiosk.add_argument("--printouts", type=Path, metavar="DIR", help="PDFs go there in the place of a printer")
    kiosk.add_argument("--reception", type=Path, metavar="DIR", help="a hospital's reception: opens its window too")
    kiosk.add_argument("--staff-reader", metavar="NAME", help="part of the name of the reader for staff cards")
    kiosk.add_argument("--bills", type=Path, metavar="DIR", help="the practice posts there what is to be paid")
    kiosk.add_argument("--stick", type=Path, metavar="DIR", help="where a USB stick appears, to take files home on")
    kiosk.add_argument("--input", default="qt", choices=_INPUTS, help="evdev reads remotes directly, for X11")
    kiosk.add_argument("--keys", type=Path, metavar="TOML", help="this box's own key map, by `madoguchi keys --write`")
    kiosk.set_defaults(run=_kiosk)

    backend = commands.add_parser("backend", parents=[shared], help="all bodies of the backend on TLS, or one of them")
    backend.add_argument(
        "what", nargs="?", default="", metavar="WHAT", help="one body's id; or directory, seed: sets up bodies apart"
    )
    backend.add_argument("--port", help="8443; for one body the one in the directory")
    backend.add_argument("--url", help="of the backend, as kiosks reach it")
    backend.add_argument(
        "--database", action="append", metavar="[BODY=]URL", help="instead of SQLite; {body} is its id"
    )
    backend.add_argument("--directory", metavar="FILE", help="of members; directory.json in the data folder")
    backend.add_argument("--log", metavar="LEVEL", help="debug, info (default) or warning")
    backend.set_defaults(run=_backend)

    card = commands.add_parser("card", help="software cards, and what lies in a real reader")
    deeds = card.add_subparsers(required=True, metavar="DEED")
    box_commands.add_to(deeds, shared, _tell)
    card_commands.add_to(deeds, shared, _tell)

    voice_command.add_to(commands, _tell)

    doctor = commands.add_parser("doctor", help="could a kiosk open here? exit status 0 says yes")
    doctor.add_argument("--reader", type=reader_kind, default="pcsc", metavar="KIND", help=DIRECT_OR)
    doctor.add_argument("--backend", metavar="URL")
    doctor.add_argument("--ca", type=Path, metavar="PEM")
    doctor.add_argument("--json", action="store_true", help="a JSON object for programs")
    doctor.set_defaults(run=_doctor)

    keys_command.add_to(commands, _tell)
    verify = commands.add_parser("verify", help="check a downloaded record, offline; 0 proven, 1 not, 2 unreadable")
    verify.add_argument("file", type=Path, metavar="RECORD", help="a record, an opened record, or two heads, as JSON")
    verify.add_argument("--key", metavar="HEX", help="the gateway's public log key; without it the file's own")
    verify.add_argument("--json", action="store_true", help="a JSON object for programs")
    verify.set_defaults(run=_verify)

    bench = commands.add_parser("bench", help="measure; one JSON object a line")
    bench.add_argument("name", choices=sorted(p.stem for p in BENCHMARKS.glob("*.py") if not p.stem.startswith("_")))
    bench.set_defaults(run=_bench)
    return parser


def _demo(options: argparse.Namespace) -> int:
    from kiosk import demo
    from kiosk.tours import TOURS

    if options.path not in {"", *TOURS}:
        _tell(f"There is no path {options.path}; there are: {', '.join(TOURS)}.")
        return 2
    tour = options.tour
    if tour is None and not demo.has_display():
        tour = Path("out")
        _tell(f"No display: playing the tour instead, pictures go to {tour}/.")
    size = options.size
    if tour is not None:
        size = size or "1280x720"
        if not demo.has_display():
            os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    settings = demo.Options(options.data, options.profile, size, options.port, tour, options.vpcd, options.path)
    return _until_terminated(demo.run(settings, _tell))


def _kiosk(options: argparse.Namespace) -> int:
    from kiosk.counts import Counts
    from kiosk.demo import today
    from kiosk.keys_command import usable
    from kiosk.supervisor import Supervisor
    from kiosk.watchdog import Watchdog

    arguments = ["--profile", options.profile, "--backend", options.backend, "--ca", str(options.ca)]
    arguments += ["--reader", options.reader, "--input", options.input]
    arguments += ["--keys", str(options.keys)] if usable(options.profile, options.keys, _tell) else []
    arguments += ["--size", options.size] if options.size else []
    arguments += ["--printouts", str(options.printouts)] if options.printouts else []
    arguments += ["--stick", str(options.stick)] if options.stick else []
    arguments += ["--reception", str(options.reception)] if options.reception else []
    arguments += ["--staff-reader", options.staff_reader] if options.staff_reader else []
    arguments += ["--bills", str(options.bills), "--till", str(options.data / "till")] if options.bills else []
    arguments += ["--margin", str(options.data / "kiosk" / "margin.toml")]
    arguments += ["--memory", str(options.data / "kiosk" / "memory.json")]
    counts = Counts(options.data / "kiosk" / "counts.db")
    return _until_terminated(Supervisor(arguments, counts, today, Watchdog(os.environ).take).run())


def _backend(options: argparse.Namespace) -> int:
    deed = [options.what] if options.what in ("directory", "seed") else ["serve", *filter(None, [options.what])]
    given = [(f"--{name}", getattr(options, name)) for name in ("port", "url", "directory", "log")]
    given += [("--database", url) for url in options.database or ()]
    rest = [word for name, value in given if value is not None for word in (name, value)]
    return subprocess.call([*_PYTHON_M, "backend_stub", *deed, *_data(options), *rest])


def _doctor(options: argparse.Namespace) -> int:
    from kiosk import doctor
    from kiosk.station import readers

    logging.getLogger("httpx").setLevel(logging.WARNING)
    look = doctor.examine(
        lambda: readers(options.reader), options.backend, options.ca, lambda: datetime.now().astimezone()
    )
    findings = asyncio.run(look)
    _tell(doctor.as_json(findings) if options.json else doctor.as_text(findings))
    return 0 if doctor.could_open(findings) else 1


def _verify(options: argparse.Namespace) -> int:
    from backend_client.proof import Unreadable
    from kiosk import verify

    try:
        verdict = verify.examine(options.file.read_bytes(), options.key)
    except (OSError, Unreadable) as exc:
        why = "this is no record that could be checked" if isinstance(exc, Unreadable) else str(exc.strerror)
        _tell(verify.unreadable_as_json(why) if options.json else f"{options.file}: {why}.")
        return 2
    _tell(verify.as_json(verdict) if options.json else verify.as_text(verdict))
    return 0 if verdict.proven else 1


def _bench(options: argparse.Namespace) -> int:
    runpy.run_module(f"benchmarks.{options.name}", run_name="__main__")
    return 0


def _until_terminated(program: Coroutine[Any, Any, int | None]) -> int:
    """Run it; SIGTERM ends it as Ctrl-C does, so that every child is ended and nothing is left behind."""

    async def run() -> int:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - we are in it
        with suppress(NotImplementedError):  # Windows has no SIGTERM to wait for
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await program or 0

    try:
        return asyncio.run(run())
    except asyncio.CancelledError:
        return 143


_PYTHON_M = [sys.executable, "-m"]


def _data(options: argparse.Namespace) -> list[str]:
    return ["--data", str(options.data)]


def _tell(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())

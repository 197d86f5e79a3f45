"""`madoguchi card insert | remove | list | trace | new`: the software cards of a data folder, and the readers.

Imported with the command line, so what is heavy comes with the command.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.card_options import DIRECT_OR, Tell, as_json, reader_kind

if TYPE_CHECKING:
    from drivers.software_card.control_client import CardBox
    from kiosk.told import Told

_NAME = re.compile("[a-z0-9][a-z0-9-]{0,39}")
_RATES = (106, 212, 424, 848)

Command = Callable[[argparse.Namespace], "Told"]


def add_to(deeds: Any, shared: argparse.ArgumentParser, tell: Tell) -> None:
    """Add the commands to argparse's subparsers of `card`; `shared` has `--data`."""
    parents = [shared, as_json()]
    insert = deeds.add_parser("insert", parents=parents, allow_abbrev=False, help="put a card into the virtual reader")
    insert.add_argument("--as", dest="name", default="adult", metavar="NAME", help="which one; `card list` names them")
    insert.add_argument("--slot", type=int, default=0, help="0 (default) or 1")
    insert.add_argument("--hold", action="store_true", help="without a demo running: hold it there until Ctrl-C")
    insert.add_argument("--vpcd", default="127.0.0.1:35963", metavar="HOST:PORT", help="where vpcd waits for cards")
    insert.add_argument("--timing", type=int, choices=_RATES, help="take a real card's time at so many kbit/s")
    insert.add_argument("--fault", action="append", default=[], metavar="RULE", help="such as apdu=7:remove")
    insert.set_defaults(run=partial(_insert, tell))
    remove = deeds.add_parser("remove", parents=parents, allow_abbrev=False, help="take it out")
    remove.add_argument("--slot", type=int, default=0, help="0 (default) or 1")
    remove.set_defaults(run=partial(_run, _remove, tell))
    listing = deeds.add_parser("list", parents=parents, allow_abbrev=False, help="readers, and the cards there are")
    listing.add_argument("--reader", type=reader_kind, default="pcsc", metavar="KIND", help=DIRECT_OR)
    listing.set_defaults(run=partial(_run, _list, tell))
    trace = deeds.add_parser("trace", parents=parents, allow_abbrev=False, help="what the inserted card was asked")
    trace.add_argument("--last", type=int, default=200, metavar="N", help="so many commands (200)")
    trace.set_defaults(run=partial(_run, _trace, tell))
    new = deeds.add_parser("new", parents=parents, allow_abbrev=False, help="make a software card and have it issued")
    new.add_argument("name", help="lower-case letters, digits and hyphens")
    new.add_argument("--as", dest="profile", default="adult", metavar="PROFILE", help="whose card, and how it is")
    new.set_defaults(run=partial(_run, _new, tell))


def _run(command: Command, tell: Tell, options: argparse.Namespace) -> int:
    """Do it and tell how it went. Returns the exit status."""
    from drivers.software_card.errors import CardBoxAway, SoftwareCardError
    from kiosk import told

    say = told.as_json if options.json else told.as_text
    try:
        result = command(options)
    except CardBoxAway:
        step = "Start `madoguchi demo`, or hold a card with `madoguchi card insert --hold`."
        result = told.Failure("CardBoxAway", "No demo is running with this data folder.", step)
    except (SoftwareCardError, OSError) as exc:
        result = told.failure(exc)
    tell(say(result))
    return 1 if isinstance(result, told.Failure) else 0


def _insert(tell: Tell, options: argparse.Namespace) -> int:
    return _hold(tell, options) if options.hold else _run(_put_in, tell, options)


def _put_in(options: argparse.Namespace) -> Told:
    from kiosk.told import Done

    box = _box(options)
    if options.timing:
        box.timing(options.timing)
    if options.fault:
        box.faults(*options.fault)
    box.insert(options.name, options.slot)
    return Done(f"{options.name} is in virtual reader {options.slot}.")


def _hold(tell: Tell, options: argparse.Namespace) -> int:
    """Make the card if need be, put it behind the real card service, and stay until interrupted."""
    from drivers.readers import service
    from drivers.software_card.blank import make_all

    found = service.find_or_start()
    if found is None or not found.has_virtual_reader:
        tell("This needs pcscd and vsmartcard-vpcd (script/bootstrap installs both).")
        return 1
    try:
        make_all(options.data)
        _issue(options.data)
        tell(f"Holding {options.name} in the virtual reader; Ctrl-C takes it out.")
        holder = [
            "drivers.software_card",
            "--data",
            str(options.data),
            "--vpcd",
            options.vpcd,
            "--insert",
            options.name,
        ]
        holder += ["--timing", str(options.timing)] if options.timing else []
        holder += [word for rule in options.fault for word in ("--fault", rule)]
        return subprocess.call([sys.executable, "-m", *holder], stdout=subprocess.DEVNULL)
    finally:
        found.stop()


def _remove(options: argparse.Namespace) -> Told:
    from kiosk.told import Done

    _box(options).remove(options.slot)
    return Done(f"Virtual reader {options.slot} is empty.")


def _list(options: argparse.Namespace) -> Told:
    from kiosk import card_list
    from kiosk.told import Failure

    listed = asyncio.run(card_list.look(options.reader, options.data))
    if listed.problem and not listed.cards:
        return Failure("NothingToList", listed.problem.detail, listed.problem.next_step)
    return listed


def _trace(options: argparse.Namespace) -> Told:
    from kiosk.told import Traced

    return Traced(_box(options).lines(options.last))


def _new(options: argparse.Namespace) -> Told:
    from drivers.software_card.blank import make_blank
    from drivers.software_card.errors import NoSuchCard
    from drivers.software_card.folder import card_folder
    from drivers.software_card.profile import load_profile, profile_names
    from kiosk.told import Done, Failure

    if not _NAME.fullmatch(options.name):
        return Failure("BadName", "A card's name is letters, digits and hyphens.", "")
    if card_folder(options.data, options.name).path.exists():
        return Failure("CardExists", f"There is a card named {options.name!r} already.", "Take another name.")
    try:
        make_blank(options.data, options.name, load_profile(options.profile))
    except NoSuchCard:
        kinds = ", ".join(profile_names())
        return Failure("NoSuchCard", f"There is no kind {options.profile!r}.", f"There are {kinds}.")
    _issue(options.data)
    return Done(f"Card {options.name!r} is ready: madoguchi card insert --as {options.name}")


def _box(options: argparse.Namespace) -> CardBox:
    from drivers.software_card.control_client import CardBox

    return CardBox(options.data)


def _issue(data: Path) -> None:
    subprocess.check_call([sys.executable, "-m", "backend_stub", "issue", "--data", str(data)])

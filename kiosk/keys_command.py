"""`madoguchi keys`: what a remote control sends, the map in force, and a map for a remote that none fits."""

from __future__ import annotations

import argparse
import asyncio
import os
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Any

from kiosk.card_options import Tell
from stb_profile.keymap import WAYS, Action, KeyMap
from stb_profile.keymap import load as load_keymap
from stb_profile.mapping import NAMES, Key, Mapping, Nameless
from stb_profile.profile import load as load_profile

DEVICES = Path("/dev/input")
PLACE = Path("/etc/madoguchi/keys.toml")
"""Where the units of `stb_profile/deploy` look for a box's own map."""

NAMELESS = "The kernel has no key for it: give it one first (docs/box.md, 'A remote nobody knows')."


def add_to(commands: Any, tell: Tell) -> None:
    """Add the command to argparse's subparsers."""
    keys = commands.add_parser("keys", allow_abbrev=False, help="what a remote control sends; write a map for it")
    keys.add_argument("--profile", default="stb", help="whose map is in force: stb (default), counter or hospital")
    keys.add_argument("--keys", type=Path, metavar="TOML", help="this box's own map beside it")
    keys.add_argument("--list", action="store_true", help="only tell the map in force")
    keys.add_argument("--write", type=Path, metavar="TOML", help="ask for one key after the other and write a map")
    keys.add_argument("--window", action="store_true", help="hear keys in a window instead of directly")
    keys.add_argument("--device", type=Path, metavar="PATH", help="this device of --devices only")
    keys.add_argument("--devices", type=Path, default=DEVICES, metavar="DIR", help=f"default {DEVICES}")
    keys.set_defaults(run=partial(_keys, tell))


def usable(profile: str, own: Path | None, tell: Tell) -> bool:
    """Whether a box's own map is there and sound. A box with a broken one runs on the shipped map and says so."""
    if own is None or not own.exists():
        return False
    try:
        load_keymap(load_profile(profile).keymap, own)
    except (OSError, ValueError) as exc:
        tell(f"{own} is not used: {exc}")
        return False
    return True


def _keys(tell: Tell, options: argparse.Namespace) -> int:
    own = options.keys if usable(options.profile, options.keys, tell) else None
    keymap = load_keymap(load_profile(options.profile).keymap, own)
    if options.list:
        tell(as_table(keymap))
        return 0
    return asyncio.run(_listen(tell, options, keymap))


async def _listen(tell: Tell, options: argparse.Namespace, keymap: KeyMap) -> int:
    from kiosk import key_sources

    heard: key_sources.Heard = asyncio.Queue()
    source: AbstractAsyncContextManager[key_sources.Show]
    readable = [path for path in sorted(options.devices.glob("event*")) if os.access(path, os.R_OK)]
    if readable and not options.window:
        tell(f"Hearing {len(readable)} devices of {options.devices}.")
        learning = options.write is not None
        source = key_sources.by_devices(heard, options.devices, learning=learning, only=options.device)
    elif key_sources.has_display():
        tell("Hearing the keys of a window.")
        source = key_sources.by_window(heard)
    else:
        tell(f"No device of {options.devices} may be read (group input), and there is no display for a window.")
        return 1
    async with source as show:
        key_sources.hear_lines(heard)
        if options.write is None:
            await _tell_live(tell, show, heard, keymap)
            return 0
        learned = await _learn(tell, show, heard)
    if learned is None:
        tell("Nothing was written.")
        return 1
    write(options.write, learned, tell)
    return 0


def write(file: Path, learned: Mapping, tell: Tell) -> None:
    """Keep what was learned. Raises OSError."""
    file.write_text(learned.toml(), "utf-8")
    tell(f"Written: {file}. On a box put it at {PLACE}; elsewhere: madoguchi kiosk --keys {file}")


async def _tell_live(tell: Tell, show: Tell, heard: asyncio.Queue[Key | str], keymap: KeyMap) -> None:
    tell("Press the remote's keys; q ends.")
    while (key := await heard.get()) != "q":
        if isinstance(key, Key):
            line = described(key, keymap)
            tell(line)
            show(line)


async def _learn(tell: Tell, show: Tell, heard: asyncio.Queue[Key | str]) -> Mapping | None:
    """Ask for every key; None when stopped."""
    tell("With Enter: u asks for the one before again, s means there is no such key, q stops without writing.")
    mapping, device = Mapping(), ""
    while (action := mapping.asked) is not None:
        question = f"「{NAMES[action]}」を おしてください"
        tell(question)
        show(question)
        answer = await heard.get()
        if answer == "q":
            return None
        if isinstance(answer, Key):
            device = device or answer.device  # the first that is pressed is the remote that is learned
            if answer.device == device:
                _take(tell, mapping, answer)
        elif answer == "u":
            mapping.undo()
        elif answer == "s" and not mapping.skip():
            tell("Without this key there is no way through the screens.")
    return mapping


def _take(tell: Tell, mapping: Mapping, key: Key) -> None:
    try:
        other = mapping.take(key)
    except Nameless:
        tell(NAMELESS)
    else:
        if other is not None:
            tell(f"That key is 「{NAMES[other]}」 already.")


def described(key: Key, keymap: KeyMap) -> str:
    """One line about a key that arrived: what it means, how it came, from where."""
    action = _meaning(key, keymap)
    parts = ["nothing" if action is None else f"{NAMES[action]} ({action.value})"]
    parts += [f"evdev {key.evdev}"] if key.evdev is not None else []
    parts += [f"Qt {key.qt}"] if key.qt else []
    parts += [f"scan 0x{key.scan:02x}"] if key.scan is not None else []
    return "  ".join([*parts, f"from {key.device}"])


def _meaning(key: Key, keymap: KeyMap) -> Action | None:
    if key.evdev in keymap.own:
        return keymap.by_evdev[key.evdev]
    by_name = keymap.by_qt_name.get(key.qt) or keymap.by_cec.get(-1 if key.cec is None else key.cec)
    return by_name or keymap.by_evdev.get(-1 if key.evdev is None else key.evdev)


def as_table(keymap: KeyMap) -> str:
    """Every action with all its keys."""
    lines = []
    for action in Action:
        lines.append(f"{NAMES[action]} ({action.value})")
        for way, field in WAYS.items():
            keys = [key for key, meant in getattr(keymap, field).items() if meant is action]
            keys = [f"0x{key:02x}" for key in keys] if way == "cec" else [str(key) for key in keys]
            lines += [f"  {way:5} {' '.join(keys)}"] if keys else []
    return "\n".join(lines)

"""Remotes read directly: every key, held keys, unplugged and back, keys without a name, devices of others."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path

import pytest

from stb_profile.evdev.device import BUS_CEC, Device
from stb_profile.evdev.event import EV_KEY, EV_MSC, EV_SYN, MSC_SCAN, SYN_DROPPED
from stb_profile.keymap import Action
from tests.remote.conftest import KEYMAP, listening
from tests.remote.virtual import PipeRemote, Socket

CODES = KEYMAP.by_evdev
OK, UP, BLUE, DIGIT_7 = 352, 103, 401, 519
BTN_LEFT, KEY_POWER = 272, 116


async def test_every_key_arrives_as_what_it_means(socket: Socket) -> None:
    remote = socket.plug(CODES)
    async with listening(remote) as listener:
        for code, action in CODES.items():
            remote.key(code, 1, 0)
            await listener.hear(action)
    remote.unplug()


@pytest.mark.parametrize("code", [OK, BLUE, DIGIT_7, 158])
async def test_what_answers_acts_once_however_long_it_is_held(socket: Socket, code: int) -> None:
    remote = socket.plug(CODES)
    async with listening(remote) as listener:
        remote.key(code, 1, 2, 2, 2, 0)
        remote.key(UP, 1, 0)
        await listener.hear(CODES[code], Action.UP)
        remote.key(code, 1)
        await listener.hear(CODES[code])
    remote.unplug()


async def test_an_arrow_goes_on_while_it_is_held(socket: Socket) -> None:
    remote = socket.plug(CODES)
    async with listening(remote) as listener:
        remote.key(UP, 1, 2, 2, 0)
        remote.key(OK, 1, 0)
        await listener.hear(Action.UP, Action.UP, Action.UP, Action.OK)
    remote.unplug()


async def test_a_remote_that_was_unplugged_goes_on_when_it_is_back(socket: Socket) -> None:
    first = socket.plug(CODES)
    async with listening(first) as listener:
        first.key(OK, 1)
        await listener.hear(Action.OK)
        first.unplug()
        await listener.until(lambda: not listener.remotes.names)
        second = socket.plug(CODES)
        second.key(OK, 1, 0) if second.how == "pipe" else None  # a pipe keeps it until somebody reads
        await listener.until(lambda: bool(listener.remotes.names))
        second.key(OK, 1, 0) if second.how == "uinput" else None
        await listener.hear(Action.OK)
    second.unplug()


async def test_no_remote_at_all_and_one_that_comes_late(socket: Socket, tmp_path: Path) -> None:
    late = PipeRemote(tmp_path, CODES)
    late.unplug()
    async with listening(late) as listener:
        assert listener.remotes.names == []
        late = PipeRemote(tmp_path, CODES)
        late.key(OK, 1, 0)
        await listener.hear(Action.OK)
    late.unplug()


async def test_a_cec_key_without_a_name_comes_by_its_command(tmp_path: Path) -> None:
    """0x91 is a maker's own return key: the kernel reports the scan code alone, and again while it is held."""
    remote = PipeRemote(tmp_path, CODES, BUS_CEC)
    async with listening(remote) as listener:
        for at_s in (1.0, 1.4, 1.8):
            remote.scan(0x91, at_s)
        remote.scan(0x91, 5.0)
        remote.key(OK, 1, 0)
        await listener.hear(Action.BACK, Action.BACK, Action.OK)
    remote.unplug()


async def test_the_bare_scan_codes_of_a_held_key_with_a_name_are_no_presses(tmp_path: Path) -> None:
    remote = PipeRemote(tmp_path, CODES, BUS_CEC)
    async with listening(remote) as listener:
        remote.report((EV_MSC, MSC_SCAN, 0x0D), (EV_KEY, 174, 1), at_s=1.0)
        remote.scan(0x0D, 1.4)
        remote.scan(0x0D, 9.0)
        remote.key(174, 0)
        remote.key(OK, 1, 0)
        await listener.hear(Action.BACK, Action.OK)
    remote.unplug()


async def test_a_bare_scan_code_means_nothing_from_another_bus(tmp_path: Path) -> None:
    remote = PipeRemote(tmp_path, CODES)
    async with listening(remote) as listener:
        remote.scan(0x91)
        remote.key(OK, 1, 0)
        await listener.hear(Action.OK)
    remote.unplug()


async def test_after_an_overflow_the_rest_of_the_report_is_not_believed(tmp_path: Path) -> None:
    remote = PipeRemote(tmp_path, CODES)
    async with listening(remote) as listener:
        remote.report((EV_SYN, SYN_DROPPED, 0), (EV_KEY, OK, 1))
        remote.key(UP, 1, 0)
        await listener.hear(Action.UP)
    remote.unplug()


async def test_a_mouse_and_a_power_button_are_left_alone(tmp_path: Path) -> None:
    opened: Counter[Path] = Counter()
    other = PipeRemote(tmp_path, {BTN_LEFT, KEY_POWER})
    remote = PipeRemote(tmp_path, CODES, number=1)
    plugged = {"event0": other, "event1": remote}

    def open_device(path: Path) -> Device:
        opened[path] += 1
        return plugged[path.name].open(path)

    async with listening(remote, open_device) as listener:
        await listener.until(lambda: len(listener.remotes.names) == 1)
        remote.key(OK, 1, 0)
        await listener.hear(Action.OK)
        plugged["event2"] = late = PipeRemote(tmp_path, CODES, number=2)
        late.key(UP, 1, 0)
        await listener.hear(Action.UP)  # there was another look
        assert opened[tmp_path / "event0"] == 1
    for each in (other, remote, late):
        each.unplug()


async def test_permission_that_comes_after_the_device(tmp_path: Path) -> None:
    """udev sets group and mode a moment after the node is there."""
    remote, refused = PipeRemote(tmp_path, CODES), [1, 2, 3]

    def open_device(path: Path) -> Device:
        if refused:
            refused.pop()
            raise PermissionError(path)
        return remote.open(path)

    async with listening(remote, open_device) as listener:
        remote.key(OK, 1, 0)
        await listener.hear(Action.OK)
    remote.unplug()


async def test_what_the_visit_before_still_holds_is_taken_when_it_lets_go(tmp_path: Path) -> None:
    busy = [1, 2]

    @dataclasses.dataclass(frozen=True, slots=True)
    class Held(Device):
        def grab(self) -> None:
            if busy:
                busy.pop()
                raise OSError(16, "Device or resource busy")

    remote = PipeRemote(tmp_path, CODES)
    async with listening(remote, lambda path: Held(**_fields(remote.open(path))), grab=True) as listener:
        remote.key(OK, 1, 0)
        await listener.hear(Action.OK)
    assert not busy
    remote.unplug()


def _fields(device: Device) -> dict[str, object]:
    return {field.name: getattr(device, field.name) for field in dataclasses.fields(device)}

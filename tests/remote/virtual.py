"""Virtual remote controls: by the kernel's uinput where there is one, else a pipe with the same bytes on it."""

from __future__ import annotations

import fcntl
import os
import struct
from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from stb_profile.evdev.device import FOLDER, Device, opened
from stb_profile.evdev.event import EV_KEY, EV_MSC, EV_SYN, MSC_SCAN, SYN_REPORT, Event

UINPUT = Path("/dev/uinput")
BUS_USB = 3
NAME = "Madoguchi test remote"


class VirtualRemote(ABC):
    """Plugged in when made. Each call is one report, as a driver sends it."""

    folder: Path
    how: str

    @abstractmethod
    def write(self, data: bytes) -> None: ...

    @abstractmethod
    def unplug(self) -> None: ...

    @abstractmethod
    def open(self, path: Path) -> Device:
        """What `Remotes` is to open devices with."""

    def report(self, *events: tuple[int, int, int], at_s: float = 0.0) -> None:
        self.write(b"".join(Event(at_s, *event).encoded() for event in (*events, (EV_SYN, SYN_REPORT, 0))))

    def key(self, code: int, *values: int) -> None:
        """One report for each value: 1 down, 2 held, 0 up."""
        for value in values:
            self.report((EV_KEY, code, value))

    def scan(self, code: int, at_s: float = 0.0) -> None:
        """A scan code that the kernel has no key for."""
        self.report((EV_MSC, MSC_SCAN, code), at_s=at_s)


class PipeRemote(VirtualRemote):
    """`folder/eventN` is a named pipe; what the kernel would say about the device, its maker says."""

    how = "pipe"

    def __init__(self, folder: Path, codes: Collection[int], bus: int = BUS_USB, number: int = 0) -> None:
        self.folder = folder
        self._codes, self._bus = frozenset(codes), bus
        self._path = folder / f"event{number}"
        os.mkfifo(self._path)
        self._end = os.open(self._path, os.O_RDWR)

    def write(self, data: bytes) -> None:
        os.write(self._end, data)

    def unplug(self) -> None:
        self._path.unlink()
        os.close(self._end)

    def open(self, path: Path) -> Device:
        return Device(path, os.open(path, os.O_RDONLY | os.O_NONBLOCK), NAME, self._bus, self._codes)


class UinputRemote(VirtualRemote):
    """A device of the kernel's own making. Source: linux/uinput.h."""

    how = "uinput"
    folder = FOLDER

    def __init__(self, codes: Collection[int], bus: int = BUS_USB) -> None:
        self._end = os.open(UINPUT, os.O_WRONLY | os.O_NONBLOCK)
        for kind in (EV_KEY, EV_MSC):
            fcntl.ioctl(self._end, _SET_EVBIT, kind)
        fcntl.ioctl(self._end, _SET_MSCBIT, MSC_SCAN)
        for code in codes:
            fcntl.ioctl(self._end, _SET_KEYBIT, code)
        fcntl.ioctl(self._end, _DEV_SETUP, struct.pack("@HHHH80sI", bus, 0, 0, 1, NAME.encode(), 0))
        fcntl.ioctl(self._end, _DEV_CREATE)

    def write(self, data: bytes) -> None:
        os.write(self._end, data)

    def unplug(self) -> None:
        os.close(self._end)

    def open(self, path: Path) -> Device:
        device = opened(path)
        if device.name != NAME:
            device.close()
            raise FileNotFoundError(path)  # the machine's own devices are not there for a test
        return device


_SET_EVBIT, _SET_KEYBIT, _SET_MSCBIT = 0x40045564, 0x40045565, 0x40045568
_DEV_SETUP, _DEV_CREATE = 0x405C5503, 0x5501


@dataclass(frozen=True, slots=True)
class Socket:
    """Where remotes of a test are plugged in."""

    folder: Path

    @property
    def how(self) -> str:
        return "uinput" if os.access(UINPUT, os.W_OK) else "pipe"

    def plug(self, codes: Collection[int], bus: int = BUS_USB) -> VirtualRemote:
        return UinputRemote(codes, bus) if self.how == "uinput" else PipeRemote(self.folder, codes, bus)

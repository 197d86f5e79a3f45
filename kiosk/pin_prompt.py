"""Where a PIN enters the command line: a terminal without echo, or a file descriptor. Never an argument."""

from __future__ import annotations

import getpass
import os
import signal
import string
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from drivers.errors import Pin
from drivers.secret import Secret


class NotAsked(Exception):
    """No PIN was sent to the card, no try was used; the text is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a secret looks. Source: card reference, section 5."""

    name: str
    letters: bytes
    shortest: int
    longest: int


_DIGITS = string.digits.encode()
_LETTERS = string.ascii_uppercase.encode()

FORMS = {
    Pin.USER_AUTHENTICATION: Form("PIN (4 digits)", _DIGITS, 4, 4),
    Pin.DIGITAL_SIGNATURE: Form("signature password (6-16 letters and digits)", _LETTERS + _DIGITS, 6, 16),
    Pin.TEXT_SUPPORT: Form("text support PIN (4 digits)", _DIGITS, 4, 4),
    Pin.REGISTER: Form("resident register PIN (4 digits)", _DIGITS, 4, 4),
    Pin.MATCH_A: Form("match number A (the 12 digits of the individual number)", _DIGITS, 12, 12),
    Pin.MATCH_B: Form("match number B (14 digits: birth date, year of expiry, security code)", _DIGITS, 14, 14),
    Pin.BIRTH_DATE: Form("birth date (6 digits, with the year of the era)", _DIGITS, 6, 6),
}


@dataclass(frozen=True, slots=True)
class PinPrompt:
    """Asks for a secret; the last try only after a yes (`last_try` is that yes, said beforehand)."""

    descriptor: int | None
    last_try: bool

    def __call__(self, pin: Pin, tries: int) -> Secret:
        """The caller wipes what is returned. Raises NotAsked."""
        if tries == 1 and not self.last_try:
            self._confirm(pin)
        return self._one(FORMS[pin], f"{FORMS[pin].name}, tries left {tries}: ")

    def new(self, pin: Pin) -> Secret:
        """The same, typed twice, of a new one. Raises NotAsked."""
        form = FORMS[pin]
        secret = self._one(form, f"new {form.name}: ")
        try:
            if pin is Pin.DIGITAL_SIGNATURE and not _is_mixed(secret):
                raise NotAsked(f"A new {form.name} needs a letter and a digit; nothing was sent to the card.")
            with self._one(form, f"new {form.name}, again: ") as again:
                if not _same(secret, again):
                    raise NotAsked("The two new ones differ; nothing was sent to the card.")
        except BaseException:
            secret.wipe()
            raise
        return secret

    def on_reader(self, pin: Pin, tries: int) -> bool:
        """Ask for it on the reader's own keys, unless it comes from a descriptor. Raises NotAsked."""
        if self.descriptor is not None:
            return False
        if tries == 1 and not self.last_try:
            self._confirm(pin)
        sys.stderr.write(f"Please type the {FORMS[pin].name} on the reader; tries left {tries}.\n")
        return True

    def _one(self, form: Form, prompt: str) -> Secret:
        if self.descriptor is not None:
            return _collect(form, _lines_bytes(self.descriptor))
        return _collect(form, _typed(prompt))

    def _confirm(self, pin: Pin) -> None:
        """A wrong one now sends its holder to the municipal office."""
        warning = f"Only one try is left ({pin.value}). If it is wrong, only the municipal office can unlock it."
        if self.descriptor is not None or not sys.stdin.isatty():
            raise NotAsked(f"{warning} Say --last-try to go on.")
        sys.stderr.write(f"{warning}\nGo on? [y/N] ")
        sys.stderr.flush()
        with _interruptible():
            answer = sys.stdin.readline()
        if answer.strip().lower() not in ("y", "yes"):
            raise NotAsked("Nothing was sent to the card.")


def _collect(form: Form, typed: Iterable[int]) -> Secret:
    """What was typed, if it has the form: a slip must not cost a try."""
    secret = Secret(form.longest)
    for byte in typed:
        upper = byte - 32 if ord("a") <= byte <= ord("z") else byte
        if upper not in form.letters or not secret.add(upper):
            secret.wipe()
            break
    if len(secret) < form.shortest:
        secret.wipe()
        raise NotAsked(f"That is no {form.name}; nothing was sent to the card.")
    return secret


def _is_mixed(secret: Secret) -> bool:
    """Whether there is a letter and a digit. Source: card reference, section 5."""
    with _copied(secret) as typed:
        return any(byte in _DIGITS for byte in typed) and any(byte in _LETTERS for byte in typed)


def _same(one: Secret, other: Secret) -> bool:
    with _copied(one) as first, _copied(other) as second:
        return first == second


@contextmanager
def _copied(secret: Secret) -> Iterator[bytearray]:
    """The bytes for a look, wiped after the block."""
    copy = bytearray(len(secret))
    secret.copy_into(copy, 0)
    try:
        yield copy
    finally:
        copy[:] = bytes(len(copy))


def _lines_bytes(descriptor: int) -> Iterator[int]:
    """The first line, byte by byte: one-byte objects are shared by the interpreter, so none keeps the PIN."""
    try:
        while (byte := os.read(descriptor, 1)) not in (b"", b"\n", b"\r"):
            yield byte[0]
    except OSError as exc:
        raise NotAsked(f"--pin-fd {descriptor}: {exc.strerror}; nothing was sent to the card.") from exc


def _typed(prompt: str) -> bytes:
    # getpass returns text that cannot be wiped; this process ends with the deed and takes it along.
    with _interruptible(), warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(prompt).encode("utf-8")
        except (getpass.GetPassWarning, EOFError) as exc:
            raise NotAsked("No terminal to type on without echo; use --pin-fd. Nothing was sent to the card.") from exc


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl-C ends the wait at once. asyncio's own handler would wait for the event loop, which stands meanwhile."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

"""The screens on the stage, one above the other, each with whoever waits for its answer. No Qt here."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from drivers.secret import Secret
from kiosk.desk import Back
from kiosk.screens import PasswordEntry, PinEntry, Screen
from kiosk.stage_data import leads_back
from stb_profile.keymap import Action

if TYPE_CHECKING:
    from asyncio import Future


@dataclasses.dataclass(slots=True, eq=False)
class Layer:
    """A screen on the stage: who waits for it, what was typed into it, where its focus was."""

    screen: Screen[Any]
    typed: Secret
    answer: Future[Any] | None = None
    focus: str = ""
    kept: str = ""
    """What the screen's own QML wants to find again, e.g. what was ticked; never what was typed."""
    open: bool = False
    """Whether what is private was asked for, though somebody looks on."""

    @classmethod
    def of(cls, screen: Screen[Any], focus: str = "") -> Layer:
        return cls(screen, Secret(_room(screen)), focus=focus)

    @property
    def waiting(self) -> bool:
        return self.answer is not None and not self.answer.done()

    def give(self, value: object) -> None:
        if self.answer is not None and not self.answer.done():
            self.answer.set_result(value)

    def back(self) -> None:
        if self.answer is not None and not self.answer.done() and leads_back(self.screen):
            self.answer.set_exception(Back())

    def press(self, action: Action) -> None:
        """A key on a PinEntry: digits into the buffer, ← and 戻る take one back, 戻る on none leads out, OK answers."""
        if not self.waiting:
            return
        if action.digit is not None:
            self.typed.add(ord(action.value))
        elif action in (Action.LEFT, Action.BACK):
            if not self.typed.drop_last() and action is Action.BACK:
                self.back()
        elif action is Action.OK and isinstance(self.screen, PinEntry) and self.screen.takes(len(self.typed)):
            self._hand_over()

    def press_letter(self, key: str) -> None:
        """A key of a PasswordEntry's own: a letter or digit, `erase`, `leave`, or `ok`, which answers."""
        if not self.waiting or not isinstance(self.screen, PasswordEntry):
            return
        if key == "leave":
            self.back()
        elif key == "erase":
            self.typed.drop_last()
        elif key != "ok":
            self.typed.add(ord(key))
        elif len(self.typed) >= self.screen.shortest:
            self._hand_over()

    def fill(self, typed: memoryview) -> None:
        """On a PinEntry or PasswordEntry: what was typed elsewhere takes the place of what stands there."""
        if self.waiting:
            self.typed.wipe()
            for sign in typed:
                self.typed.add(sign)

    def _hand_over(self) -> None:
        """Answer with what was typed. From here on whoever waits wipes it."""
        typed, self.typed = self.typed, Secret(0)
        self.give(typed)

    async def answered(self) -> Any:
        """Wait for the answer. Raises Back. Leaves nothing typed behind."""
        import asyncio

        answer = self.answer = asyncio.get_running_loop().create_future()
        try:
            return await answer
        except asyncio.CancelledError:
            # Answered and cancelled in the same turn of the loop: nobody receives what was typed.
            if answer.done() and not answer.cancelled() and isinstance(answer.result(), Secret):
                answer.result().wipe()
            raise
        finally:
            self.answer = None
            self.typed.wipe()


def _room(screen: Screen[Any]) -> int:
    """How much can be typed into it in secret."""
    if isinstance(screen, PinEntry):
        return screen.length
    return screen.longest if isinstance(screen, PasswordEntry) else 0

"""Which of a key's events act: the same for keys that come through the window and for those read directly."""

from __future__ import annotations

from stb_profile.keymap import Action


class Presses:
    """Arrows act again while they are held; whatever answers, acts once until it is let go."""

    def __init__(self) -> None:
        self._held: set[Action] = set()

    def down(self, action: Action, repeated: bool) -> bool:
        """Whether this press acts; `repeated` is one that the hardware or the window system made by itself."""
        acts = action.repeats or not (repeated or action in self._held)
        if acts:
            self._held.add(action)
        return acts

    def up(self, action: Action) -> None:
        self._held.discard(action)

    def forget(self) -> None:
        """What is held now will be let go unseen."""
        self._held.clear()

"""Whatever happens in a visit, no PIN is said, and nothing personal without earphones or the person's word."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.preferences import Company
from kiosk.screens import Screen
from kiosk.voice.reader import ASK
from stb_profile.keymap import Action
from tests.flow.fakes import FakeReaders
from tests.flow.scene import Scene
from tests.flow.test_anything import Anybody, WatchedCard
from tests.voice.kit import RecordingVoice

PINS = ("1234", "0000")
PEOPLE = ("見本", "花子", "太郎")


class Listener(Anybody):
    """Presses 青 now and then; says no, or yes, to being read aloud to; plugs earphones in and out."""

    def __init__(self, scene: Scene, voice: RecordingVoice, says_yes: bool, draw: Any) -> None:
        super().__init__(scene, draw)
        self.may = 0
        """Times it was allowed, by word or by earphones."""
        self._voice = voice
        self._says_yes = says_yes

    async def meet(self, screen: Screen[Any]) -> object:
        if self._draw(st.integers(0, 2)) == 0:
            self._scene.stage.press(Action.BLUE)
        if self._says_yes and self._draw(st.integers(0, 9)) == 0:
            self._scene.earphones = not self._scene.earphones
            self.may += 1
        self.check()
        answer = await super().meet(screen)
        if screen.name == ASK:
            answer = self._says_yes
            self.may += self._says_yes
        return answer

    def check(self) -> None:
        public = "".join(saying.text for saying in self._voice.sayings if not saying.personal)
        assert not [told for told in (*PINS, *PEOPLE) if told in public]
        assert not [text for text in self._voice.heard if text in PINS]
        assert self.may or not [saying for saying in self._voice.sayings if saying.personal]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_whatever_happens(data: st.DataObject) -> None:
    wants = {"voice": data.draw(st.booleans()), "company": data.draw(st.sampled_from(Company)).value}
    scene = Scene.of(data.draw(st.sampled_from(("stb", "counter", "hospital"))), preferences=wants)
    scene.voice = voice = RecordingVoice()
    scene.readers = FakeReaders("R1", "R2")
    scene.card, scene.other = WatchedCard("hanako"), WatchedCard("taro")
    scene.backend.cards = [scene.card, scene.other]
    listener = Listener(scene, voice, data.draw(st.booleans()), data.draw)
    scene.card.anybody = scene.other.anybody = listener

    scene.run(listener)

    listener.check()

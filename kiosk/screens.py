"""The screen kinds: frozen data, each with the type of its answer.

A dozen kinds serve every flow; a new service is a new flow, not a new screen. Each kind has one QML file
(`stage_data.py` maps them, and a test says that the map is complete). All texts arrive ready to show: QML formats and
decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, Protocol, TypeVar

from drivers.errors import Pin
from drivers.secret import Secret
from kiosk.preferences import Preferences
from kiosk.words import Language, Words
from stb_profile.keymap import Action

A = TypeVar("A")
A_co = TypeVar("A_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Screen(Generic[A_co]):
    """Root of the kinds. `name` is a stable id for tours and tests, never shown; `title` is the one question."""

    name: str
    title: str
    steps: tuple[str, ...] = ()
    """いまどこ: the steps of this service, at most four; empty where there are none."""
    step: int = 0
    """Index into `steps` of the one that is on."""

    def __repr__(self) -> str:
        # The texts are about a person: they must not reach a log by way of an exception.
        return f"<{type(self).__name__} {self.name}>"


@dataclass(frozen=True, slots=True, repr=False)
class Choice:
    """Something to press. Choices carry the digits 1..9 in order unless `digit` says otherwise; 0 is おわる."""

    key: str
    title: str
    detail: str = ""
    badge: str = ""
    digit: int | None = None


class Mark(Enum):
    """A state, shown by shape and word and colour."""

    NONE = "none"
    GOOD = "good"
    CARE = "care"
    BAD = "bad"


@dataclass(frozen=True, slots=True, repr=False)
class Fact:
    """A label and its value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """One entry of a list. `facts` are previewed beside the list while the row has focus."""

    key: str
    title: str
    above: str = ""
    """Small line above: a date, a sender."""
    below: str = ""
    """Small line below: a reason."""
    badge: str = ""
    facts: tuple[Fact, ...] = ()
    public: str = ""
    """In the place of a private title while somebody looks on: who it is from."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Attract(Screen[str | None]):
    """Nobody is here. Answers when somebody presses a key: a language's key by its digit, None by any other key.

    A card ends it from outside.
    """

    lead: str
    languages: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PlaceCard(Screen[None]):
    """A picture of the card going onto the reader. Never answered by keys (Back leads out); a card ends it."""

    hints: tuple[str, ...]
    still: bool = False
    """Show it lying flat on the reader: it is there and must not move."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Working(Screen[None]):
    """Something runs. A way to stop appears after 4 s when `stop` is set; pressing it is Back."""

    detail: str = ""
    stop: str = ""
    facts: tuple[Fact, ...] = ()
    """Of work in several parts: how it stands with each."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PinEntry(Screen[Secret]):
    """Digits go from the key map straight into the secret; QML sees only their count. OK on `length` digits answers."""

    pin: Pin
    hint: str
    tries_label: str
    tries_left: int
    tries_max: int
    tries_text: str
    note: str
    length: int = 4
    shortest: int = 0
    """As few as that also answer; 0: no fewer than `length`."""
    letters: bool = False
    """Capital letters too, which a remote control does not have: a paired phone types them."""
    pad: bool = False
    """Offer an on-screen pad (touch profiles)."""

    def takes(self, count: int) -> bool:
        """Whether so many signs are a whole answer."""
        return (self.shortest or self.length) <= count <= self.length


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PinOnReader(Screen[None]):
    """A picture of the reader's own keys. Never answered by keys of ours (Back leads out); the reader ends it."""

    pin: Pin
    hints: tuple[str, ...]
    tries_label: str
    tries_left: int
    tries_max: int
    tries_text: str
    note: str
    length: int = 4


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Menu(Screen[str]):
    """At most eight choices; answers the chosen key."""

    choices: tuple[Choice, ...]
    subtitle: str = ""
    corner: str = ""
    back: bool = False
    """Offer もどる in the footer: for a menu of which no choice leads out."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ItemList(Screen[str]):
    """Any number of rows, shown by pages; answers the chosen row's key."""

    rows: tuple[Row, ...]
    corner: str = ""
    empty: str = ""
    """Said when there is no row."""
    preview_title: str = ""
    sentences: bool = False
    """Titles are whole sentences: two rows on a page instead of three."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Detail(Screen[str]):
    """One thing, whole. Long text scrolls by ↑↓. Answers an action's key."""

    facts: tuple[Fact, ...] = ()
    subtitle: str = ""
    summary: tuple[str, ...] = ()
    body: str = ""
    actions: tuple[Choice, ...] = ()
    """The first one has focus, at most four."""


@dataclass(frozen=True, slots=True, repr=False)
class ConsentItem:
    key: str
    title: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Consent(Screen[frozenset[str]]):
    """Item by item, default no. Answers the keys agreed to; the empty set is a full answer, not Back."""

    lead: str
    items: tuple[ConsentItem, ...]
    yes: str
    no: str
    all_of_them: str
    only_chosen: str
    none_of_them: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Confirm(Screen[bool]):
    """A yes or no. The safe answer (no) has focus."""

    lines: tuple[str, ...]
    yes: str
    no: str
    mark: Mark = Mark.NONE
    code: str = ""
    here_only: bool = False
    """Only the keys of this place answer it, no phone's: what is signed, and what a phone may do."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Result(Screen[str]):
    """An outcome in one sentence, with its facts."""

    mark: Mark
    lines: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    actions: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Problem(Screen[str]):
    """What happened, what to do next, a small code. With no actions it stays until the cause goes away."""

    code: str
    lines: tuple[str, ...]
    actions: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TakeCard(Screen[None]):
    """The visit is over: take the card. `taken` shows that the screen was cleared."""

    lines: tuple[str, ...]
    taken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CardAway(Screen[None]):
    """E-09, over whatever was shown: put the same card back within `seconds`."""

    lead: str
    note: str
    code: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class StillThere(Screen[None]):
    """Idle warning, over whatever was shown; any key goes on."""

    lead: str
    go_on: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PhoneCode(Screen[None]):
    """A QR for a phone. Never answered by keys (Back leads out); the phone that reads it ends it."""

    code_picture: str
    """Address of the picture, one pixel a module."""
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Margins(Screen[str]):
    """Marks in the four corners of the safe area. Answers the direction of each arrow, and `ok`."""

    lines: tuple[str, ...]
    ok: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Digits(Screen[str]):
    """A number that is no secret, typed and seen: a reading, a day. OK on enough digits answers them, nothing between.

    戻る takes no digit back, it leads out; a key on the screen takes them back one by one.
    """

    hint: str
    unit: str = ""
    """Stands behind the digits."""
    length_min: int = 1
    length_max: int = 8
    pattern: str = ""
    """How the digits are grouped, a `#` for each of `length_max`: "####-##-##". Empty: side by side."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Alarm(Screen[str]):
    """An evacuation notice, over everything. Answers an action's key by OK; 戻る, digits and colours do nothing."""

    band: str
    """警戒レベル, in large letters."""
    lines: tuple[str, ...]
    facts: tuple[Fact, ...] = ()
    actions: tuple[Choice, ...]
    """The first one has focus. Without digits: a digit that was meant for a PIN must not answer."""


@dataclass(frozen=True, slots=True, repr=False)
class Point:
    """What was measured at one place of a chart."""

    label: str
    """Stands below, where there is room."""
    text: str
    """All of it in words, told large while the point is chosen."""
    values: tuple[float, ...]
    """One for each line; of bars one."""


@dataclass(frozen=True, slots=True, repr=False)
class Tick:
    """A mark of a chart's height."""

    value: float
    text: str


@dataclass(frozen=True, slots=True, repr=False)
class Band:
    """What counts as usual."""

    least: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Chart(Screen[str]):
    """Figures over time, and what they say in a sentence or two. Answers an action's key.

    ←→ choose a point, which is told large.
    """

    sentences: tuple[str, ...]
    points: tuple[Point, ...] = ()
    """Oldest first; the last one is chosen at first. Their focus is `point.` and the number from 0."""
    lines: tuple[str, ...] = ()
    """Names of the lines; without any it is bars."""
    ticks: tuple[Tick, ...] = ()
    """From the bottom, which is the first one, to the top, which is the last."""
    bands: tuple[Band, ...] = ()
    band: str = ""
    """Name of the bands."""
    corner: str = ""
    actions: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PasswordEntry(Screen[Secret]):
    """The signature password: capital letters and digits chosen on the screen, digits also by their keys.

    Each goes straight into the secret; QML sees only their count. 決定 on enough of them answers.
    """

    hint: str
    tries_label: str
    tries_left: int
    tries_max: int
    tries_text: str
    note: str
    shortest: int = 6
    longest: int = 16


KINDS: tuple[type[Screen[object]], ...] = (
    Attract, PlaceCard, Working, PinEntry, PinOnReader, Menu, ItemList, Detail, Consent, Confirm, Result, Problem,
    TakeCard, CardAway, StillThere, PhoneCode, Margins, Alarm, Digits, Chart, PasswordEntry,
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Sight:
    """What a person sees now."""

    screen: Screen[Any]
    focus: str
    """Key of the focused control; empty where there is none."""
    digits: Mapping[str, int]
    """Keys of what can be pressed by a digit and is in sight, in order."""
    footer: Mapping[str, str]
    """Words of the footer's keys, by `Action.value`."""


class Watcher(Protocol):
    """Whoever looks on with the person: the voice. Told at once; must not wait."""

    def gone(self) -> None:
        """What was on top is no longer what is to be seen."""
        ...

    def seen(self) -> None:
        """What is on top has been painted and takes keys: it may be the same as before, shown otherwise."""
        ...

    def focused(self) -> None:
        """Focus moved on the screen that is seen."""
        ...


class NoWatcher:
    """Until somebody looks on."""

    def gone(self) -> None: ...

    def seen(self) -> None: ...

    def focused(self) -> None: ...


class PhoneMark(Enum):
    """Whether a phone is paired: shown on every screen."""

    NONE = "none"
    AWAKE = "awake"
    ASLEEP = "asleep"


class Beside(Protocol):
    """The phone beside the screen. Told at once; must not wait."""

    def changed(self, screen: Screen[Any] | None) -> None:
        """Another screen is on top, or the same is shown anew; None, and it is dark."""
        ...

    def seen(self) -> None:
        """What it was changed to has been painted and takes keys. A screen that another follows at once never is."""
        ...

    def veiled(self, screen: Screen[Any]) -> Screen[Any]:
        """What is shown, and spoken, in the place of `screen`; of the same kind and with the same answers."""
        ...


class NothingBeside:
    """Until there is a phone."""

    def changed(self, screen: Screen[Any] | None) -> None: ...

    def seen(self) -> None: ...

    def veiled(self, screen: Screen[Any]) -> Screen[Any]:
        return screen


class Stage(Protocol):
    """Whoever can show screens: `stage.py` with Qt, a scripted one in tests.

    One base layer and any number of covers above it; the topmost is seen and has the keys. What lies below is not only
    hidden but gone from the scene, and is built again from its data, with its focus, when it is on top again.
    """

    on_action: Callable[[Action], None]
    """Told of every key press before it acts: activity, and the colour keys that belong to the visit."""
    card_inside: bool
    """The card mark in the footer."""
    phone: PhoneMark
    """The phone mark in the footer."""
    acting: str
    """A line on every screen: for whom the person acts. Empty: for nobody else. Gone when the stage is wiped."""
    reminder: str
    """What must not be forgotten, in the footer: a notice that is in force. Empty without."""
    beside: Beside
    watcher: Watcher
    speaks: Callable[[str], bool]
    """Whether there is a voice for a language: 青 is offered then."""

    def sight(self) -> Sight | None:
        """What is seen now; None before it is painted, and where nothing stands."""
        ...

    @property
    def languages(self) -> tuple[Language, ...]:
        """On offer: those whose letters can be shown here."""
        ...

    async def show(self, screen: Screen[A]) -> A:
        """Make it the base layer and wait for its answer. Raises `desk.Back` on 戻る. Cancelling leaves it standing."""
        ...

    def put(self, screen: Screen[A]) -> None:
        """Make it the base layer without waiting."""
        ...

    async def cover(self, screen: Screen[A]) -> A:
        """Lay it over everything until answered or cancelled; what is below shows again afterwards. Raises Back.

        Covering a PinEntry wipes what was typed.
        """
        ...

    async def alarm(self, screen: Alarm) -> str:
        """Lay it over all covers there are and will be, until answered or cancelled; `wipe` takes only what is below.

        One at a time.
        """
        ...

    def wipe(self) -> None:
        """Forget every screen, what was typed and all focus memory; show nothing but the alarm, if there is one."""
        ...

    def apply(self, preferences: Preferences, words: Words) -> None:
        """From now on show everything so, in the language of `words`; what stands is shown anew.

        Place, focus and what was ticked stay; what was typed into a PinEntry is wiped. Screens may go on coming in
        another language: the stage retells them.
        """
        ...

    def act(self, action: Action) -> None:
        """A key that came by another way than the window."""
        ...

    def fill(self, typed: memoryview) -> None:
        """What was typed elsewhere (ASCII) takes the place of what stands in an entry; OK is to come."""
        ...

    def reshow(self, change: Callable[[Screen[Any]], Screen[Any]] | None = None) -> None:
        """Show what stands anew, after `change` has taken the place of each screen for good."""
        ...

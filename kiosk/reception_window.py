"""The staff's window beside the patient's: a normal window, worked by keys or by fingers.

↑↓ choose a visit, F2 note, F3 name with the right characters, F4 say no to a call, F5 ask again, F6 confirm later, F8
look up without a card in a disaster, 削除 clear a visit that is over, F10 the day's end. Face and card are approved by
laying down the staff member's own card, by no key.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent

from backend_client import wire
from kiosk.handover.folders import Trouble
from kiosk.reception import shown
from kiosk.reception.inquiries import Inquiries
from kiosk.reception.reception import OutOfOrder, Reception
from kiosk.reception.visit import Visit
from kiosk.stage_window import StageWindow
from kiosk.words import Words

SIZE = (1180, 760)
TROUBLES = {
    Trouble.GONE: "reception.folder_gone",
    Trouble.FULL: "reception.folder_full",
    Trouble.READ_ONLY: "reception.folder_read_only",
}


KEYS = (
    ("F2", "reception.key_note"),
    ("F3", "reception.key_name"),
    ("F4", "reception.key_decline"),
    ("F5", "reception.key_again"),
    ("F6", "reception.key_later"),
    ("F8", "reception.key_disaster"),
    ("Delete", "reception.key_clear"),
    ("F10", "reception.key_day"),
)
FORM = {
    "title": "reception.form_title",
    "name": "reception.form_name",
    "birth": "reception.form_birth",
    "sex": "reception.form_sex",
    "male": "reception.form_male",
    "female": "reception.form_female",
    "address": "reception.form_address",
    "search": "reception.form_search",
    "close": "reception.form_close",
    "end": "reception.form_end",
}


class Listed(Protocol):
    """What is shown; `kiosk.reception.office.Office`."""

    reception: Reception
    trouble: Trouble | None
    inquiries: Inquiries


class ReceptionWindow(QObject):
    """Shows the list of an office and does what the staff press."""

    def __init__(self, office: Listed, words: Words) -> None:
        super().__init__()
        self._office = office
        self._reception = office.reception
        self._inquiries = office.inquiries
        self._wants_form = False
        self._words = words
        self._typing = ""
        self._ids: list[int] = []
        said = {
            "title": words("reception.window"),
            "keys": [[key, words(word)] for key, word in KEYS],
            "labels": {name: words(word) for name, word in FORM.items()},
        }
        self._frame = StageWindow("reception/Reception.qml", SIZE, said, lambda: None)
        self._window = self._frame.window
        self._window.pressed.connect(self._press)  # type: ignore[attr-defined]
        self._window.entered.connect(self._enter)  # type: ignore[attr-defined]
        self._window.chosenChanged.connect(self._choose)  # type: ignore[attr-defined]
        self._window.searched.connect(self._search)  # type: ignore[attr-defined]
        self._reception.listeners.append(self._refresh)
        self._refresh()
        self._window.show()

    def close(self) -> None:
        """Take it down."""
        self._reception.listeners.remove(self._refresh)
        self._frame.close()

    def drive(self, key: str, path: str) -> str:
        """Press a key by its Qt name, then save a picture; each where it is not empty.

        Gives the reception number of the visit that is chosen, empty before there is one.
        """
        if key:
            code, none = getattr(Qt.Key, f"Key_{key}"), Qt.KeyboardModifier.NoModifier
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QGuiApplication.sendEvent(self._window, QKeyEvent(kind, code, none))
        if path:
            self._frame.grab(path)
        visit = self._chosen
        return visit.answer.reception_number if visit is not None and visit.answer is not None else ""

    @property
    def _chosen(self) -> Visit | None:
        place = self._window.property("chosen")
        if not 0 <= place < len(self._ids):
            return None
        with suppress(OutOfOrder):
            return self._reception.visit(self._ids[place])
        return None

    def _refresh(self) -> None:
        """The one that was chosen stays chosen, wherever it moves."""
        visits = self._reception.visits
        words, before = self._words, self._chosen
        self._ids = [visit.id for visit in visits]
        self._window.setProperty("heading", self._heading(len(visits)))
        self._window.setProperty("news", words(self._inquiries.news) if self._inquiries.news else "")
        self._window.setProperty("searching", self._wants_form and self._inquiries.term is not None)
        self._window.setProperty("rows", [shown.row(visit, words) for visit in visits])
        if before is not None and before.id in self._ids:
            self._window.setProperty("chosen", self._ids.index(before.id))
        trouble = self._office.trouble
        self._window.setProperty("trouble", words(TROUBLES[trouble]) if trouble else "")
        counted = shown.counts(self._reception.counts, words)
        self._window.setProperty("footer", words("reception.footer", counts=counted))
        self._choose()

    @Slot()
    def _choose(self) -> None:
        visit = self._chosen
        zone = datetime.now().astimezone().tzinfo
        back = self._inquiries.line_is_back
        self._window.setProperty("hints", shown.hints(visit, self._words, line_is_back=back) if visit else [])
        self._window.setProperty("facts", shown.facts(visit, self._words, zone) if visit else [])

    @Slot(str)
    def _press(self, key: str) -> None:
        visit = self._chosen
        if self._inquiries.news:
            self._inquiries.say("")  # it was read
        if key == "Escape":
            self._type("", "")
            self._show_form(False)
        elif key == "F8":
            self._show_form(not self._wants_form or self._inquiries.term is None)
        elif key == "F9":
            self._inquiries.end_disaster()
        elif key == "F10":
            self._end_day()
        elif visit is not None:
            self._deed(key, visit)

    def _deed(self, key: str, visit: Visit) -> None:
        if key == "F2":
            self._type("reception.type_note", visit.note)
        elif key == "F3":
            self._type("reception.type_name", visit.name)
        elif key == "F4":
            self._do(lambda: self._reception.settle(visit.id))
        elif key == "F5":
            self._inquiries.again(visit.id)
        elif key == "F6":
            self._inquiries.later(visit.id)
        elif key == "Delete":
            self._do(lambda: self._reception.forget(visit.id))

    @Slot(str)
    def _enter(self, text: str) -> None:
        visit, typing = self._chosen, self._typing
        self._type("", "")
        if visit is None:
            return
        if typing == "reception.type_note":
            self._do(lambda: self._reception.annotate(visit.id, text))
        else:
            self._do(lambda: self._reception.show_as(visit.id, text))

    @Slot(str, str, str, str)
    def _search(self, name: str, birth: str, sex: str, address: str) -> None:
        """Whole and well-formed, or it is said; the form is closed, so that nothing typed stays."""
        try:
            items = four_items(name, birth, sex, address)
        except ValueError:
            self._inquiries.say("reception.form_wrong")
            return
        self._show_form(False)
        self._inquiries.search(items)

    def _show_form(self, wanted: bool) -> None:
        """The form is there with the commission's permission only, which is asked for first."""
        self._wants_form = wanted
        if wanted and self._inquiries.term is None:
            self._inquiries.open_disaster()
        self._refresh()

    def _heading(self, count: int) -> str:
        term = self._inquiries.term
        if term is None:
            return self._words("reception.heading", count=count)
        until = self._words.moment(term.until, datetime.now().astimezone().tzinfo)
        return self._words("reception.disaster_heading", words=term.words, until=until)

    def _type(self, word: str, text: str) -> None:
        self._typing = word
        self._window.setProperty("typed", text)
        self._window.setProperty("typing", self._words(word) if word else "")

    def _end_day(self) -> None:
        """Only when nobody is at the desk any more."""
        if all(shown.is_over(visit) for visit in self._reception.visits):
            self._reception.end_day()

    def _do(self, deed: Callable[[], None]) -> None:
        """Say so where it cannot be done now."""
        try:
            deed()
        except OutOfOrder:
            self._window.setProperty("trouble", self._words("reception.not_now"))


def four_items(name: str, birth: str, sex: str, address: str) -> wire.FourItems:
    """As they were typed, with single spaces. Raises ValueError when something is missing or no day."""
    spoken, lives = " ".join(name.split()), " ".join(address.split())
    digits = unicodedata.normalize("NFKC", birth)
    if not (spoken and lives and sex and digits.isdecimal()):
        raise ValueError("an item is missing")
    return wire.FourItems(name=spoken, address=lives, birth_date=date.fromisoformat(digits), sex=sex)

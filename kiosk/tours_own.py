"""わたしの情報: asked of the holders, one answer read, all of it printed, and gone."""

from __future__ import annotations

from kiosk.tour import Read, Step
from kiosk.tours_common import BEGIN, END, visit

READING = (
    Step("own_information.start", ("1",)),
    Step("own_information", ("Return",)),
    Step("own_information.one", ("3",)),
    Step("own_information.one", (Read(0.5), "2")),
)
"""Shown after 表示する, for the television is watched in company."""
PRINTING = (
    Step("own_information.sure", ("1",)),
    Step("taking_home", ("1",)),
    Step("taking_home.done", ("Return",)),
    Step("own_information.cleared", ("Return",)),
)
OWN = (*BEGIN, *visit("stb", "own_information", *READING, *PRINTING), *END)

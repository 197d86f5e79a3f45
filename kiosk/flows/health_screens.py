"""The screens of the health book. Every figure is private."""

from __future__ import annotations

from datetime import timedelta

from backend_client import wire
from kiosk.desk import Desk
from kiosk.screens import Band, Chart, Choice, Confirm, Detail, Digits, Fact, ItemList, Menu, Point, Row, Tick
from kiosk.words import Text, private

ADD = "add"
WEEK = timedelta(days=7)
SHOWN = 14
"""Points of a chart: two weeks of steps, one week of readings in the morning and in the evening."""
USUAL_BELOW = (135, 85)
"""Of readings at home, upper and lower. Source: guidelines of the Japanese Society of Hypertension."""
BANDS = (Band(50, USUAL_BELOW[1]), Band(90, USUAL_BELOW[0]))
LITTLE, MUCH = 0.03, 0.15
"""From which part of last week's steps on it is a little more or less, and more or less."""
NOON, EVENING = 11, 17
"""Hours at which they begin."""


def menu(desk: Desk, parts: tuple[str, ...]) -> Menu:
    words = desk.words
    choices = tuple(Choice(part, words(f"health.{part}"), words(f"health.{part}_detail")) for part in parts)
    return Menu(name="health", title=words("health.title"), choices=choices, back=True)


def _ticks(desk: Desk, marks: range) -> tuple[Tick, ...]:
    return tuple(Tick(mark, desk.words("health.number", value=mark)) for mark in marks)


def _private(lines: tuple[Text, ...]) -> tuple[Text, ...]:
    return tuple(map(private, lines))


def _back(desk: Desk) -> Choice:
    return Choice("back", desk.words("action.back"))


# --- steps ------------------------------------------------------------------------------------------------------------


def steps(desk: Desk, told: wire.Steps) -> Chart:
    words, days = desk.words, told.days[-SHOWN:]
    return Chart(
        name="health.steps",
        title=words("health.steps"),
        sentences=_steps_sentences(desk, told),
        points=tuple(
            Point(
                words("health.axis_day", at=one.day),
                private(words("health.steps_point", day=words.day(one.day), steps=one.steps)),
                (float(one.steps),),
            )
            for one in days
        ),
        ticks=_ticks(desk, _step_marks(max((one.steps for one in days), default=0))),
        actions=(_back(desk),),
    )


def _steps_sentences(desk: Desk, told: wire.Steps) -> tuple[Text, ...]:
    """Compare the seven days before today with the seven before those, where there are some of both."""
    last = [one.steps for one in told.days if told.today - WEEK <= one.day < told.today]
    before = [one.steps for one in told.days if told.today - 2 * WEEK <= one.day < told.today - WEEK]
    if not told.days:
        return desk.words.lines("health.steps_none")
    if not last or not sum(before):
        return _private(desk.words.lines("health.steps_few", mean=_mean([one.steps for one in told.days[-SHOWN:]])))
    change = (sum(last) / len(last)) / (sum(before) / len(before)) - 1
    return _private(desk.words.lines(f"health.steps_{_compared(change)}", mean=_mean(last)))


def _compared(change: float) -> str:
    if abs(change) < LITTLE:
        return "same"
    return ("much_" if abs(change) >= MUCH else "") + ("more" if change > 0 else "less")


def _mean(figures: list[int]) -> int:
    return round(sum(figures) / len(figures))


def _step_marks(most: int) -> range:
    """At most four, of round numbers, from 0 to above the highest bar."""
    unit = next(unit for unit in (1_000, 2_500, 5_000, 10_000, 25_000, 50_000) if 3 * unit >= most or unit == 50_000)
    return range(0, max(3 * unit, most + unit - 1) + 1, unit)


# --- blood pressure ---------------------------------------------------------------------------------------------------


def pressure(desk: Desk, readings: tuple[wire.BloodPressure, ...]) -> Chart:
    words, shown = desk.words, readings[-SHOWN:]
    return Chart(
        name="health.pressure",
        title=words("health.pressure"),
        sentences=_pressure_sentences(desk, shown),
        points=_pressure_points(desk, shown),
        lines=(words("health.upper"), words("health.lower")) if shown else (),
        ticks=_ticks(desk, _pressure_marks(shown)),
        bands=BANDS if shown else (),
        band=words("health.usual") if shown else "",
        actions=(Choice(ADD, words("health.add")), _back(desk)),
    )


def _pressure_points(desk: Desk, readings: tuple[wire.BloodPressure, ...]) -> tuple[Point, ...]:
    """A day stands below its first reading alone."""
    words, points, day = desk.words, [], None
    for one in readings:
        at = one.at.astimezone(desk.now().tzinfo)
        part = words(f"health.{'morning' if at.hour < NOON else 'noon' if at.hour < EVENING else 'night'}")
        text = words("health.pressure_point", day=words.day(at), part=part, upper=one.upper, lower=one.lower)
        label = "" if at.date() == day else words("health.axis_day", at=at.date())
        points.append(Point(label, private(text), (float(one.upper), float(one.lower))))
        day = at.date()
    return tuple(points)


def _pressure_sentences(desk: Desk, readings: tuple[wire.BloodPressure, ...]) -> tuple[Text, ...]:
    if not readings:
        return desk.words.lines("health.pressure_none")
    upper, lower = _mean([one.upper for one in readings]), _mean([one.lower for one in readings])
    usual = upper < USUAL_BELOW[0] and lower < USUAL_BELOW[1]
    key = "health.pressure_usual" if usual else "health.pressure_high"
    return _private(desk.words.lines(key, upper=upper, lower=lower))


def _pressure_marks(readings: tuple[wire.BloodPressure, ...]) -> range:
    lowest = min(40, *(one.lower // 40 * 40 for one in readings), 40)
    highest = max(160, *(-(-one.upper // 40) * 40 for one in readings), 160)
    unit = 40 if highest <= 160 else 80
    return range(lowest, highest + unit, unit)


def typing(desk: Desk, which: str) -> Digits:
    words = desk.words
    return Digits(
        name=f"health.{which}",
        title=words(f"health.{which}_title"),
        hint=words(f"health.{which}_hint"),
        unit=words("health.mmhg"),
        length_min=2,
        length_max=3,
    )


def sure(desk: Desk, new: wire.NewBloodPressure) -> Confirm:
    words = desk.words
    return Confirm(
        name="health.sure",
        title=words("health.sure_title", upper=new.upper, lower=new.lower),
        lines=words.lines("health.sure_lines"),
        yes=words("health.sure_yes"),
        no=words("health.sure_no"),
    )


# --- check-ups --------------------------------------------------------------------------------------------------------


def check_ups(desk: Desk, told: tuple[wire.CheckUp, ...]) -> ItemList:
    words = desk.words
    return ItemList(
        name="health.check_ups",
        title=words("health.check_ups"),
        rows=tuple(
            Row(str(n), words.full_day(one.day), above=one.place, below=_outcome(desk, one), facts=_facts(desk, one))
            for n, one in enumerate(told)
        ),
        corner=words("health.corner", count=len(told)) if told else "",
        empty=words("health.check_ups_empty"),
        preview_title=words("health.check_ups_preview"),
    )


def check_up(desk: Desk, one: wire.CheckUp) -> Detail:
    words = desk.words
    advice = () if all(item.within for item in one.items) else (private(words("health.outside_advice")),)
    return Detail(
        name="health.check_up",
        title=words.full_day(one.day),
        subtitle=one.place,
        summary=(_outcome(desk, one), *advice),
        facts=_facts(desk, one),
        actions=(_back(desk),),
    )


def _outcome(desk: Desk, one: wire.CheckUp) -> Text:
    outside = sum(not item.within for item in one.items)
    return private(desk.words("health.some_outside", count=outside) if outside else desk.words("health.all_usual"))


def _facts(desk: Desk, one: wire.CheckUp) -> tuple[Fact, ...]:
    return tuple(Fact(item.name, private(_value(desk, item))) for item in one.items)


def _value(desk: Desk, item: wire.CheckUpItem) -> Text:
    words, value = desk.words, f"{item.value:g}"
    if item.least is None and item.most is None:
        return words("health.item_plain", value=value, unit=item.unit)
    key = "health.item_usual" if item.within else "health.item_outside"
    return words(key, value=value, unit=item.unit, range=_range(desk, item))


def _range(desk: Desk, item: wire.CheckUpItem) -> Text:
    least, most = f"{item.least:g}" if item.least is not None else "", f"{item.most:g}" if item.most is not None else ""
    if least and most:
        return desk.words("health.range_both", least=least, most=most)
    return desk.words("health.range_least", least=least) if least else desk.words("health.range_most", most=most)

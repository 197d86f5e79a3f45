"""One life event told to several bodies at once: the questions, whom to tell, what will be signed, one password.

What is asked and of whom stands in the portal's data; the portal keeps the answers, so that nothing is lost when a
card, the line or the password fails.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

from backend_client import wire
from kiosk.desk import Back, Desk
from kiosk.flows.asking import ask, working
from kiosk.flows.questions import answer, said
from kiosk.flows.signing import Sheet, sign
from kiosk.screens import Choice, Consent, ConsentItem, Detail, Fact, Mark, Menu, Result

GO_ON, ANEW = "go_on", "anew"
ADVISED, CHOOSE = "advised", "choose"
SIGN, CHANGE = "sign", "change"


@dataclass(slots=True)
class Telling:
    """What is known so far."""

    event: wire.LifeEvent
    answers: dict[str, str] = field(default_factory=dict)
    receivers: tuple[str, ...] = ()


async def draft_of(desk: Desk, event: str) -> wire.Draft | None:
    """What the portal has kept of an event that was begun. Raises Back, StartAgain."""
    known = await ask(desk, working(desk, "procedures.loading", "procedures.loading"), desk.backend.applications)
    return next((draft for draft in known.drafts if draft.event == event), None)


async def tell_of(desk: Desk, event_id: str, draft: wire.Draft | None) -> None:
    """From the first question, or from where the person stopped, to the number of the application. Raises Back."""
    loading = working(desk, "procedures.loading", "procedures.loading")
    event = await ask(desk, loading, lambda: desk.backend.life_event(event_id))
    telling = Telling(event)
    if draft is not None and await desk.show(_go_on(desk, event)) == GO_ON:
        telling = Telling(event, dict(draft.answers), draft.receivers)
    else:
        await _fill_in(desk, telling)
    await _send(desk, telling)


async def _fill_in(desk: Desk, telling: Telling) -> None:
    """Ask everything in order; 戻る goes one question back, and at the first one out."""
    questions = telling.event.questions
    step = 0
    while step <= len(questions):
        try:
            if step < len(questions):
                telling.answers[questions[step].id] = await answer(desk, questions[step], _steps(desk))
            else:
                telling.receivers = await _receivers(desk, telling.event)
            step += 1
        except Back:
            if step == 0:
                raise
            step -= 1


async def _receivers(desk: Desk, event: wire.LifeEvent) -> tuple[str, ...]:
    """Those advised, or chosen one by one; at least one. Raises Back."""
    if await desk.show(_whom(desk, event)) == ADVISED:
        return tuple(one.id for one in event.receivers if one.advised)
    while not (chosen := await desk.show(_choose(desk, event))):
        await desk.show(_nobody(desk))
    return tuple(one.id for one in event.receivers if one.id in chosen)


async def _send(desk: Desk, telling: Telling) -> None:
    """Show what will be signed, sign and send; 戻る from the password comes back here, with everything kept."""
    while True:
        draft = await _save(desk, telling)
        if await desk.show(_what_is_signed(desk, telling)) == CHANGE:
            with suppress(Back):
                await _fill_in(desk, telling)
            continue
        with suppress(Back):
            sent = await _sign_and_submit(desk, telling, draft.id)
            break
    with suppress(Back):
        await desk.show(_done(desk, telling.event, sent))
        await desk.show(_tasks(desk, telling.event))


async def _sign_and_submit(desk: Desk, telling: Telling, draft_id: str) -> wire.Application:
    sheets = tuple(_sheet(desk, telling, draft_id, one) for one in telling.receivers)
    submission = wire.Submission(draft=draft_id, papers=await sign(desk, sheets, _steps(desk)))
    screen = working(desk, "move.sending", "move.sending")
    return await ask(desk, screen, lambda: desk.backend.submit(submission))


async def _save(desk: Desk, telling: Telling) -> wire.Draft:
    draft = wire.DraftSave(event=telling.event.id, answers=telling.answers, receivers=telling.receivers)
    screen = working(desk, "move.keeping", "move.keeping")
    return await ask(desk, screen, lambda: desk.backend.save_draft(draft))


def _sheet(desk: Desk, telling: Telling, application: str, receiver: str) -> Sheet:
    event = telling.event
    content = wire.PaperContent(application=application, event=event.id, receiver=receiver, answers=telling.answers)
    name = next(one.name for one in event.receivers if one.id == receiver)
    lines = (("あて先", name), *((q.label, said(desk, q, telling.answers[q.id])) for q in event.questions))
    return Sheet(f"{event.title}の届け", tuple((str(label), str(value)) for label, value in lines), content)


# --- screens ----------------------------------------------------------------------------------------------------------


def _steps(desk: Desk) -> tuple[str, ...]:
    words = desk.words
    return words("move.step_answer"), words("move.step_check"), words("move.step_sign")


def _go_on(desk: Desk, event: wire.LifeEvent) -> Menu:
    words = desk.words
    return Menu(
        name="move.go_on",
        title=words("move.go_on_title", event=event.title),
        choices=(Choice(GO_ON, words("move.go_on")), Choice(ANEW, words("move.anew"))),
        back=True,
    )


def _whom(desk: Desk, event: wire.LifeEvent) -> Menu:
    words = desk.words
    names = "、".join(one.name for one in event.receivers if one.advised)
    return Menu(
        name="move.whom",
        title=words("move.whom_title"),
        choices=(
            Choice(ADVISED, words("move.advised"), names),
            Choice(CHOOSE, words("move.choose"), words("move.choose_detail")),
        ),
        steps=_steps(desk),
        back=True,
    )


def _choose(desk: Desk, event: wire.LifeEvent) -> Consent:
    words = desk.words
    return Consent(
        name="move.choose",
        title=words("move.whom_title"),
        lead=words("move.choose_lead"),
        items=tuple(ConsentItem(one.id, one.name, one.what) for one in event.receivers),
        yes=words("move.tell"),
        no=words("move.tell_not"),
        all_of_them=words("move.all_of_them"),
        only_chosen=words("move.only_chosen"),
        none_of_them=words("move.none_of_them"),
    )


def _nobody(desk: Desk) -> Result:
    words = desk.words
    return Result(
        name="move.nobody",
        title=words("move.nobody_title"),
        mark=Mark.CARE,
        lines=words.lines("move.nobody_lines"),
        actions=(Choice("back", words("action.back")),),
    )


def _what_is_signed(desk: Desk, telling: Telling) -> Detail:
    words, event = desk.words, telling.event
    names = {one.id: one.name for one in event.receivers}
    answers = (Fact(q.label, said(desk, q, telling.answers[q.id])) for q in event.questions)
    whom = (Fact(words("move.to", number=n), names[one]) for n, one in enumerate(telling.receivers, 1))
    return Detail(
        name="move.check",
        title=words("move.check_title", event=event.title),
        subtitle=words("move.check_lead", count=len(telling.receivers)),
        facts=(*answers, *whom),
        actions=(Choice(SIGN, words("move.sign")), Choice(CHANGE, words("move.change"))),
        steps=_steps(desk),
        step=1,
    )


def _done(desk: Desk, event: wire.LifeEvent, sent: wire.Application) -> Result:
    words = desk.words
    return Result(
        name="move.done",
        title=words("move.done_title", event=event.title),
        mark=Mark.GOOD,
        lines=words.lines("move.done_lines"),
        facts=(
            Fact(words("move.number"), sent.number),
            Fact(words("move.sent_to"), words("move.places", count=len(sent.parcels))),
        ),
        actions=(Choice("next", words("move.tasks")),),
    )


def _tasks(desk: Desk, event: wire.LifeEvent) -> Detail:
    """The check-list, with the one visit to the town hall first."""
    words = desk.words
    tasks = sorted(event.tasks, key=lambda task: not task.visit)
    return Detail(
        name="move.tasks",
        title=words("move.tasks_title"),
        facts=tuple(Fact(task.until, task.title) for task in tasks),
        actions=(Choice("back", words("action.back")),),
    )

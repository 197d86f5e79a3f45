"""Which certificates of the post box go along with an application: checked here before they are offered."""

from __future__ import annotations

from backend_client import wire
from backend_client.statements import NotGenuine, check_statement
from kiosk.desk import Desk
from kiosk.flows.asking import ask, working
from kiosk.screens import Choice, Consent, ConsentItem, Mark, Menu, Result

MOST = 5
"""The newest. So many ids fit into one answer."""


async def certificates(desk: Desk, question: wire.Question, steps: tuple[str, ...]) -> str:
    """Ask which; the answer is as the wire has it. Raises Back, StartAgain."""
    screen = working(desk, "move.looking_into_box", "move.looking_into_box")
    box = await ask(desk, screen, desk.backend.post_box)
    found = _offered(desk, question, box)
    if not found:
        await desk.show(_nothing(desk, question, steps))
        return wire.NO_CERTIFICATES
    if question.certificates is wire.StatementKind.ACCOUNT:
        return await desk.show(_one_of(desk, question, found, steps))
    chosen = await desk.show(_some_of(desk, question, found, steps))
    return " ".join(key for key in found if key in chosen) or wire.NO_CERTIFICATES


def in_words(desk: Desk, given: str) -> str:
    """An answer, in words for people."""
    if given == wire.NO_CERTIFICATES:
        return desk.words("move.no_certificates")
    return desk.words("move.certificates", count=len(given.split()))


def _offered(desk: Desk, question: wire.Question, box: wire.PostList) -> dict[str, wire.Statement]:
    """Genuine, of the right kind and in force; the newest first."""
    found: dict[str, wire.Statement] = {}
    for item in box.items:
        try:
            statement = check_statement(item)
        except NotGenuine:
            continue
        if statement.kind is question.certificates and desk.now() <= statement.valid_until and len(found) < MOST:
            found[item.id] = statement
    return found


def _which(statement: wire.Statement) -> str:
    """What tells one account from another: its last fact is the number. Not hidden: it is about to be signed."""
    return statement.facts[-1].value if statement.facts else statement.title


def _one_of(desk: Desk, question: wire.Question, found: dict[str, wire.Statement], steps: tuple[str, ...]) -> Menu:
    choices = tuple(Choice(key, _which(one), one.issuer_name) for key, one in found.items())
    none = Choice(wire.NO_CERTIFICATES, desk.words("move.no_account"), desk.words("move.no_account_detail"))
    return Menu(name=f"move.{question.id}", title=question.title, choices=(*choices, none), steps=steps, back=True)


def _some_of(desk: Desk, question: wire.Question, found: dict[str, wire.Statement], steps: tuple[str, ...]) -> Consent:
    words = desk.words
    return Consent(
        name=f"move.{question.id}",
        title=question.title,
        lead=words("move.along_lead"),
        items=tuple(ConsentItem(key, one.title, one.issuer_name) for key, one in found.items()),
        yes=words("move.along_yes"),
        no=words("move.along_no"),
        all_of_them=words("move.along_all"),
        only_chosen=words("move.along_chosen"),
        none_of_them=words("move.along_none"),
        steps=steps,
    )


def _nothing(desk: Desk, question: wire.Question, steps: tuple[str, ...]) -> Result:
    words = desk.words
    return Result(
        name="move.nothing_along",
        title=words("move.nothing_along_title", label=question.label),
        mark=Mark.CARE,
        lines=words.lines("move.nothing_along_lines"),
        actions=(Choice("next", words("move.nothing_along_next")),),
        steps=steps,
    )

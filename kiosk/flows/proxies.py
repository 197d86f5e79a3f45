"""家族・代理: who acts for whom. Each agrees with the own card and PIN, one after the other, by a number in between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from backend_client import wire
from backend_client.errors import Refused
from backend_client.wire import ProxyScope
from kiosk.desk import Back, Desk
from kiosk.flows.acting import act_for
from kiosk.flows.asking import ask, working
from kiosk.screens import Choice, Confirm, Consent, ConsentItem, Detail, Digits, Fact, ItemList, Mark, Menu, Result, Row

END, ACTS = "end", "acts"
TERMS = {"month": timedelta(days=30), "half": timedelta(days=182), "year": timedelta(days=365)}
KINDS = ("address", "household", "income", "care")
"""Of the law table, where a proxy's interest may be against the person's: 利益相反."""


async def proxies(desk: Desk, person: wire.SignedIn) -> wire.SignedIn:
    """Never returns by itself: raises Back when the person goes home, StartAgain."""
    while True:
        loading = working(desk, "proxies.loading", "proxies.loading")
        known = await ask(desk, loading, desk.backend.proxies)
        deed = DEEDS[await desk.show(_menu(desk))]
        with suppress(Back):
            await deed(desk, known)


# --- for the proxy ----------------------------------------------------------------------------------------------------


async def _act(desk: Desk, known: wire.ProxyList) -> None:
    mine = {proxy.id: proxy for proxy in known.proxies if proxy.acts_for}
    await act_for(desk, mine[await desk.show(_people(desk, tuple(mine.values())))])


async def _accept(desk: Desk, _known: wire.ProxyList) -> None:
    """Type the number, see what it is about, and agree or not."""
    code = await desk.show(_code(desk))
    looking = working(desk, "proxies.looking", "proxies.looking")
    offered = await ask(desk, looking, partial(_look, desk, code))
    if offered is None:
        await desk.show(_unknown(desk))
    elif await desk.show(_agree(desk, offered)):
        accepting = working(desk, "proxies.accepting", "proxies.looking")
        await ask(desk, accepting, partial(desk.backend.accept_offer, code))
        await desk.show(_done(desk, "accepted"))


async def _look(desk: Desk, code: str) -> wire.ProxyOffered | None:
    try:
        return await desk.backend.look_at_offer(code)
    except Refused as refused:
        if refused.code != "not_found":
            raise
    return None


# --- for the person ---------------------------------------------------------------------------------------------------


async def _offer(desk: Desk, _known: wire.ProxyList) -> None:
    """What, until when, what not; then a number for the proxy."""
    wanted = await _wanted(desk)
    scopes = tuple(scope for scope in ProxyScope if scope.value in wanted)
    hidden = await desk.show(_hidden(desk)) if ProxyScope.RECORDS in scopes else frozenset()
    until = desk.now() + TERMS[await desk.show(_term(desk))]
    offer = wire.ProxyOffer(scopes=scopes, until=until, hidden=tuple(sorted(hidden)))
    if await desk.show(_sure(desk, offer)):
        screen = working(desk, "proxies.offering", "proxies.loading")
        code = await ask(desk, screen, partial(desk.backend.offer_proxy, offer))
        await desk.show(_number(desk, code, until))


async def _wanted(desk: Desk) -> frozenset[str]:
    """Raises Back where nothing is wanted."""
    wanted = await desk.show(_scopes(desk))
    if not wanted:
        raise Back
    return wanted


# --- for both ---------------------------------------------------------------------------------------------------------


async def _list(desk: Desk, known: wire.ProxyList) -> None:
    chosen = await desk.show(_all(desk, known))
    if chosen == ACTS:
        await desk.show(_acts(desk, known))
        return
    proxy = next(one for one in known.proxies if one.id == chosen)
    if await desk.show(_detail(desk, proxy)) == END and await desk.show(_really(desk, proxy)):
        screen = working(desk, "proxies.ending", "proxies.loading")
        await ask(desk, screen, partial(desk.backend.end_proxy, proxy.id))
        await desk.show(_done(desk, "ended"))


DEEDS: dict[str, Callable[[Desk, wire.ProxyList], Awaitable[None]]] = {
    "act": _act,
    "offer": _offer,
    "accept": _accept,
    "list": _list,
}
"""By their names on the menu."""


# --- screens ----------------------------------------------------------------------------------------------------------


def _menu(desk: Desk) -> Menu:
    words = desk.words
    choices = tuple(Choice(deed, words(f"proxies.{deed}"), words(f"proxies.{deed}_detail")) for deed in DEEDS)
    return Menu(name="proxies", title=words("proxies.title"), choices=choices, back=True)


def _people(desk: Desk, mine: tuple[wire.Proxy, ...]) -> ItemList:
    words = desk.words
    rows = tuple(row_of(desk, one) for one in mine)
    return ItemList(
        name="proxies.people", title=words("proxies.people_title"), rows=rows, empty=words("proxies.nobody")
    )


def row_of(desk: Desk, proxy: wire.Proxy) -> Row:
    """Somebody to act for: until when, as what, and what may be done."""
    return Row(proxy.id, proxy.name, below=_until(desk, proxy.until), facts=_facts(desk, proxy))


def _code(desk: Desk) -> Digits:
    words = desk.words
    return Digits(
        name="proxies.code",
        title=words("proxies.code_title"),
        hint=words("proxies.code_hint"),
        length_min=8,
        length_max=8,
        pattern="####-####",
    )


def _unknown(desk: Desk) -> Result:
    words = desk.words
    return Result(
        name="proxies.unknown",
        title=words("proxies.unknown_title"),
        mark=Mark.BAD,
        lines=words.lines("proxies.unknown_lines"),
        actions=(Choice("back", words("action.back")),),
    )


def _agree(desk: Desk, offered: wire.ProxyOffered) -> Confirm:
    words = desk.words
    what = _named(desk, offered.scopes)
    return Confirm(
        name="proxies.agree",
        title=words("proxies.agree_title", name=offered.name),
        lines=(*what, _until(desk, offered.until), *words.lines("proxies.agree_lines")),
        yes=words("proxies.agree_yes"),
        no=words("proxies.agree_no"),
        here_only=True,
    )


def _scopes(desk: Desk) -> Consent:
    words = desk.words
    return Consent(
        name="proxies.scopes",
        title=words("proxies.scopes_title"),
        lead=words("proxies.scopes_lead"),
        items=tuple(
            ConsentItem(one.value, words(f"proxies.{one.value}"), words(f"proxies.{one.value}_detail"))
            for one in ProxyScope
        ),
        yes=words("proxies.may"),
        no=words("proxies.may_not"),
        all_of_them=words("proxies.all"),
        only_chosen=words("proxies.chosen"),
        none_of_them=words("proxies.none"),
    )


def _hidden(desk: Desk) -> Consent:
    words = desk.words
    return Consent(
        name="proxies.hidden",
        title=words("proxies.hidden_title"),
        lead=words("proxies.hidden_lead"),
        items=tuple(ConsentItem(kind, words(f"proxies.kind_{kind}"), "") for kind in KINDS),
        yes=words("proxies.hide"),
        no=words("proxies.show"),
        all_of_them=words("proxies.hide_all"),
        only_chosen=words("proxies.hide_chosen"),
        none_of_them=words("proxies.hide_none"),
    )


def _term(desk: Desk) -> Menu:
    words = desk.words
    choices = tuple(Choice(term, words(f"proxies.term_{term}")) for term in TERMS)
    return Menu(name="proxies.term", title=words("proxies.term_title"), choices=choices, back=True)


def _sure(desk: Desk, offer: wire.ProxyOffer) -> Confirm:
    words = desk.words
    return Confirm(
        name="proxies.sure",
        title=words("proxies.sure_title"),
        lines=(*_named(desk, offer.scopes), _until(desk, offer.until)),
        yes=words("proxies.sure_yes"),
        no=words("proxies.sure_no"),
        mark=Mark.CARE,
        here_only=True,
    )


def _number(desk: Desk, code: wire.ProxyCode, until: datetime) -> Result:
    words = desk.words
    return Result(
        name="proxies.number",
        title=words("proxies.number_title", number=f"{code.code[:4]} {code.code[4:]}"),
        mark=Mark.GOOD,
        lines=words.lines("proxies.number_lines", minutes=code.lifetime_s // 60),
        facts=(Fact(words("proxies.end_day"), words.full_day(until)),),
        actions=(Choice("back", words("action.back")),),
    )


def _all(desk: Desk, known: wire.ProxyList) -> ItemList:
    words = desk.words
    rows = [
        Row(one.id, _who(desk, one), below=_until(desk, one.until), facts=_facts(desk, one)) for one in known.proxies
    ]
    if known.acts:
        rows.append(Row(ACTS, words("proxies.acts")))
    return ItemList(name="proxies.list", title=words("proxies.list"), rows=tuple(rows), empty=words("proxies.nobody"))


def _acts(desk: Desk, known: wire.ProxyList) -> Detail:
    words, zone = desk.words, desk.now().tzinfo
    return Detail(
        name="proxies.acts",
        title=words("proxies.acts"),
        facts=tuple(
            Fact(
                words.moment(act.at, zone),
                words("proxies.act_line", name=act.name, what=words(f"proxies.{act.scope.value}")),
            )
            for act in known.acts
        ),
        actions=(Choice("back", words("action.back")),),
    )


def _detail(desk: Desk, proxy: wire.Proxy) -> Detail:
    words = desk.words
    return Detail(
        name="proxies.proxy",
        title=_who(desk, proxy),
        facts=_facts(desk, proxy),
        actions=(Choice("back", words("action.back")), Choice(END, words("proxies.end"))),
    )


def _really(desk: Desk, proxy: wire.Proxy) -> Confirm:
    words = desk.words
    return Confirm(
        name="proxies.really",
        title=words("proxies.really_title"),
        lines=(_who(desk, proxy), *words.lines("proxies.really_lines")),
        yes=words("proxies.end"),
        no=words("proxies.go_on"),
    )


def _done(desk: Desk, what: str) -> Result:
    words = desk.words
    return Result(
        name=f"proxies.{what}",
        title=words(f"proxies.{what}_title"),
        mark=Mark.GOOD,
        lines=words.lines(f"proxies.{what}_lines"),
        actions=(Choice("back", words("action.back")),),
    )


def _who(desk: Desk, proxy: wire.Proxy) -> str:
    return desk.words("proxies.i_act" if proxy.acts_for else "proxies.acts_for_me", name=proxy.name)


def _facts(desk: Desk, proxy: wire.Proxy) -> tuple[Fact, ...]:
    words = desk.words
    return (
        Fact(words("proxies.kind"), words(f"proxies.kind_{proxy.kind.value}")),
        *(Fact(words("proxies.scope"), name) for name in _named(desk, proxy.scopes)),
        Fact(words("proxies.end_day"), words.full_day(proxy.until.astimezone(desk.now().tzinfo))),
    )


def _named(desk: Desk, scopes: tuple[ProxyScope, ...]) -> tuple[str, ...]:
    return tuple(desk.words(f"proxies.{scope.value}") for scope in scopes)


def _until(desk: Desk, until: datetime) -> str:
    return desk.words("acting.until", day=desk.words.full_day(until.astimezone(desk.now().tzinfo)))

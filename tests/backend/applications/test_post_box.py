"""The electronic post box: certificates as signed data, checked by whoever holds them, sent on by their holder."""

from __future__ import annotations

from base64 import b64decode, b64encode

import msgspec
import pytest
from backend_kit import Clock, problem
from conftest import Applicant

from backend_client import wire
from backend_client.statements import NotGenuine, check_statement
from backend_stub.town import Town

CITY, CARE = "midori-city", "midori-care"


@pytest.fixture
async def item(hanako: Applicant, town: Town) -> wire.PostItem:
    """A certificate of the city's in Hanako's post box."""
    await hanako.send(CITY)
    await town.work()
    (item,) = (await hanako.box()).items
    return item


async def test_a_certificate_is_checked_where_it_is_shown(item: wire.PostItem) -> None:
    statement = check_statement(item)
    assert (statement.issuer, statement.holder) == (CITY, "見本 花子")
    assert statement.valid_until > statement.issued_at
    forged = b64encode(
        b64decode(item.certificate.statement).replace("2026年12月1日".encode(), "2026年12月2日".encode())
    ).decode()
    with pytest.raises(NotGenuine):
        check_statement(
            msgspec.structs.replace(item, certificate=msgspec.structs.replace(item.certificate, statement=forged))
        )


async def test_it_is_sent_on_and_the_sending_is_shown(hanako: Applicant, item: wire.PostItem) -> None:
    for _ in range(2):
        assert (await hanako.post("/post-sendings", wire.SendOn(item=item.id, receiver=CARE))).status_code == 204
    assert (await hanako.box()).items[0].sent_to == (CARE,)


async def test_one_too_old_is_not_taken(hanako: Applicant, item: wire.PostItem, clock: Clock) -> None:
    clock.turn(days=91)
    await hanako.come_in()
    answer = await hanako.post("/post-sendings", wire.SendOn(item=item.id, receiver=CARE))
    assert problem(answer) == (409, "content_wrong")


async def test_nobody_sends_to_who_takes_none(hanako: Applicant, item: wire.PostItem) -> None:
    answer = await hanako.post("/post-sendings", wire.SendOn(item=item.id, receiver="mihon-kokuho"))
    assert problem(answer) == (404, "not_found")

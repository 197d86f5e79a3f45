"""わたしの情報: fetched from the holders through the gateway, read by nobody on the way, kept by nobody."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import httpx
import msgspec
import pytest
from backend_kit import Cards, Machine, Visitor, problem, unplug
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from test_portal_record_pages import page

from backend_client import wire
from backend_client.errors import Broken
from backend_client.own_information import Asking, OwnInformation
from backend_client.wire.gateway import READER_DOMAIN
from backend_stub.commission.checks import PORTAL
from backend_stub.people import Resident
from backend_stub.town import Town, body_folder

PENSION = {"基礎年金番号": "9900-000001", "年金の種類": "老齢", "1年の額": "1,740,000円", "納めた月数": "480"}
KEY = b64encode(bytes(range(32))).decode()


@pytest.fixture
async def adult(people: httpx.AsyncClient, card: Cards) -> Visitor:
    adult = Visitor(people, card("adult"))
    await adult.come_in()
    return adult


@pytest.fixture
async def clients(town: Town, residents: tuple[Resident, ...]) -> Town:
    """Every agency knows its clients."""
    for agency in town.agencies.values():
        await agency.enrol_all({one.id: one.items for one in residents if agency.file.serves(one.id)})
    return town


def with_needle(data: Path, needle: bytes) -> set[Path]:
    """The folders with a file in which it stands."""
    return {path.parent for path in data.rglob("*") if path.is_file() and needle in path.read_bytes()}


async def ask(visitor: Visitor, law: str, key: str = KEY) -> httpx.Response:
    return await visitor.post("/own-information", wire.OwnRequest(law=law, key=key))


async def fetch(visitor: Visitor, law: str) -> OwnInformation:
    asking = Asking()
    answer = await ask(visitor, law, asking.key)
    return asking.open(msgspec.json.decode(answer.content, type=wire.OwnAnswer))


async def test_whom_one_may_ask(adult: Visitor) -> None:
    told = msgspec.json.decode((await adult.get("/own-information/holders")).content, type=wire.OwnHolders).holders
    assert {one.law for one in told} >= {"own-address", "own-pension", "own-care", "own-employment", "own-child"}
    pension = next(one for one in told if one.law == "own-pension")
    assert (pension.holder, pension.kind_english, pension.kind_easy) == ("みほん年金機構", "pension", "年金の 情報")


@pytest.mark.usefixtures("clients")
async def test_what_is_held_arrives_with_its_age(adult: Visitor) -> None:
    pension = await fetch(adult, "own-pension")
    assert (pension.outcome, pension.payload) == (wire.Outcome.PROVIDED, PENSION)
    assert str(pension.data_as_of) == "2026-10-15"
    assert (await fetch(adult, "own-address")).payload["氏名"] == "見本 花子"


@pytest.mark.usefixtures("clients")
async def test_each_fetch_is_told_as_the_persons_own(adult: Visitor) -> None:
    await fetch(adult, "own-pension")
    (told,) = (await page(adult)).records
    assert told.sentence == "みほん年金機構 の持つ あなたの年金の情報を、あなたが見ました。"
    assert told.reason == "あなたが 自分で見るため"
    assert told.record.basis == "本人の求め（番号法 附則 マイ・ポータル）"
    assert told.english == "You looked at your information (pension) at Mihon Pension Service. You looked yourself."


@pytest.mark.usefixtures("clients")
async def test_what_was_fetched_is_kept_by_nobody(adult: Visitor, data: Path) -> None:
    """The holder has it before and after; on its way it is in no other body's files, and in no answer unsealed."""
    asking = Asking()
    answer = await ask(adult, "own-pension", asking.key)
    assert asking.open(msgspec.json.decode(answer.content, type=wire.OwnAnswer)).payload == PENSION
    await adult.post("/sign-out", None)
    needles = [PENSION["1年の額"].encode(), PENSION["基礎年金番号"].encode(), b"1,740,000"]
    assert not any(needle in answer.content for needle in needles)
    holder = body_folder(data, "mihon-pension")
    assert with_needle(data, needles[2]) == {holder}


@pytest.mark.usefixtures("clients")
async def test_a_holder_without_anything_says_so_and_leaves_no_record(adult: Visitor) -> None:
    assert problem(await ask(adult, "own-child")) == (404, "no_data")
    assert (await page(adult)).records == ()


@pytest.mark.usefixtures("clients")
async def test_one_holder_that_is_down_keeps_the_others_from_nothing(adult: Visitor, town: Town) -> None:
    unplug(town, "/agencies/mihon-pension")
    assert problem(await ask(adult, "own-pension")) == (502, "peer_unavailable")
    assert (await fetch(adult, "own-income")).payload["合計所得金額"] == "1,640,000円"


async def test_a_protected_person_hears_no_automatic_answer(
    adult: Visitor, town: Town, residents: tuple[Resident, ...]
) -> None:
    city = town.agencies["midori-city"]
    register = city.file.register
    assert register is not None
    city.file = msgspec.structs.replace(city.file, register=msgspec.structs.replace(register, withheld=("adult",)))
    await city.enrol_all({one.id: one.items for one in residents})
    told = await fetch(adult, "own-address")
    assert told == OwnInformation(wire.Outcome.NO_AUTOMATIC_ANSWER, None, {})
    (record,) = (await page(adult)).records
    assert record.sentence.startswith("みどり市 市民課 の持つ あなたの住民の情報を、あなたがたずねました。")


@pytest.mark.usefixtures("clients")
async def test_another_key_opens_nothing(adult: Visitor) -> None:
    answer = msgspec.json.decode((await ask(adult, "own-pension", Asking().key)).content, type=wire.OwnAnswer)
    with pytest.raises(Broken):
        Asking().open(answer)


@pytest.mark.usefixtures("clients")
@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("!" * 44, "content_wrong"),
        (b64encode(bytes(31)).decode(), "content_wrong"),
        (b64encode(bytes(32)).decode(), "not_allowed"),
    ],
    ids=["no Base64", "too short", "of low order"],
)
async def test_a_key_that_is_none(adult: Visitor, key: str, code: str) -> None:
    assert problem(await ask(adult, "own-pension", key))[1] == code


async def test_only_the_persons_own_session_asks(adult: Visitor, people: httpx.AsyncClient) -> None:
    adult.session = ""
    assert problem(await ask(adult, "own-pension")) == (401, "session_unknown")
    assert problem(await adult.get("/own-information/holders")) == (401, "session_unknown")


@pytest.mark.usefixtures("clients")
async def test_the_portal_asks_under_no_other_law(adult: Visitor) -> None:
    assert problem(await ask(adult, "return-pension")) == (403, "law_forbids")


def reader(key: Ed25519PrivateKey) -> wire.Reader:
    raw = bytes(range(32))
    return wire.Reader(key=KEY, signature=b64encode(key.sign(READER_DOMAIN + raw)).decode())


@pytest.mark.usefixtures("clients")
async def test_an_agency_has_nobody_read_in_its_place(machine: Machine) -> None:
    asked = wire.ExchangeRequest(
        law="return-address", symbol="00", commitment=KEY, reader=reader(Ed25519PrivateKey.generate())
    )
    answer = await machine("midori-tax").post("/gateway/exchanges", content=msgspec.json.encode(asked))
    assert problem(answer) == (409, "content_wrong")
    asked = wire.ExchangeRequest(law="own-address", symbol="00", commitment=KEY)
    answer = await machine("portal").post("/gateway/exchanges", content=msgspec.json.encode(asked))
    assert problem(answer) == (409, "content_wrong")


@pytest.mark.usefixtures("clients")
@pytest.mark.parametrize(("requester", "forged"), [(PORTAL, True), (PORTAL, False), ("midori-tax", True)])
async def test_the_gateway_puts_in_no_key_of_its_own(machine: Machine, requester: str, forged: bool) -> None:
    """Neither one that the portal has not signed, nor none at all, nor one for an agency."""
    asked = wire.ProvideRequest(
        transaction_number="-".join(["26B1"] * 8),
        symbol="00" * 33,
        kind="pension",
        fields=("年金の種類",),
        requester=requester,
        reader=reader(Ed25519PrivateKey.generate()) if forged else None,
    )
    answer = await machine("gateway").post("/agencies/mihon-pension/provide", content=msgspec.json.encode(asked))
    assert problem(answer) == (403, "not_allowed")

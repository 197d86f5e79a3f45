"""Corporate numbers: public, searched by the three basic items, never given twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from authority_kit import Office, open_office
from backend_kit import Clock
from stdnum.jp import cn

from backend_client.wire import Companies, Company, CompanyChange, CompanyEntry, CompanySearch
from backend_stub.people import Resident, load_companies

REGISTRAR = "midori-tax"


async def search(office: Office, **wanted: object) -> Companies:
    """As anybody does."""
    answer: Companies = await office.ask("", "/company-searches", CompanySearch(**wanted), Companies)  # type: ignore[arg-type]
    return answer


async def names(office: Office, **wanted: object) -> list[str]:
    return [one.name for one in (await search(office, **wanted)).companies]


async def test_everybody_may_search_by_each_item_and_by_all(office: Office) -> None:
    (life,) = (await search(office, name="みほん生命")).companies
    assert cn.is_valid(life.number)
    assert await names(office, number=life.number) == ["みほん生命保険株式会社"]
    assert await names(office, address="れいじ市") == ["れいじ市", "合同会社例示工房"]
    assert await names(office, name="みほん", address="見本町二丁目") == ["みほん生命保険株式会社"]
    assert await names(office, name="みほん", number="1" * 13) == []
    assert len((await search(office)).companies) == len(load_companies())


@pytest.mark.parametrize("name", ["高見本商店", "髙見本商店", "ﾐﾎﾝｹｰﾌﾞﾙ", "みほん ケーブル", "有限会社高見本"])
async def test_however_it_is_written(office: Office, name: str) -> None:
    assert len(await names(office, name=name)) == 1


@pytest.mark.parametrize("name", ["%", "_", "\\", "' OR 1=1 --"])
async def test_signs_of_the_database_are_only_signs(office: Office, name: str) -> None:
    assert await names(office, name=name) == []


async def test_pages(office: Office) -> None:
    everything, after = [], ""
    while True:
        page = await search(office, after=after, limit=3)
        everything += [one.number for one in page.companies]
        after = page.next
        if not after:
            break
    assert everything == sorted(set(everything))
    assert len(everything) == len(load_companies())


async def register(office: Office, name: str, registry_number: str = "") -> Company:
    entry = CompanyEntry(name=name, address="みほん県みどり市試験ヶ丘1番", registry_number=registry_number)
    company: Company = await office.ask(REGISTRAR, "/companies", entry, Company)
    return company


async def test_the_number_is_made_of_the_registry_number_and_never_given_again(office: Office) -> None:
    new = await register(office, "株式会社試験", "990009000017")
    assert new.number[1:] == "990009000017"
    assert cn.is_valid(new.number)
    await office.ask(REGISTRAR, "/company-changes", CompanyChange(number=new.number, closed_because="合併"), Company)
    again = CompanyEntry(name="別の会社", address="みほん県", registry_number="990009000017")
    assert await office.refused(REGISTRAR, "/companies", again) == "not_possible"
    (still,) = (await search(office, number=new.number)).companies
    assert (still.name, still.closed_because) == ("株式会社試験", "合併")
    assert still.closed_on is not None


async def test_bodies_without_a_registry_number_get_one_that_no_registry_has(office: Office) -> None:
    made = {(await register(office, f"見本町内会{n}")).number for n in range(20)}
    assert len(made) == 20
    assert all(number[1:5] == "7000" and cn.is_valid(number) for number in made)
    entry = CompanyEntry(name="試験", address="みほん県", registry_number="700012345678")
    assert await office.refused(REGISTRAR, "/companies", entry) == "content_wrong"
    for taken in ("12345678901", "1234567890123", "１２３４５６７８９０１２", "abcdefghijkl"):
        entry = CompanyEntry(name="試験", address="みほん県", registry_number=taken)
        assert await office.refused(REGISTRAR, "/companies", entry) == "bad_request"


async def test_the_number_stays_when_name_and_place_change_and_closed_is_closed(
    office: Office, data: Path, residents: tuple[Resident, ...], clock: Clock
) -> None:
    (life,) = (await search(office, name="みほん生命")).companies
    change = CompanyChange(number=life.number, name="みほん新生命株式会社", address="みほん県れいじ市例示通9番")
    changed: Company = await office.ask(REGISTRAR, "/company-changes", change, Company)
    assert (changed.number, changed.registered_on) == (life.number, life.registered_on)
    again = open_office(data, residents, clock)
    assert await names(again, name="新生命") == ["みほん新生命株式会社"]
    assert await names(again, name="みほん生命保険") == [], "the file does not bring the old name back"
    (closed,) = (await search(office, name="見本商店")).companies
    assert closed.closed_because == "清算の結了"
    change = CompanyChange(number=closed.number, name="再開")
    assert await office.refused(REGISTRAR, "/company-changes", change) == "not_possible"
    assert await office.refused(REGISTRAR, "/company-changes", CompanyChange(number="1")) == "not_found"


async def test_only_the_registrar_writes(office: Office) -> None:
    entry, change = CompanyEntry(name="試験", address="みほん県"), CompanyChange(number="1", name="試験")
    for machine, code in (("", "machine_unknown"), ("midori-care", "not_allowed"), ("portal", "not_allowed")):
        assert await office.refused(machine, "/companies", entry) == code
        assert await office.refused(machine, "/company-changes", change) == code


@pytest.mark.parametrize("wanted", [{"limit": 0}, {"limit": 101}, {"name": "x" * 201}, {"number": 5}])
async def test_searches_out_of_bounds(office: Office, wanted: dict[str, object]) -> None:
    assert await office.refused("", "/company-searches", wanted) == "bad_request"

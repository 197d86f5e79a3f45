"""Sign-ins that come together: written in one commit, each told of the one before it, none into a blocked folder."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from backend_kit import START, Cards, Visitor, problem
from postgres import Cluster
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from backend_client.wire import LastSignIn
from backend_stub.body import Refusal
from backend_stub.database import open_database
from backend_stub.portal.sign_ins import SignIns
from backend_stub.portal.tables import TABLES, folders


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    if request.param == "postgresql":
        cluster: Cluster = request.getfixturevalue("cluster")
        name = f"sign-ins-{tmp_path.name}"
        cluster.create(name)
        url = cluster.url(name)
    engine = open_database(url, TABLES)
    with engine.begin() as connection:
        for name in ("hanako", "taro"):
            values = {"id": name, "symbol": name, "name": name, "handle": name, "opened_at": START}
            connection.execute(folders.insert().values(values))
    yield engine
    engine.dispose()


def count_commits(sign_ins: SignIns, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    sizes: list[int] = []
    real = sign_ins._group._commit

    def counted(group: object) -> object:
        sizes.append(len(group))  # type: ignore[arg-type]
        return real(group)  # type: ignore[arg-type]

    monkeypatch.setattr(sign_ins._group, "_commit", counted)
    return sizes


async def test_each_is_told_of_the_one_before_it(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_ins = SignIns(engine)
    sizes = count_commits(sign_ins, monkeypatch)
    visits = [("hanako", "0"), ("hanako", "1"), ("taro", "2"), ("hanako", "3"), ("taro", "4"), ("hanako", "5")]
    told = await asyncio.gather(
        *(sign_ins.note(who, place, START + timedelta(seconds=int(place))) for who, place in visits)
    )
    assert sizes == [6]
    assert [one and one.place for one in told] == [None, "0", None, "1", "2", "3"]
    assert told[-1] is not None
    assert told[-1].at == START + timedelta(seconds=3)
    later = await sign_ins.note("hanako", "6", START + timedelta(seconds=6))
    assert later is not None
    assert (later.place, later.at) == ("5", START + timedelta(seconds=5))
    assert [one.place for one in sign_ins.page("hanako", 0).sign_ins] == ["6", "5", "3", "1", "0"]
    await sign_ins.close()


async def test_a_blocked_folder_is_not_entered_and_the_others_are(engine: Engine) -> None:
    sign_ins = SignIns(engine)
    with engine.begin() as connection:
        connection.execute(folders.update().where(folders.c.id == "taro").values(blocked_at=START))
    told = await asyncio.gather(
        *(sign_ins.note(who, "p", START) for who in ("hanako", "taro", "gone", "hanako")), return_exceptions=True
    )
    assert [one.code if isinstance(one, Refusal) else "in" for one in told] == [
        "in", "folder_blocked", "folder_blocked", "in",
    ]  # fmt: skip
    assert [len(sign_ins.page(who, 0).sign_ins) for who in ("hanako", "taro", "gone")] == [2, 0, 0]
    with pytest.raises(Refusal, match="folder_blocked"):
        await sign_ins.note("taro", "p", START)
    await sign_ins.close()


async def test_what_is_not_kept_lets_nobody_in(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_ins = SignIns(engine)

    def full(_group: object) -> list[None]:
        raise OperationalError("", None, Exception("full"))

    with monkeypatch.context() as patch:
        patch.setattr(sign_ins._group, "_commit", full)
        told = await asyncio.gather(*(sign_ins.note("hanako", "p", START) for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in told] == 3 * [OperationalError]
    assert await sign_ins.note("hanako", "p", START) is None
    await sign_ins.close()


async def test_a_folder_blocked_before_the_commit_is_not_entered(
    people: httpx.AsyncClient, card: Cards, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder, other = (Visitor(people, card("adult")) for _ in range(2))
    await holder.come_in()
    real = SignIns.note

    async def late(self: SignIns, folder_id: str, place: str, now: datetime) -> LastSignIn | None:
        assert (await holder.post("/blocks", {})).status_code == 204
        return await real(self, folder_id, place, now)

    monkeypatch.setattr(SignIns, "note", late)
    assert problem(await other.sign_in()) == (403, "folder_blocked")


async def test_a_folder_blocked_after_the_commit_shows_nothing(
    people: httpx.AsyncClient, card: Cards, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder, other = (Visitor(people, card("adult")) for _ in range(2))
    await holder.come_in()
    real = SignIns.note

    async def early(self: SignIns, folder_id: str, place: str, now: datetime) -> LastSignIn | None:
        told = await real(self, folder_id, place, now)
        assert (await holder.post("/blocks", {})).status_code == 204
        return told

    monkeypatch.setattr(SignIns, "note", early)
    assert (await other.sign_in()).json()["kind"] == "signed_in"
    assert problem(await other.get("/notices")) == (401, "session_unknown")

"""Files in, files out: the common way, what is wrong, and folders in trouble. Kills: test_kills.py."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.handover.exchange import Unanswered
from kiosk.handover.folders import Folders, FolderTrouble, Trouble
from kiosk.handover.shapes import Message
from kiosk.handover.tree import read, write
from kiosk.handover.watch import LONGEST_S, watch
from tests.handover.office import HEADER, NOW, REQUESTS, RESULT, Office, written

GOLDEN = Path(__file__).parent / "golden"
SEARCH_FILE, ANSWER_FILE = "OQSsiquc01req_A1.xml", "OQSsiquc01res_A1.xml"
REQUEST = written("OQSsiquc01req_", REQUESTS["OQSsiquc01req_"])


@pytest.mark.parametrize("encoding", ["utf-8", "shift_jis"])
@pytest.mark.parametrize("begin", list(REQUESTS))
async def test_every_request_has_its_documented_answer(office: Office, begin: str, encoding: str) -> None:
    office.put(f"{begin}A1.xml", written(begin, REQUESTS[begin], encoding))
    await office.steps()
    name = f"{begin.replace('req', 'res')}A1.xml"
    assert office.all_files() == {name}, "the request is gone, and nothing lies about"
    assert (office.res / name).read_bytes() == (GOLDEN / f"{begin.replace('req', 'res')}{encoding}.xml").read_bytes()
    assert office.insurer.asked == [(begin, REQUESTS[begin])]


async def test_the_answers_header(office: Office) -> None:
    office.put(SEARCH_FILE, REQUEST)
    await office.steps()
    answer = office.answer(ANSWER_FILE)
    assert answer.header == {
        "executed": "20261121090005",
        "day": "20261121",
        "facility": "9910000001",
        "file": "A1",
        "reference": "2",
        "segment": "1",
        "characters": "0",
    }
    assert answer.bodies == ({"status": "1", "validity": "1", "results": (RESULT,)},)


async def test_a_name_that_shift_jis_has_not_got(office: Office) -> None:
    office.insurer.changes = {"name": "見本﨑　太郎"}
    office.put(SEARCH_FILE, written("OQSsiquc01req_", REQUESTS["OQSsiquc01req_"], "shift_jis"))
    await office.steps()
    answer = office.answer(ANSWER_FILE)
    assert answer.header["characters"] == "1"
    assert answer.bodies[0]["results"][0]["name"] == "見本●　太郎"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "MDG001"),
        (REQUEST[:-30], "MDG001"),
        (b"x" * 5_000_000, "MDG001"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]>' + REQUEST, "MDG001"),
        (REQUEST.replace(b"UTF-8", b"UTF-16"), "MDG001"),
        (REQUEST.replace(b"Birthdate", b"Deathdate"), "MDG002"),
        (written("OQSmuquc02req_", REQUESTS["OQSmuquc02req_"]), "MDG002"),
    ],
)
async def test_a_wrong_file_has_an_error_file(office: Office, content: bytes, code: str) -> None:
    office.put(SEARCH_FILE, content)
    await office.steps()
    answer = office.answer(ANSWER_FILE)
    assert (answer.header["segment"], answer.header["error_code"]) == ("9", code)
    assert answer.header["error_message"]
    assert answer.header["file"] == "A1"
    assert answer.bodies == ()
    assert office.insurer.asked == []
    assert office.all_files() == {ANSWER_FILE}


async def test_nobody_can_answer(office: Office) -> None:
    office.insurer.fault = Unanswered("MDG010", "the line is down")
    office.put(SEARCH_FILE, REQUEST)
    await office.steps()
    header = office.answer(ANSWER_FILE).header
    assert (header["segment"], header["error_code"], header["day"]) == ("9", "MDG010", HEADER["day"])


async def test_an_answer_that_has_no_place_is_an_error_file_too(office: Office) -> None:
    office.insurer.changes = {"nonsense": "1"}
    office.put(SEARCH_FILE, REQUEST)
    await office.steps()
    assert office.answer(ANSWER_FILE).header["error_code"] == "MDG003"


@pytest.mark.parametrize(
    "name",
    ["OQSsiquc01req_.xml", "OQSsiquc01req_あ.xml", "OQSsiquc01req_A1.xml.tmp", "other.xml", "OQSsiquc09req_A.xml"],
)
async def test_what_is_none_of_ours_is_left_alone(office: Office, name: str) -> None:
    office.put(name, REQUEST)
    (office.req / "OQSsiquc01req_D.xml").mkdir()
    await office.steps(3)
    assert office.all_files() == {name, "OQSsiquc01req_D.xml"}


async def test_what_is_being_written_is_waited_for(office: Office) -> None:
    for end in range(0, len(REQUEST), len(REQUEST) // 4):
        office.put(SEARCH_FILE, REQUEST[:end])
        await office.steps(1)
        assert office.all_files() == {SEARCH_FILE}
    office.put(SEARCH_FILE, REQUEST)
    await office.steps(2)
    assert office.answer(ANSWER_FILE).header["segment"] == "1"


async def test_a_request_that_is_taken_back(office: Office) -> None:
    office.put(SEARCH_FILE, REQUEST)
    await office.steps(1)
    (office.req / SEARCH_FILE).unlink()
    await office.steps(2)
    assert office.all_files() == set()


async def test_the_same_name_again_waits_until_the_first_answer_is_fetched(office: Office) -> None:
    office.put(SEARCH_FILE, REQUEST)
    await office.steps()
    first = (office.res / ANSWER_FILE).read_bytes()
    office.now += timedelta(minutes=1)
    office.put(SEARCH_FILE, REQUEST)
    await office.steps()
    office.put(SEARCH_FILE, REQUEST)
    await office.steps(3)
    assert (office.res / ANSWER_FILE).read_bytes() == first
    seen = []
    for _ in range(2):
        (office.res / ANSWER_FILE).unlink()
        await office.steps(3)
        seen.append(office.answer(ANSWER_FILE).header["executed"])
    assert seen == ["20261121090105"] * 2
    assert office.all_files() == {ANSWER_FILE}


@pytest.mark.parametrize("days", [-1, 1])
async def test_clocks_that_are_wrong_by_a_day(office: Office, days: int) -> None:
    office.now += timedelta(days=days)
    office.put(SEARCH_FILE, REQUEST)
    theirs = (NOW - timedelta(days=days)).timestamp()
    os.utime(office.req / SEARCH_FILE, (theirs, theirs))
    await office.steps()
    assert office.answer(ANSWER_FILE).header["segment"] == "1"


def full(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def fsync(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fsync)


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (errno.ENOSPC, Trouble.FULL),
        (errno.EDQUOT, Trouble.FULL),
        (errno.EROFS, Trouble.READ_ONLY),
        (errno.EACCES, Trouble.READ_ONLY),
        (errno.ESTALE, Trouble.GONE),
        (errno.ENOTCONN, Trouble.GONE),
    ],
)
async def test_a_folder_in_trouble_and_well_again(office: Office, code: int, trouble: Trouble) -> None:
    office.put(SEARCH_FILE, REQUEST)
    await office.steps(1)
    with pytest.MonkeyPatch.context() as patch:
        full(patch, code)
        with pytest.raises(FolderTrouble) as caught:
            await office.steps(1)
        with pytest.raises(FolderTrouble):
            await office.exchange.push("1-1", Message({}, ({"status": "1"},)))
    assert caught.value.trouble is trouble
    assert office.all_files() == {SEARCH_FILE + ".taken"}, "no half of an answer is left"
    await office.steps(1)
    assert office.all_files() == {ANSWER_FILE}


@pytest.mark.parametrize("folder", ["req", "res"])
async def test_a_share_that_goes_away_and_comes_back(office: Office, folder: str, tmp_path: Path) -> None:
    office.put(SEARCH_FILE, REQUEST)
    await office.steps(1)
    (tmp_path / folder).rename(tmp_path / "away")
    with pytest.raises(FolderTrouble) as caught:
        await office.steps(1)
    assert caught.value.trouble is Trouble.GONE
    (tmp_path / "away").rename(tmp_path / folder)
    await office.steps(2)
    assert office.all_files() == {ANSWER_FILE}


async def test_what_a_card_brought_is_pushed(office: Office) -> None:
    message = Message(
        {"day": "20261121", "facility": "9910000001"}, ({"status": "1", "validity": "1", "results": (RESULT,)},)
    )
    name = await office.exchange.push("20261121-12", message, "shift_jis")
    assert name == "OQSsiquc01res_face_20261121-12_20261121090005.xml"
    assert office.all_files() == {name}
    content = (office.face / name).read_bytes()
    assert content == (GOLDEN / "OQSsiquc01res_face_shift_jis.xml").read_bytes()
    assert write(read(content)) == content


def test_what_a_kill_left_half_pushed_is_swept(office: Office) -> None:
    (office.face / ".OQSsiquc01res_face_1_20261121090005.xml.new").write_bytes(b"<half")
    (office.face / "theirs.xml").write_bytes(b"")
    office.folders.sweep()
    assert office.all_files() == {"theirs.xml"}


class Sleeps:
    """Time between two looks, as the watch asks for it; after the last of `deeds` it is cancelled."""

    def __init__(self, *deeds: object) -> None:
        self.asked: list[float] = []
        self._deeds = list(deeds)

    async def __call__(self, wait_s: float) -> None:
        self.asked.append(wait_s)
        if not self._deeds:
            raise asyncio.CancelledError
        deed = self._deeds.pop(0)
        if callable(deed):
            deed()


async def test_the_watch_backs_off_and_tells_each_change_once(office: Office, tmp_path: Path) -> None:
    told: list[Trouble | None] = []
    sleeps = Sleeps(
        lambda: office.put(SEARCH_FILE, REQUEST),
        None,
        None,
        lambda: (tmp_path / "req").rename(tmp_path / "away"),
        *[None] * 8,
        lambda: (tmp_path / "away").rename(tmp_path / "req"),
        None,
    )
    with pytest.raises(asyncio.CancelledError):
        await watch(office.exchange, told.append, sleeps)
    assert told == [Trouble.GONE, None]
    assert sleeps.asked[:4] == [0.4, 0.8, 0.2, 0.4]
    assert sleeps.asked[4:12] == [2, 4, 8, 16, LONGEST_S, LONGEST_S, LONGEST_S, LONGEST_S]
    assert office.all_files() == {ANSWER_FILE}


async def test_a_thousand_requests_leave_nothing_behind(office: Office) -> None:
    for number in range(1000):
        office.put(f"OQSsiquc01req_{number}.xml", REQUEST)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)  # what a disk does is not what is looked at here
        await office.steps()
    assert len(office.all_files()) == 1000
    shutil.rmtree(office.res)
    assert Folders(office.req, office.res, office.face).requests() == {}

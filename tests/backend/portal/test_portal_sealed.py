"""What lies in the portal's database: sealed, and opened by nobody who is not signed in."""

from __future__ import annotations

from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from backend_kit import Cards, Machine, Visitor, problem
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from sqlalchemy import create_engine, text

from backend_client.wire import (
    LETTER_DOMAIN,
    ActionCode,
    CounterRegistration,
    Document,
    DocumentFormat,
    Letter,
    NoticeAction,
    NoticeDraft,
    PartnerNotice,
    ShareNotice,
)
from backend_stub.portal.folder_keys import FolderKeys
from backend_stub.sealing import NotForUs, seal
from backend_stub.setups import body_folder
from backend_stub.town import Town

SECRETS = ("だいじな題名", "一行めの要約", "ほんぶんの中身", "ジケン番号", "ボタンの名前", "てんぷ.txt", "添付のなかみ")
TITLE, SUMMARY, BODY, CASE, LABEL, FILE, CONTENT = SECRETS
DRAFT = NoticeDraft(
    title=TITLE,
    summary=(SUMMARY,),
    body=BODY,
    case_id=CASE,
    message_id="m1",
    action=NoticeAction(action_code=ActionCode.REPLY, label=LABEL),
    documents=(
        Document(filename=FILE, encoding_format=DocumentFormat.TEXT, content=b64encode(CONTENT.encode()).decode()),
    ),
)
COVER = NoticeDraft(title=TITLE, summary=(), body="", message_id="m2")
LETTER = Letter(summary=(SUMMARY,), body=BODY, case_id=CASE)


class Sender:
    """A company that Hanako has let in."""

    def __init__(self, http: httpx.AsyncClient, handle: str, key: str) -> None:
        self.http = http
        self.handle = handle
        self.key = X25519PublicKey.from_public_bytes(b64decode(key))

    async def send(self, draft: NoticeDraft, sealed: bytes = b"") -> httpx.Response:
        notice = PartnerNotice(handle=self.handle, draft=draft, sealed=b64encode(sealed).decode())
        return await self.http.post("/portal/partner-notices", content=msgspec.json.encode(notice))

    def sealed(self, letter: Letter, message_id: str) -> bytes:
        return seal(msgspec.json.encode(letter), self.key, LETTER_DOMAIN + message_id.encode())


@pytest.fixture
async def hanako(people: httpx.AsyncClient, card: Cards) -> Visitor:
    visitor = Visitor(people, card("adult"))
    await visitor.come_in()
    return visitor


@pytest.fixture
async def sender(hanako: Visitor, machine: Machine) -> Sender:
    request = CounterRegistration(certificate=b64encode(hanako.card.der).decode(), partners=("mihon-life",))
    await machine("midori-city").post("/portal/counter-registrations", content=msgspec.json.encode(request))
    found = (await machine("mihon-life").get("/portal/partner-handles")).json()
    return Sender(machine("mihon-life"), found["handles"][0], found["keys"][0])


async def only_notice(visitor: Visitor) -> dict[str, Any]:
    (head,) = (await visitor.get("/notices")).json()["notices"]
    found: dict[str, Any] = (await visitor.get(f"/notices/{head['id']}")).json()
    return found


def on_disk(data: Path) -> bytes:
    """Every byte of the portal's database files."""
    files = [path for path in body_folder(data, "portal").iterdir() if path.name.startswith("portal.db")]
    assert files
    return b"".join(path.read_bytes() for path in files)


async def test_nothing_of_a_letter_lies_readable_on_the_disk(hanako: Visitor, sender: Sender, data: Path) -> None:
    assert (await sender.send(DRAFT)).status_code == 204
    notice = await only_notice(hanako)
    assert (notice["head"]["title"], notice["summary"], notice["body"]) == (TITLE, [SUMMARY], BODY)
    assert (notice["case_id"], notice["action"]["label"]) == (CASE, LABEL)
    (head,) = notice["documents"]
    assert (head["filename"], head["size"]) == (FILE, len(CONTENT.encode()))
    document = (await hanako.get(f"/notices/{notice['head']['id']}/documents/0")).json()
    assert b64decode(document["content"]).decode() == CONTENT
    raw = on_disk(data)
    assert "みほん生命".encode() in raw, "the sender is in clear: this is the right file"
    for secret in SECRETS:
        assert secret.encode() not in raw, secret
        assert b64encode(secret.encode()) not in raw, secret
        assert secret.encode("unicode_escape") not in raw, secret


async def test_a_sender_seals_by_itself_and_the_portal_stores_it_as_it_came(
    hanako: Visitor, sender: Sender, data: Path
) -> None:
    sealed = sender.sealed(LETTER, "m2")
    for _ in range(2):
        assert (await sender.send(COVER, sealed)).status_code == 204
    assert sealed in on_disk(data)
    notice = await only_notice(hanako)
    assert (notice["body"], notice["summary"], notice["head"]["title"]) == (BODY, [SUMMARY], TITLE)


@pytest.mark.parametrize("case", ["another context", "another key", "no letter", "not sealed"])
async def test_a_letter_that_cannot_be_opened_is_not_shown_and_not_counted_as_opened(
    hanako: Visitor, sender: Sender, case: str, town: Town, data: Path
) -> None:
    sealed = {
        "another context": sender.sealed(LETTER, "m9"),
        "another key": seal(msgspec.json.encode(LETTER), FolderKeys(data / "else")._letters("x").public_key(), b""),
        "no letter": seal(b"[]", sender.key, LETTER_DOMAIN + b"m2"),
        "not sealed": msgspec.json.encode(LETTER),
    }[case]
    assert (await sender.send(COVER, sealed)).status_code == 204
    (head,) = (await hanako.get("/notices")).json()["notices"]
    answer = await hanako.get(f"/notices/{head['id']}")
    assert problem(answer) == (409, "content_wrong")
    assert not (await hanako.get("/notices")).json()["notices"][0]["opened"]


async def test_what_is_sealed_does_not_stand_in_clear_beside_it(sender: Sender) -> None:
    sealed = sender.sealed(LETTER, "m2")
    for cover in (DRAFT, msgspec.structs.replace(COVER, body=BODY), msgspec.structs.replace(COVER, message_id="")):
        assert problem(await sender.send(cover, sealed)) == (409, "content_wrong")
    notice = {"handle": sender.handle, "draft": msgspec.to_builtins(COVER), "sealed": "%%%"}
    assert problem(await sender.http.post("/portal/partner-notices", json=notice)) == (409, "content_wrong")


async def test_only_who_is_signed_in_has_a_letter_opened(
    hanako: Visitor, sender: Sender, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    opening = FolderKeys.open_letter

    def open_letter(self: FolderKeys, folder_id: str, sealed: bytes, context: bytes) -> bytes:
        opened.append(folder_id)
        return opening(self, folder_id, sealed, context)

    monkeypatch.setattr(FolderKeys, "open_letter", open_letter)
    await sender.send(DRAFT)
    await town.work()
    (head,) = (await hanako.get("/notices")).json()["notices"]
    signed_in, hanako.session = hanako.session, ""
    assert problem(await hanako.get(f"/notices/{head['id']}"))[0] == 401
    assert opened == []
    hanako.session = signed_in
    await hanako.get(f"/notices/{head['id']}")
    assert len(opened) == 1
    assert (await hanako.post("/notice-shares", ShareNotice(notice=head["id"]))).status_code == 200
    assert len(opened) == 1


async def test_each_folder_has_a_key_and_the_database_is_worth_nothing_without_the_secret(
    hanako: Visitor, sender: Sender, data: Path, tmp_path: Path
) -> None:
    await sender.send(DRAFT)
    folder = body_folder(data, "portal")
    with create_engine(f"sqlite:///{folder / 'portal.db'}").connect() as connection:
        row = connection.execute(text("SELECT folder_id, letter, heading FROM notices")).one()
    keys, others = FolderKeys(folder), FolderKeys(tmp_path / "others")
    context = LETTER_DOMAIN + b"m1"
    assert BODY in keys.open_letter(row.folder_id, row.letter, context).decode()
    for key, whose in ((others, row.folder_id), (keys, "another")):
        with pytest.raises(NotForUs):
            key.open_letter(whose, row.letter, context)
        with pytest.raises(NotForUs):
            key.open_headings(whose, [row.heading])

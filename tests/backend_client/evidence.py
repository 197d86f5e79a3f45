"""A log of a few leaves made without the backend: somebody else's tree, and a key of its own."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

import msgspec
import pymerkle
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend_client.proof import OpenedRecord, TwoHeads
from backend_client.wire import (
    Consistency,
    ContentPart,
    Inclusion,
    LawWords,
    Leaf,
    ProvenRecord,
    ProviderPart,
    RequesterPart,
    SignedHead,
    canonical,
    commitment,
    edition,
)
from backend_client.wire.log import ProvenReceipt, signed_part

KEY = Ed25519PrivateKey.from_private_bytes(b"\x11" * 32)
PUBLIC = KEY.public_key().public_bytes_raw().hex()
SALT = b64encode(bytes(32)).decode()
REQUESTER = RequesterPart(department="国保年金課", terminal="窓口1", purpose="保険料の計算", salt=SALT)
PROVIDER = ProviderPart(department="個人課税", terminal="自動", salt=SALT)
CONTENT = ContentPart(payload={"合計所得金額": "1,640,000円"}, salt=SALT)
WORDS = LawWords(
    law="elderly-premium", basis="番号法 第19条第8号", requester="midori-city", requester_words="みどり市",
    provider="midori-tax", provider_words="みどり税務署", kind="income", kind_words="所得の情報",
    purpose="保険料の計算",
)  # fmt: skip


def _leaf(what: str, number: int, outcome: str, requester: str, provider: str, content: str) -> Leaf:
    return Leaf(
        version=1, what=what, number=f"{number:032x}", at="2026-11-21T00:00:00.000000Z", edition=edition(WORDS),
        transport="token", outcome=outcome, mark="", requester=requester, provider=provider, content=content,
    )  # fmt: skip


ASKED = _leaf("exchange", 3, "", commitment(REQUESTER).hex(), "", "")
RECEIPT = _leaf("receipt", 3, "provided", "", commitment(PROVIDER).hex(), commitment(CONTENT).hex())
LEAVES = [*(_leaf("exchange", i, "", "", "", "") for i in range(3)), ASKED, RECEIPT]
_TREE = pymerkle.InmemoryTree(algorithm="sha256")
for _one in LEAVES:
    _TREE.append_entry(canonical(_one))


def head(size: int, key: Ed25519PrivateKey = KEY) -> SignedHead:
    public = key.public_key().public_bytes_raw().hex()
    bare = SignedHead(size=size, root=_TREE.get_root(size).hex(), at="2026-11-21T00:00:01.000000Z", key=public,
                      signature="")  # fmt: skip
    return msgspec.structs.replace(bare, signature=b64encode(key.sign(signed_part(bare))).decode())


def _inclusion(index: int) -> Inclusion:
    """In the tree of five leaves: 0..3 are one complete subtree, 4 stands beside it."""
    first = [_TREE.get_leaf(i + 1) for i in range(4)]
    node = _node(first[0], first[1])
    path = {3: (first[2], node, _TREE.get_leaf(5)), 4: (_node(node, _node(first[2], first[3])),)}[index]
    return Inclusion(index=index, size=5, path=tuple(one.hex() for one in path))


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


RECORD = ProvenRecord(
    leaf=ASKED,
    words=WORDS,
    inclusion=_inclusion(3),
    head=head(5),
    receipt=ProvenReceipt(leaf=RECEIPT, inclusion=_inclusion(4)),
)
OPENED = OpenedRecord(record=RECORD, requester=REQUESTER, provider=PROVIDER, content=CONTENT)
TWO_HEADS = TwoHeads(old=head(4), new=head(5), consistency=Consistency(old=4, new=5, path=(_TREE.get_leaf(5).hex(),)))

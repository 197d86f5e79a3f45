"""A gateway's log of two exchanges, and what the commission has seen of it."""

from __future__ import annotations

from base64 import b64encode

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend_client import wire
from backend_client.proof import leaf_hash, node_hash
from backend_client.wire.log import signed_part

WORDS = wire.LawWords(
    law="elderly-premium",
    basis="番号法 別表 の事務",
    requester="midori-city",
    requester_words="みどり市 国保年金課",
    provider="midori-tax",
    provider_words="みどり税務署",
    kind="income",
    kind_words="所得の情報",
    purpose="保険料の計算",
)


class FakeLog:
    """Proves whatever is asked for. `forged`: the wording was changed; `apart`: the commission has seen another log."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.generate()
        self.forged = False
        self.apart = False
        first = _leaf("0")
        self._first = leaf_hash(first)
        self.witnessed = self._head(1, self._first)
        self.growth = wire.Consistency(old=1, new=2, path=())

    def proof(self, number: str) -> wire.ProvenRecord:
        leaf = _leaf(number.replace("-", "").lower())
        second = leaf_hash(leaf)
        path = (("00" * 32) if self.apart else second.hex(),)
        self.growth = wire.Consistency(old=1, new=2, path=path)
        return wire.ProvenRecord(
            leaf=leaf,
            words=msgspec.structs.replace(WORDS, purpose="ほかの目的") if self.forged else WORDS,
            inclusion=wire.Inclusion(index=1, size=2, path=(self._first.hex(),)),
            head=self._head(2, node_hash(self._first, second)),
        )

    def _head(self, size: int, root: bytes) -> wire.SignedHead:
        head = wire.SignedHead(
            size=size,
            root=root.hex(),
            at="2026-11-21T01:30:00.000000Z",
            key=self._key.public_key().public_bytes_raw().hex(),
            signature="",
        )
        return msgspec.structs.replace(head, signature=b64encode(self._key.sign(signed_part(head))).decode())


def _leaf(number: str) -> wire.Leaf:
    return wire.Leaf(
        version=1,
        what="exchange",
        number=number,
        at="2026-11-18T01:12:00.000000Z",
        edition=wire.edition(WORDS),
        transport="relay",
        outcome="provided",
        mark="",
        requester="",
        provider="",
        content="",
    )

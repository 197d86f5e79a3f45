"""What the tree hashes is RFC 8785, as somebody else's implementation writes it."""

from __future__ import annotations

import msgspec
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from log_kit import WORDS

from backend_client.wire import Leaf, SignedHead, canonical
from backend_client.wire.log import signed_part

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(TEXT, min_size=10, max_size=10), st.integers(0, 2**53 - 1))
def test_leaves_words_and_heads_are_written_canonically(texts: list[str], number: int) -> None:
    names = [name for name in Leaf.__struct_fields__ if name != "version"]
    leaf = Leaf(version=1, **dict(zip(names, texts, strict=True)))
    words = msgspec.structs.replace(WORDS, basis=texts[0], purpose_easy=texts[1])
    for message in (leaf, words):
        assert canonical(message) == rfc8785.dumps(msgspec.structs.asdict(message))
    head = SignedHead(size=number, root=texts[0], at=texts[1], key=texts[2], signature=texts[3])
    fields = msgspec.structs.asdict(head)
    del fields["signature"]
    assert signed_part(head) == rfc8785.dumps(fields)

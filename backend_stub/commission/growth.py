"""The gateway's tree computed once more, leaf by leaf, in the space of its height. Source: RFC 9162, section 2.1."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from backend_client.proof import node_hash


class Growth:
    """Takes leaf hashes in order; gives the root of all of them."""

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        self.size = 0
        self._peaks: list[bytes] = []
        """Roots of the complete subtrees, the largest first: one for each 1 in `size`."""
        for leaf_hash in leaf_hashes:
            self.add(leaf_hash)

    def add(self, leaf_hash: bytes) -> None:
        node, size = leaf_hash, self.size
        while size & 1:
            node, size = node_hash(self._peaks.pop(), node), size >> 1
        self._peaks.append(node)
        self.size += 1

    def copy(self) -> Growth:
        other = Growth()
        other.size, other._peaks = self.size, self._peaks.copy()
        return other

    def root(self) -> bytes:
        """The head of the leaves so far."""
        if not self._peaks:
            return sha256().digest()
        root, *rest = reversed(self._peaks)
        for peak in rest:
            root = node_hash(peak, root)
        return root

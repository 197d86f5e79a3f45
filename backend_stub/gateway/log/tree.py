"""The Merkle tree of RFC 9162 over SHA-256, in memory: 64 bytes a leaf.

Only complete subtrees are kept, and they never change: roots and proofs for a size that was reached may be asked for
while another thread appends. Source: RFC 9162, section 2.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

HASH_BYTES = 32


class Tree:
    """Leaf hashes go in by `extend`; roots and proofs of this size and of every earlier one come out."""

    def __init__(self) -> None:
        self.size = 0
        self._levels = [bytearray()]
        """Level n holds the roots of all complete subtrees of 2**n leaves, one after the other."""

    def extend(self, leaf_hashes: Iterable[bytes]) -> None:
        """Append leaves by their hashes."""
        levels, size = self._levels, self.size
        for leaf_hash in leaf_hashes:
            levels[0] += leaf_hash
            size += 1
            count, height = size, 0
            while not count & 1:
                parent = sha256(b"\x01" + levels[height][-2 * HASH_BYTES :]).digest()
                count, height = count >> 1, height + 1
                if height == len(levels):
                    levels.append(bytearray())
                levels[height] += parent
        self.size = size

    def root(self, size: int) -> bytes:
        """Compute the head of the first `size` leaves."""
        return self._root(0, size) if size else sha256().digest()

    def inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        """Prove leaf `index` in the tree of `size` leaves: hashes from the leaf upwards."""
        path, begin, end = [], 0, size
        while end - begin > 1:
            middle = _split(begin, end)
            if index < middle:
                path.append(self._root(middle, end))
                end = middle
            else:
                path.append(self._root(begin, middle))
                begin = middle
        return tuple(reversed(path))

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """Prove that the tree of `old` leaves is the beginning of that of `new`. 0 < old <= new."""
        path, begin, end = [], 0, new
        while end != old:
            middle = _split(begin, end)
            if old <= middle:
                path.append(self._root(middle, end))
                end = middle
            else:
                path.append(self._root(begin, middle))
                begin = middle
        if begin:
            path.append(self._root(begin, end))
        return tuple(reversed(path))

    def _root(self, begin: int, end: int) -> bytes:
        """Of leaves begin..end; `begin` is where a complete subtree as large as the left part starts."""
        width = end - begin
        if width & (width - 1) == 0:
            height = width.bit_length() - 1
            offset = (begin >> height) * HASH_BYTES
            return bytes(self._levels[height][offset : offset + HASH_BYTES])
        middle = _split(begin, end)
        return sha256(b"\x01" + self._root(begin, middle) + self._root(middle, end)).digest()


def _split(begin: int, end: int) -> int:
    """Where RFC 9162 divides: the largest power of two that is smaller than the whole."""
    return begin + (1 << (end - begin - 1).bit_length() - 1)

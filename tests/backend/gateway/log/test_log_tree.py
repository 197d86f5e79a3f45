"""The tree against an implementation that is not ours, and its proofs against the verifier that people hold."""

from __future__ import annotations

from hashlib import sha256

import pymerkle
import pytest

from backend_client.proof import NotInTheLog, NotTheSameLog, check_consistency, check_inclusion, leaf_hash
from backend_client.wire import Consistency, Inclusion, Leaf, SignedHead, canonical
from backend_stub.gateway.log.tree import Tree

SIZE = 70


def leaf(number: int) -> Leaf:
    empty = dict.fromkeys(("at", "edition", "transport", "outcome", "mark", "requester", "provider", "content"), "")
    return Leaf(version=1, what="exchange", number=f"{number:032x}", **empty)


LEAVES = [leaf(number) for number in range(SIZE)]


@pytest.fixture(scope="module")
def tree() -> Tree:
    tree = Tree()
    for one in LEAVES:
        tree.extend([leaf_hash(one)])
    return tree


@pytest.fixture(scope="module")
def oracle() -> pymerkle.InmemoryTree:
    oracle = pymerkle.InmemoryTree(algorithm="sha256")
    for one in LEAVES:
        oracle.append_entry(canonical(one))
    return oracle


def head(tree: Tree, size: int) -> SignedHead:
    return SignedHead(size=size, root=tree.root(size).hex(), at="", key="", signature="")


def shown(path: tuple[bytes, ...]) -> tuple[str, ...]:
    return tuple(node.hex() for node in path)


def test_the_root_of_every_size_is_that_of_another_implementation(tree: Tree, oracle: pymerkle.InmemoryTree) -> None:
    assert [tree.root(size) for size in range(1, SIZE + 1)] == [oracle.get_root(size) for size in range(1, SIZE + 1)]
    assert tree.root(0) == sha256().digest()


def test_many_at_once_give_the_same_tree_as_one_by_one(tree: Tree) -> None:
    at_once = Tree()
    at_once.extend(leaf_hash(one) for one in LEAVES[:40])
    at_once.extend(leaf_hash(one) for one in LEAVES[40:])
    assert [at_once.root(size) for size in range(SIZE + 1)] == [tree.root(size) for size in range(SIZE + 1)]


def test_every_leaf_is_proven_in_every_tree_it_is_in(tree: Tree, oracle: pymerkle.InmemoryTree) -> None:
    for size in range(1, SIZE + 1):
        for index in range(size):
            path = shown(tree.inclusion(index, size))
            check_inclusion(LEAVES[index], Inclusion(index=index, size=size, path=path), head(tree, size))
            theirs = oracle.prove_inclusion(index + 1, size).serialize()["path"]
            assert {*path, leaf_hash(LEAVES[index]).hex()} == set(theirs)


def test_every_tree_is_proven_to_be_the_beginning_of_every_later_one(tree: Tree) -> None:
    for new in range(1, SIZE + 1):
        for old in range(1, new + 1):
            proof = Consistency(old=old, new=new, path=shown(tree.consistency(old, new)))
            check_consistency(head(tree, old), head(tree, new), proof)


@pytest.mark.parametrize("size", [1, 2, 7, 8, 9, SIZE])
def test_no_leaf_is_proven_at_anothers_place_nor_by_another_path(tree: Tree, size: int) -> None:
    for index in range(size):
        path = shown(tree.inclusion(index, size))
        wrong = [
            (LEAVES[(index + 1) % SIZE], Inclusion(index=index, size=size, path=path)),
            (LEAVES[index], Inclusion(index=size, size=size, path=path)),
            (LEAVES[index], Inclusion(index=-1, size=size, path=path)),
            (LEAVES[index], Inclusion(index=index, size=size, path=(*path, "00" * 32))),
            (LEAVES[index], Inclusion(index=index, size=size, path=("zz" * 32, *path[1:]))),
            (LEAVES[index], Inclusion(index=index, size=size, path=("00", *path[1:]))),
        ]
        wrong += [(LEAVES[index], Inclusion(index=i, size=size, path=path)) for i in range(size) if i != index]
        wrong += [(LEAVES[index], Inclusion(index=index, size=size, path=path[:-1]))] if path else []
        for one, inclusion in wrong:
            with pytest.raises(NotInTheLog):
                check_inclusion(one, inclusion, head(tree, size))


def test_another_history_is_no_beginning(tree: Tree) -> None:
    other = Tree()
    other.extend(leaf_hash(one) for one in [*LEAVES[:5], leaf(999), *LEAVES[6:]])
    for old, new in ((6, 9), (8, 16), (7, 7), (20, SIZE)):
        for made_by in (tree, other):
            proof = Consistency(old=old, new=new, path=shown(made_by.consistency(old, new)))
            with pytest.raises(NotTheSameLog):
                check_consistency(head(tree, old), head(other, new), proof)


@pytest.mark.parametrize(("old", "new"), [(3, 7), (4, 8), (6, 8), (1, 2)])
def test_a_changed_consistency_proof_proves_nothing(tree: Tree, old: int, new: int) -> None:
    path = shown(tree.consistency(old, new))
    for wrong in (path[:-1], (*path, path[0]), path[::-1] if len(path) > 1 else (), ("00" * 32, *path[1:])):
        with pytest.raises(NotTheSameLog):
            check_consistency(head(tree, old), head(tree, new), Consistency(old=old, new=new, path=wrong))
    with pytest.raises(NotTheSameLog):
        check_consistency(head(tree, new), head(tree, old), Consistency(old=new, new=old, path=path))

"""What a person typed is wiped on every way out and shown on none."""

from __future__ import annotations

import copy
import pickle

import pytest

from drivers.secret import Secret


def typed(text: str, capacity: int = 16) -> Secret:
    secret = Secret(capacity)
    for sign in text:
        secret.add(ord(sign))
    return secret


def content(secret: Secret) -> bytes:
    target = bytearray(16)
    secret.copy_into(target, 0)
    return bytes(target).rstrip(b"\0")


def test_typing_and_taking_back() -> None:
    secret = typed("123")
    assert secret.drop_last()
    assert secret.add(ord("9"))
    assert (len(secret), content(secret)) == (3, b"129")


def test_a_full_buffer_takes_no_more() -> None:
    secret = typed("1234", capacity=4)
    assert not secret.add(ord("5"))
    assert content(secret) == b"1234"


def test_nothing_to_take_back() -> None:
    assert not Secret().drop_last()


def test_what_was_taken_back_is_gone_from_memory() -> None:
    secret = typed("12")
    secret.drop_last()
    assert bytes(secret._buffer) == b"1" + bytes(15)


def test_copying_to_an_offset() -> None:
    target = bytearray(8)
    typed("1234").copy_into(target, 2)
    assert bytes(target) == b"\0\x001234\0\0"


def test_wiped_at_the_end_of_its_block() -> None:
    with typed("1234") as secret:
        assert len(secret) == 4
    assert (len(secret), bytes(secret._buffer)) == (0, bytes(16))


def test_wiped_by_an_exception_too() -> None:
    secret = typed("1234")
    with pytest.raises(KeyError), secret:
        raise KeyError
    assert bytes(secret._buffer) == bytes(16)


def test_the_buffer_never_moves() -> None:
    secret = Secret()
    before = id(secret._buffer)
    for _ in range(20):
        secret.add(ord("1"))
    secret.wipe()
    assert id(secret._buffer) == before
    assert len(secret._buffer) == 16


def test_it_is_never_shown() -> None:
    secret = typed("1234")
    assert "1234" not in f"{secret} {secret!r} {[secret]}"


@pytest.mark.parametrize(
    "leak",
    [
        copy.copy,
        copy.deepcopy,
        pickle.dumps,
        hash,
        lambda secret: secret == typed("1234"),
        lambda secret: secret != typed("1234"),
    ],
)
def test_it_cannot_be_copied_or_compared(leak: object) -> None:
    assert callable(leak)
    with pytest.raises(TypeError):
        leak(typed("1234"))


def test_it_has_no_room_for_anything_else() -> None:
    with pytest.raises(AttributeError):
        Secret().note = "1234"  # type: ignore[attr-defined]

"""The access token's format: what the gateway makes, opened by the provider, and nothing else."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import timedelta
from secrets import token_bytes

import msgspec
import pytest
from backend_kit import START
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from backend_client.wire.gateway import shown
from backend_client.wire.token import (
    DOMAIN,
    Statement,
    TokenInvalid,
    TokenLate,
    seal_epoch,
    sign_together,
    verify_access_token,
)
from backend_stub.gateway.epochs import Epochs
from backend_stub.gateway.signing import SharedSignature
from backend_stub.machines import Machine

GATEWAY = Ed25519PrivateKey.generate()
PROVIDER = X25519PrivateKey.generate()
EPOCHS = Epochs({"midori-tax": Machine("midori-tax", "", frozenset(), GATEWAY.public_key(), PROVIDER.public_key())})


def stated(persons: int = 1, **changes: object) -> Statement:
    numbers, symbols = token_bytes(16 * persons), token_bytes(33 * persons)
    epoch = EPOCHS.of("midori-tax", START)
    nonce, sealed = epoch.seal(symbols, numbers)
    statement = Statement(
        version=1,
        law="elderly-premium",
        kind="income",
        fields=("年分",),
        requester="midori-city",
        provider="midori-tax",
        expires_ms=int((START + timedelta(minutes=1)).timestamp() * 1000),
        numbers=numbers,
        epoch=epoch.sealed_key,
        nonce=nonce,
        symbols=sealed,
    )
    return msgspec.structs.replace(statement, **changes)


def token_of(statement: Statement, key: Ed25519PrivateKey = GATEWAY) -> str:
    return sign_together([msgspec.msgpack.encode(statement)], key.sign)[0]


def opened(token: str, **changes: object) -> object:
    how = {
        "gateway_key": GATEWAY.public_key(),
        "sealing": PROVIDER,
        "provider": "midori-tax",
        "requester": "midori-city",
        "now": START,
    }
    return verify_access_token(token, **(how | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [*range(1, 18), 64, 65])
def test_each_of_many_tokens_under_one_signature_stands_alone(count: int) -> None:
    signatures = []

    def sign(content: bytes) -> bytes:
        signatures.append(GATEWAY.sign(content))
        return signatures[-1]

    statements = [stated() for _ in range(count)]
    tokens = sign_together([msgspec.msgpack.encode(statement) for statement in statements], sign)
    assert len(signatures) == 1
    for statement, token in zip(statements, tokens, strict=True):
        assert opened(token).numbers == (shown(statement.numbers),)  # type: ignore[attr-defined]


def test_the_signature_can_be_for_nothing_else() -> None:
    seen: list[bytes] = []

    def sign(content: bytes) -> bytes:
        seen.append(content)
        return bytes(64)

    sign_together([b"a", b"b"], sign)
    assert seen[0].startswith(DOMAIN)
    assert len(seen[0]) == len(DOMAIN) + 32


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_one_changed_bit_is_noticed(data: st.DataObject) -> None:
    tokens = sign_together([msgspec.msgpack.encode(stated()) for _ in range(3)], GATEWAY.sign)
    content = b64decode(tokens[data.draw(st.integers(0, 2))])
    bit = data.draw(st.integers(0, len(content) * 8 - 1))
    changed = int.from_bytes(content) ^ 1 << bit
    with pytest.raises(TokenInvalid):
        opened(b64encode(changed.to_bytes(len(content))).decode())


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda content: b64encode(content).decode()))
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(TokenInvalid):
        opened(text)


@pytest.mark.parametrize(
    "changes",
    [
        {"provider": "midori-city"},
        {"requester": "midori-care"},
        {"sealing": X25519PrivateKey.generate()},
        {"gateway_key": Ed25519PrivateKey.generate().public_key()},
        {"now": START - timedelta(seconds=31)},
    ],
)
def test_a_token_between_others_or_from_another_time_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(TokenInvalid):
        opened(token_of(stated()), **changes)


def test_a_token_lasts_a_minute() -> None:
    token = token_of(stated())
    for seconds in (-30, 0, 59.9):
        assert opened(token, now=START + timedelta(seconds=seconds))
    with pytest.raises(TokenLate):
        opened(token, now=START + timedelta(seconds=60))


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"numbers": bytes(16)},
        {"nonce": bytes(11) + b"\xff"},
        {"epoch": seal_epoch(bytes(16), "midori-city", PROVIDER.public_key())},
        {"epoch": seal_epoch(bytes(16), "midori-tax", PROVIDER.public_key())},
        {"epoch": b""},
    ],
)
def test_what_does_not_hang_together_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(TokenInvalid):
        opened(token_of(stated(**changes)))


def test_the_requester_cannot_read_the_symbols() -> None:
    epoch = EPOCHS.of("midori-tax", START)
    symbol = token_bytes(33)
    _, sealed = epoch.seal(symbol, b"")
    assert symbol not in sealed


def test_no_nonce_comes_twice_and_every_epoch_has_its_key() -> None:
    epoch = EPOCHS.of("midori-tax", START)
    assert EPOCHS.of("midori-tax", START + timedelta(minutes=9)) is epoch
    assert len({epoch.seal(b"", b"")[0] for _ in range(1000)}) == 1000
    assert EPOCHS.of("midori-tax", START + timedelta(minutes=10)).sealed_key != epoch.sealed_key


def test_tokens_that_are_on_the_way_together_share_a_signature() -> None:
    signed = []

    def sign(content: bytes) -> bytes:
        signed.append(content)
        return GATEWAY.sign(content)

    signature = SharedSignature(sign)
    statements = [msgspec.msgpack.encode(stated()) for _ in range(5)]
    tokens = [signature.token(one) for one in [signature.prepare(statement) for statement in statements]]
    assert len(signed) == 1
    assert all(opened(token) for token in tokens)
    assert len(set(tokens)) == len(statements)
    late = signature.prepare(statements[0])
    assert opened(signature.token(late))
    assert signature.token(late) == signature.token(late)
    assert len(signed) == 2

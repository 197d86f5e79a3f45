"""A phone without a browser, for tests of the box: it can do everything the page does, and everything it must not."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from stb_profile.phone import messages, sealing
from stb_profile.phone.box import Box, Event, Typed
from stb_profile.phone.messages import Answer, Hello, No, Return, Reveal, Welcome
from stb_profile.phone.sealing import KEY, Channel, derive, prove

PLAIN = msgspec.json.Decoder(Answer | Welcome | No)
SEALED = msgspec.json.Decoder(messages.FROM_BOX)
CERTIFICATE = sha256(b"the certificate of a test").digest()


class Home:
    """A box on a wire of lists, and a clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.events: list[Event] = []
        self.sent: dict[int, list[str | bytes]] = {}
        self.closed: list[int] = []
        self.digits: list[bytes] = []
        self.box = Box(self, self._told, lambda: self.now)
        self._last = 0

    def _told(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, Typed):
            self.digits.append(bytes(event.typed))  # they are wiped when this returns

    def send(self, connection: int, frame: str | bytes) -> None:
        self.sent[connection].append(frame)

    def close(self, connection: int) -> None:
        self.closed.append(connection)

    def connect(self) -> int:
        self._last += 1
        self.sent[self._last] = []
        self.box.came(self._last)
        return self._last

    def happened(self, kind: type[Event]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    def phone(self, fragment: str | None = None) -> Phone:
        """One that has read the QR, this or a new one."""
        return Phone(self, fragment if fragment is not None else self.box.invite(CERTIFICATE))

    def paired(self, *roles: messages.Role) -> Phone:
        phone = self.phone()
        phone.pair()
        self.box.admit(frozenset(roles))
        return phone


class Phone:
    def __init__(self, home: Home, fragment: str) -> None:
        said = parse_qs(fragment)
        self.once, self.certificate = (urlsafe_b64decode(said[name][0] + "==") for name in "ks")
        self.home, self.box = home, home.box
        self.private = X25519PrivateKey.generate()
        self.public = sealing.public_bytes(self.private)
        self.commitment = sha256(self.public).digest()
        self.connection = home.connect()
        self.check = ""

    # --- in the open --------------------------------------------------------------------------------------------------

    def say(self, word: messages.Plain) -> None:
        self.box.heard(self.connection, msgspec.json.encode(word).decode())

    def answer(self) -> Any:
        frame = self.home.sent[self.connection][-1]
        assert isinstance(frame, str)
        return PLAIN.decode(frame)

    def hello(self, once: bytes | None = None) -> None:
        self.say(Hello(self.commitment, prove(once or self.once, b"hello", self.commitment)))

    def pair(self) -> None:
        self.hello()
        answer = self.answer()
        sealing.check_proof(answer.proof, self.once, b"box", self.commitment, answer.public)
        self.agree(answer.public)
        self.say(Reveal(self.public))

    def agree(self, box_public: bytes) -> None:
        shared = self.private.exchange(X25519PublicKey.from_public_bytes(box_public))
        transcript = sha256(self.certificate + self.commitment + box_public + self.public).digest()
        made = derive(shared, self.once, b"keys", transcript, 3 * KEY + 8)
        self.returning = made[2 * KEY : 3 * KEY]
        self.check = f"{int.from_bytes(made[3 * KEY :]) % 10**6:06}"
        self.channel = Channel(made[KEY : 2 * KEY], made[:KEY])  # what comes in for the box goes out here

    def go_away(self) -> None:
        self.box.went(self.connection)

    def ask_back(self, nonce: bytes | None = None) -> str:
        """A new connection; returns the frame that asked for it."""
        self.connection = self.home.connect()
        self.nonce = nonce or secrets.token_bytes(16)
        asked = Return(self.nonce, prove(self.returning, b"return", self.nonce))
        self.say(asked)
        return msgspec.json.encode(asked).decode()

    def come_back(self) -> None:
        self.ask_back()
        welcome = self.answer()
        sealing.check_proof(welcome.proof, self.returning, b"welcome", self.nonce, welcome.nonce)
        keys = derive(self.returning, self.nonce + welcome.nonce, b"again", b"", 2 * KEY)
        self.channel = Channel(keys[KEY:], keys[:KEY])
        self.tell(messages.Here())

    # --- sealed -------------------------------------------------------------------------------------------------------

    def tell(self, message: messages.FROM_PHONE) -> bytes:
        return self.push(bytes((messages.SAID,)) + msgspec.json.encode(message))

    def type(self, screen: int, digits: bytes) -> bytes:
        return self.push(bytes((messages.TYPED,)) + screen.to_bytes(4) + digits)

    def push(self, plain: bytes) -> bytes:
        frame = self.channel.seal(plain)
        self.box.heard(self.connection, frame)
        return frame

    def heard(self) -> list[Any]:
        """Everything that came sealed over this connection and was not read before."""
        frames = [frame for frame in self.home.sent[self.connection] if isinstance(frame, bytes)]
        opened = [self.channel.open(frame) for frame in frames]
        self.home.sent[self.connection] = []
        return [SEALED.decode(bytes(plain[1:])) for plain in opened]

    @property
    def let_go(self) -> bool:
        return self.connection in self.home.closed

"""The machine of the commission's staff: it may ask for findings, reviews and disaster orders, and only here."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend_stub.keyfile import keep
from backend_stub.machines import Machine, Role

STAFF = "commission-staff"
KEY = "staff.key"


def staff_machine(folder: Path) -> Machine:
    """Read the staff's machine; its key is made at first start, and handed over as `staff.key` of the folder."""
    new = Ed25519PrivateKey.generate
    key = Ed25519PrivateKey.from_private_bytes(keep(folder / KEY, lambda: new().private_bytes_raw()))
    return Machine(STAFF, "第三者委員会 事務局", frozenset({Role.COMMISSION}), key.public_key())

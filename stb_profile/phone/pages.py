"""The page's files as the gate serves them, and the headers that keep the page to itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent / "page"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
PAIRING, HANDOVER, CLOSED = "pairing.html", "handover.html", "closed.html"


def files() -> dict[str, tuple[bytes, str]]:
    """Name -> contents and type. Read once: nothing a stranger says becomes a path."""
    return dict(_read())


def _read() -> Iterator[tuple[str, tuple[bytes, str]]]:
    for path in FOLDER.iterdir():
        if path.suffix in TYPES:
            yield path.name, (path.read_bytes(), f"{TYPES[path.suffix]}; charset=utf-8")


def headers(host: str) -> dict[str, str]:
    """`host` with its port. Safari does not take 'self' for a WebSocket, so that address is named."""
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "data:",
        "connect-src": f"'self' wss://{host}",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
    }
    return {
        "content-security-policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    }

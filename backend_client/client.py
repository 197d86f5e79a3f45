"""The kiosk's side of the wire, over httpx with TLS."""

from __future__ import annotations

from pathlib import Path

from backend_client import wire

DEADLINE_S = 10.0
"""How long one answer may take; people lose the thread after ten seconds (Nielsen, see shared ux reference 2.5)."""


class Backend:
    """One backend, one visit. Holds the portal session in memory; `close` forgets it.

    Every method raises BackendError leaves. Reads are tried once more on a fresh connection when the first was cut;
    anything that changes something is sent once.
    """

    def __init__(self, base_url: str, ca_file: Path, deadline_s: float = DEADLINE_S) -> None:
        raise NotImplementedError

    @property
    def origin(self) -> str:
        """scheme://host:port as this kiosk knows it, for the AuthToken; never taken from an answer."""
        raise NotImplementedError

    async def portal_challenge(self) -> wire.Challenge:
        raise NotImplementedError

    async def sign_in(self, request: wire.SignIn) -> wire.SignInAnswer:
        """Keeps the session for the calls below when signed in."""
        raise NotImplementedError

    async def register(self, request: wire.Registration) -> wire.SignedIn:
        raise NotImplementedError

    async def notices(self) -> wire.NoticeList:
        raise NotImplementedError

    async def notice(self, notice_id: str) -> wire.Notice:
        raise NotImplementedError

    async def records(self) -> wire.RecordList:
        raise NotImplementedError

    async def sign_out(self) -> None:
        """Ends the session at the portal; quiet when there is none or the line is down. Forgets it here in any case."""
        raise NotImplementedError

    async def medical_challenge(self) -> wire.Challenge:
        raise NotImplementedError

    async def eligibility(self, request: wire.EligibilityRequest) -> wire.Eligibility:
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError

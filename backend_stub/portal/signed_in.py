"""Who is signed in at the portal: which folder, and by which certificate."""

from __future__ import annotations

from datetime import datetime

from backend_stub.sessions import Sessions


class SignedInPeople:
    """A session stands for a folder and for the certificate that opened it."""

    def __init__(self) -> None:
        self._sessions = Sessions()

    def open(self, folder_id: str, serial: str, now: datetime) -> str:
        return self._sessions.open(f"{folder_id} {serial} ", now)

    def open_acting(self, folder_id: str, serial: str, proxy_id: str, now: datetime) -> str:
        """A session of somebody (by the own certificate) who acts for the folder's holder."""
        return self._sessions.open(f"{folder_id} {serial} {proxy_id}", now)

    def folder(self, token: str, now: datetime) -> str:
        """Whose session it is; using it keeps it alive. Raises Refusal: session_unknown."""
        return self.both(token, now)[0]

    def both(self, token: str, now: datetime) -> tuple[str, str]:
        """Folder and certificate serial. Raises Refusal: session_unknown."""
        folder_id, serial, _ = self._sessions.owner(token, now).split(" ")
        return folder_id, serial

    def acting(self, token: str, now: datetime) -> str:
        """By which proxy the session's holder acts for the folder's; empty for the holder's own session.

        Raises Refusal: session_unknown.
        """
        return self._sessions.owner(token, now).split(" ")[2]

    def close_all(self, folder_id: str) -> None:
        """End every session of a folder."""
        self._sessions.close_all(f"{folder_id} ")

    def close(self, token: str, now: datetime) -> None:
        """End a session; quiet when there is none."""
        self._sessions.close(token, now)

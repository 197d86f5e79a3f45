"""How the authorization server and its resources say no: the error codes of the OAuth RFCs."""

from __future__ import annotations

BAD_PROOF = "invalid_dpop_proof"


class Fault(Exception):
    """A request that is refused. `error` is a registered OAuth error code."""

    def __init__(self, error: str, description: str = "", status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        """For the company's engineers; never about the person."""
        self.status = status


def bad_token(description: str) -> Fault:
    """What a resource says to an access token that does not count. Source: RFC 6750, section 3.1."""
    return Fault("invalid_token", description, 401)


def bad_proof(description: str) -> Fault:
    """A proof of possession that does not count. Source: RFC 9449, section 5."""
    return Fault(BAD_PROOF, description, 400)

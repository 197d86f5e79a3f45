"""Checking who holds a card: certificates, tokens, challenges and revocation. Used by every body that citizens visit.

`Verifier` is the door: `await Verifier(auth_ca, origins, peers).token(token, nonce, now, trace_id)`; `Challenges`
gives and uses up the nonces; `PaperVerifier` checks signed papers. All failures are
Refusals with a code of wire.REFUSALS.
"""

from backend_stub.verification.challenges import Challenges
from backend_stub.verification.papers import PaperVerifier
from backend_stub.verification.verifier import Verifier

__all__ = ["Challenges", "PaperVerifier", "Verifier"]

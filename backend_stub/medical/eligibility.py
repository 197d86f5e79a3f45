"""Eligibility (資格確認) by card: who holds it, whether the insurance can be used, what the desk may see for a day.

The first check of a card each day goes the whole way: OCSP, the authority, the gateway. It leaves a certificate link,
and the checks after it ask nobody (decision 0035).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from backend_client.wire import Challenge, Eligibility, EligibilityRequest
from backend_stub.body import Call, Refusal
from backend_stub.medical.links import Link, Links
from backend_stub.medical.receptions import NOTHING, Reception, Receptions
from backend_stub.verification import Challenges, Verifier
from backend_stub.verification.certificate import Checked
from backend_stub.verification.grace import in_grace, last_day
from backend_stub.verification.revocations import Revocations

CONSENT_TERM = timedelta(hours=24)

SymbolOf = Callable[[str, Call], Awaitable[str]]
"""A certificate's serial -> the holder's symbol. Raises Refusal."""


class Desk:
    """The endpoints for patients' windows. `close` with the body."""

    def __init__(
        self,
        verifier: Verifier,
        links: Links,
        revocations: Revocations,
        receptions: Receptions,
        symbol_of: SymbolOf,
    ) -> None:
        self._verifier = verifier
        self._links = links
        self._revocations = revocations
        self._receptions = receptions
        self._symbol_of = symbol_of
        self._challenges = Challenges()

    async def challenge(self, call: Call, _message: None) -> Challenge:
        """Give a challenge for the card to sign."""
        return self._challenges.give(call.now)

    async def check(self, call: Call, request: EligibilityRequest) -> Eligibility:
        """Say whether the card's holder is insured, and keep what the holder lets the facility see for 24 hours.

        A certificate in its grace period answers for the insurance alone: it gives no consent, and ends one in force.
        """
        self._challenges.use(request.nonce, call.now)
        holder = self._verifier.holder(request.token, request.nonce, call.now, grace=True)
        link = await self._link(holder, call)
        late = in_grace(link.ends, call.now)
        consent, consent_ends = NOTHING if late else request.consent, call.now + CONSENT_TERM
        number = await self._receptions.receive(
            Reception(request.facility, link.symbol, link.day, call.now, consent, consent_ends)
        )
        return link.judged.told(
            consent,
            None if consent == NOTHING else consent_ends,
            number,
            last_day(link.ends).isoformat() if late else None,
            link.linked_at,
        )

    async def close(self) -> None:
        """Let go of the database, when what was handed in is written."""
        await self._revocations.close()
        await self._receptions.close()
        self._links.close()

    async def _link(self, holder: Checked, call: Call) -> Link:
        link = self._links.find(holder, call.now)
        if link is None:
            await self._verifier.stands(holder, call.now, call.trace_id)
            return await self._linked(holder, call)
        await self._require_standing(holder, call)
        return link

    async def _require_standing(self, holder: Checked, call: Call) -> None:
        """Look the certificate up in the list; ask by OCSP while there is none. What is revoked loses its link."""
        revoked = await self._revocations.known(holder, call.now, call.trace_id)
        try:
            if revoked:
                raise Refusal("certificate_revoked")
            if revoked is None:
                await self._verifier.stands(holder, call.now, call.trace_id)
        except Refusal as refusal:
            if refusal.code == "certificate_revoked":
                self._links.drop(holder)
            raise

    async def _linked(self, holder: Checked, call: Call) -> Link:
        symbol = await self._symbol_of(str(holder.serial), call)
        self._links.keep(holder, symbol, call.now)
        link = self._links.find(holder, call.now)
        assert link is not None, "it was kept just now"  # noqa: S101
        return link

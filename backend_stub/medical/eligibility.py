"""Eligibility (資格確認) by card: who holds it, whether the insurance can be used, what the desk may see for a day.

The first check of a card each day goes the whole way: OCSP, the authority, the gateway. It leaves a certificate link,
and the checks after it ask nobody (decision 0035).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from backend_client.wire import Challenge, Eligibility, EligibilityRequest, HealthConsent, Insurance
from backend_stub.body import Call, Refusal
from backend_stub.medical.book import Book, Person
from backend_stub.medical.clocks import day_of
from backend_stub.medical.coverage import Coverage, judge
from backend_stub.medical.links import Link, Links
from backend_stub.medical.receptions import Reception, Receptions
from backend_stub.medical.revocations import Revocations
from backend_stub.medical.standing import told_diseases
from backend_stub.verification import Challenges, Verifier
from backend_stub.verification.certificate import Checked
from backend_stub.verification.grace import in_grace, last_day

CONSENT_TERM = timedelta(hours=24)
NOTHING = HealthConsent()

SymbolOf = Callable[[str, Call], Awaitable[str]]
"""A certificate's serial -> the holder's symbol. Raises Refusal."""


class Desk:
    """The endpoints for patients' windows. `close` with the body."""

    def __init__(
        self,
        book: Book,
        verifier: Verifier,
        links: Links,
        revocations: Revocations,
        receptions: Receptions,
        symbol_of: SymbolOf,
    ) -> None:
        self._book = book
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
        ends = holder.certificate.not_valid_after_utc
        late = in_grace(ends, call.now)
        reception = self._reception(request, link.symbol, NOTHING if late else request.consent, call.now)
        number = await self._receptions.receive(reception)
        return _answer(link, reception, number, last_day(ends).isoformat() if late else None)

    async def close(self) -> None:
        """Let go of the database, when what was handed in is written."""
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
        symbol = await self._symbol_of(str(holder.certificate.serial_number), call)
        self._links.keep(holder, symbol, call.now)
        return Link(symbol, call.now, self._book.person(symbol))

    def _reception(self, request: EligibilityRequest, symbol: str, consent: HealthConsent, now: datetime) -> Reception:
        """With the consent that was said now; a plain no is kept only where it withdraws something."""
        silent = consent == NOTHING and not self._receptions.consented(request.facility, symbol, now)
        return Reception(request.facility, symbol, day_of(now), now, consent, None if silent else now + CONSENT_TERM)


def _answer(link: Link, reception: Reception, number: int, grace_until: str | None) -> Eligibility:
    person, consent = link.person, reception.consent
    validity, coverage = judge(person.coverages if person else (), reception.day)
    return Eligibility(
        validity=validity,
        insurance=insurance(person, coverage) if person and coverage else None,
        consent=consent,
        consent_ends_at=None if consent == NOTHING else reception.consent_ends_at,
        reception_number=str(number),
        limit=coverage.limit if coverage else None,
        diseases=told_diseases(coverage, consent),
        grace_until=grace_until,
        checked_at=link.linked_at,
    )


def insurance(person: Person, coverage: Coverage) -> Insurance:
    """Tell of a membership that can be used."""
    return Insurance(
        insurer_number=coverage.insurer_number,
        insurer_name=coverage.insurer_name,
        insured_card_symbol=coverage.insured_card_symbol,
        insured_identification_number=coverage.insured_identification_number,
        insured_branch_number=coverage.insured_branch_number,
        personal_family=coverage.personal_family,
        name=person.name,
        name_kana=person.name_kana,
        birth_date=person.birth_date,
        partial_contribution_percent=coverage.partial_contribution_percent,
        valid_from=coverage.valid_from,
        valid_to=coverage.valid_to,
    )

"""口座をひらく: four items from the portal open an account; a change of address is pushed; the account for refunds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import sha256

from backend_client.wire import Statement, StatementFact, StatementKind
from backend_stub.body import Refusal
from backend_stub.partners.accounts import Account, Accounts
from backend_stub.partners.site import pages
from backend_stub.partners.site.client import NotReached
from backend_stub.partners.site.visit import Visit, asks

DETAILS = asks("account", "four-items", "address-changes", "mail")
VALID_FOR = timedelta(days=365)
BRANCH = "本店"
Certify = Callable[[str, Statement], Awaitable[None]]
"""Puts a certificate into the post box of who is called so at the portal."""


class AccountPage:
    """What a bank shows. `details` is what it asks for."""

    details = DETAILS

    def __init__(self, name: str, accounts: Accounts, certify: Certify) -> None:
        self._name = name
        self._accounts = accounts
        self._certify = certify

    def first(self) -> str:
        """Before there is an account."""
        return pages.account_first(self._name)

    async def shown(self, visit: Visit) -> str:
        """The account, opened by the first look at the four items. Raises NotReached, NotGiven."""
        return pages.account(self._name, await self._account(visit))

    async def done(self, visit: Visit) -> str:
        """Put the account's certificate into the post box, for the tax office. Raises NotReached, NotGiven."""
        account = await self._account(visit)
        handle = str((await visit.read("/person/mail"))["handle"])
        try:
            await self._certify(handle, self._statement(visit.consent, account))
        except Refusal as exc:
            raise NotReached from exc
        return pages.account(self._name, account, certified=True)

    async def _account(self, visit: Visit) -> Account:
        if (account := self._accounts.of(visit.consent)) is None:
            items = await visit.read("/person/four-items")
            self._accounts.open(visit.consent, items["name"], items["address"])
            account = self._accounts.of(visit.consent)
        if account is None:
            raise NotReached
        return account

    def _statement(self, consent: str, account: Account) -> Statement:
        facts = (("銀行", self._name), ("支店", BRANCH), ("口座番号", account.number))
        return Statement(
            id=sha256(f"account {consent}".encode()).hexdigest()[:32],
            title="公金受取口座の とどけ",
            issuer="",
            issuer_name=self._name,
            holder=account.name,
            facts=tuple(StatementFact(label=label, value=value) for label, value in facts),
            issued_at=account.opened_at,
            valid_until=account.opened_at + VALID_FOR,
            kind=StatementKind.ACCOUNT,
        )

"""わたしのページ: the customer's public notices, with the customer's consent."""

from __future__ import annotations

from backend_stub.partners.site import pages
from backend_stub.partners.site.visit import Visit, asks

DETAILS = asks("my-page", "notices")


class MyPage:
    """What one company shows. `details` is what it asks for."""

    details = DETAILS

    def __init__(self, name: str) -> None:
        self._name = name

    def first(self) -> str:
        """Before there is a consent, and after one has ended."""
        return pages.home(self._name)

    async def shown(self, visit: Visit) -> str:
        """Raises NotReached, NotGiven."""
        return pages.notices(self._name, (await visit.read("/notices"))["notices"])

    async def done(self, visit: Visit) -> str:
        """There is nothing to do here."""
        return await self.shown(visit)

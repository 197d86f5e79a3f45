"""The way of the page's OAuth client to the authorization server: by the company's own line to it."""

from __future__ import annotations

import httpx
import httpx2


class Line(httpx2.AsyncBaseTransport):
    """Authlib speaks httpx2 to public addresses; the company's line is httpx, to wherever the server really is."""

    def __init__(self, issuer: str, client: httpx.AsyncClient) -> None:
        self._issuer = issuer
        self._client = client

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Raises httpx2.ConnectError, also for an address that is not below the issuer's."""
        path = str(request.url).removeprefix(self._issuer)
        if not path.startswith("/"):
            raise httpx2.ConnectError("no line to there", request=request)
        headers = [(name, value) for name, value in request.headers.multi_items() if name != "host"]
        try:
            answer = await self._client.request(request.method, path, headers=headers, content=await request.aread())
        except httpx.HTTPError as exc:
            raise httpx2.ConnectError("no answer", request=request) from exc
        return httpx2.Response(answer.status_code, headers=answer.headers.multi_items(), content=answer.content)

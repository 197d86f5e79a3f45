"""A company's page as a browser opens it beside the television: for the tour, which types the number that it shows."""

from __future__ import annotations

import re
import ssl

import httpx

from kiosk.driver import Lost

START = "/partners/mihon-life/site/start"
NUMBER = re.compile(r'id="number">([0-9 ]+)<')


async def number_shown(origin: str, ca: str) -> str:
    """Begin there, as a person would, and read the number. `ca` is a file. Raises Lost when there is none."""
    trusted = ssl.create_default_context(cafile=ca)
    try:
        async with httpx.AsyncClient(
            base_url=origin, verify=trusted, follow_redirects=True, trust_env=False
        ) as browser:
            page = await browser.post(START)
    except httpx.HTTPError as exc:
        raise Lost("the company's page cannot be opened") from exc
    found = NUMBER.search(page.text)
    if found is None:
        raise Lost("the company's page shows no number")
    return found[1].replace(" ", "")

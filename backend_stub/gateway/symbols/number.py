"""案1: the Individual Number itself as everybody's symbol. It is here so that its refusal is."""

from __future__ import annotations

from typing import NoReturn

from backend_stub.gateway.symbols.scheme import SchemeRefused

REASON = (
    "案1 is not built: by the 大綱 (2011-06-30) the 番号, widely used 民－民－官, is not itself the means of 情報連携;"
    " a 符号 that only the 情報連携基盤 and its holder use is"
)


def number_scheme() -> NoReturn:
    """Raise SchemeRefused with the reason. Source: the 2011 report, 情報連携 (1); gateway reference, section 1."""
    raise SchemeRefused(REASON)

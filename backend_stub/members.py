"""The bodies of the town: what each is, and whom it may ask. Registries and peers are made of this one table."""

from __future__ import annotations

from dataclasses import dataclass

from backend_stub.machines import Role


@dataclass(frozen=True, slots=True)
class Member:
    """One body. A body knows the machines of those members that may ask it, and no others."""

    id: str
    name: str
    """For people."""
    mount: str
    roles: frozenset[Role] = frozenset()
    asks: tuple[str, ...] = ()


_DESK = frozenset({Role.AGENCY, Role.VERIFIER})
"""An agency that takes applications: it asks the authority about signatures and tells the portal what it decided."""


def _agency(member: str, name: str, *providers: str, desk: bool = False) -> Member:
    """An agency that asks `providers` itself, with access tokens: one for each law tuple of that transport.

    One with a `desk` takes applications.
    """
    asks = ("authority", "gateway", *(("portal",) if desk else ()), *providers)
    return Member(member, name, f"/agencies/{member}", _DESK if desk else frozenset({Role.AGENCY}), asks)


_AGENCIES = (
    Member(
        "midori-city",
        "みどり市 国保年金課",
        "/agencies/midori-city",
        _DESK | {Role.MUNICIPALITY},
        ("authority", "gateway", "portal", "mihon-kokuho", "emergency"),
    ),
    _agency("midori-tax", "みどり税務署", "mihon-pension", desk=True),
    _agency("midori-city-tax", "みどり市 市民税課", "midori-work"),
    _agency("mihon-kokuho", "みほん国民健康保険組合", "midori-city-tax", "midori-work"),
    _agency("midori-child", "みどり市 子育て支援課", "midori-city-tax", "mihon-pension", desk=True),
    _agency("mihon-pension", "みほん年金機構", "midori-city-tax", desk=True),
    _agency("midori-work", "みどり公共職業安定所", "mihon-pension"),
    _agency("midori-care", "みどり市 介護保険課", "midori-city-tax", desk=True),
)
AGENCIES = tuple(agency.id for agency in _AGENCIES)
DESKS = tuple(agency.id for agency in _AGENCIES if agency.roles >= _DESK)
"""Agencies that take applications."""

MEMBERS = (
    Member("authority", "テスト認証局", "/authority"),
    Member(
        "portal",
        "マイ・ポータル",
        "/portal",
        frozenset({Role.PORTAL, Role.VERIFIER}),
        ("authority", "gateway", "commission", *DESKS, "mihon-life", "mihon-bank"),
    ),
    Member(
        "gateway",
        "符号ゲートウェイ",
        "/gateway",
        frozenset({Role.GATEWAY}),
        ("authority", "portal", "commission", *AGENCIES),
    ),
    Member(
        "commission",
        "第三者委員会",
        "/commission",
        frozenset({Role.COMMISSION}),
        ("gateway", *AGENCIES),
    ),
    Member(
        "medical",
        "オンライン資格確認",
        "/medical",
        frozenset({Role.AGENCY, Role.VERIFIER, Role.SERVICE}),
        ("authority", "gateway", "commission"),
    ),
    Member("payments", "支払い（試験用）", "/payments"),
    Member(
        "bills",
        "お支払い",
        "/bills",
        frozenset({Role.SERVICE, Role.VERIFIER, Role.COLLECTOR, Role.FORWARDER}),
        ("authority", "portal", "payments"),
    ),
    Member("cards", "会員証・資格証", "/cards", frozenset({Role.SERVICE, Role.FORWARDER}), ("portal",)),
    Member(
        "oauth",
        "つながる会社",
        "/oauth",
        frozenset({Role.SERVICE, Role.VERIFIER, Role.AUTHORIZER}),
        ("authority", "portal", "commission", "emergency", "mihon-life", "mihon-bank"),
    ),
    Member(
        "cashier",
        "病院の会計（試験用）",
        "/cashier",
        frozenset({Role.VERIFIER, Role.COLLECTOR, Role.COUNTER}),
        ("authority", "payments", "portal"),
    ),
    Member(
        "emergency",
        "みどり市 防災",
        "/emergency",
        frozenset({Role.SERVICE, Role.VERIFIER}),
        ("authority",),
    ),
    Member("health", "みどり健康手帳", "/health-book", frozenset({Role.SERVICE, Role.PARTNER}), ("portal",)),
    Member("care", "みどり市 見守り", "/care", frozenset({Role.SERVICE})),
    *_AGENCIES,
    Member(
        "facilities",
        "みどり市 公共施設予約",
        "/facilities",
        frozenset({Role.SERVICE, Role.VERIFIER}),
        ("authority",),
    ),
    Member(
        "mihon-life",
        "みほん生命",
        "/partners/mihon-life",
        frozenset({Role.PARTNER, Role.BILLER, Role.ISSUER}),
        ("portal", "oauth", "bills", "cards"),
    ),
    Member("mihon-bank", "みほん銀行", "/partners/mihon-bank", frozenset({Role.PARTNER}), ("portal", "oauth")),
    Member("mihon-hospital", "みほん病院", "/practices/mihon-hospital", frozenset({Role.FACILITY}), ("medical",)),
    Member("mihon-pharmacy", "みほん薬局", "/practices/mihon-pharmacy", frozenset({Role.FACILITY}), ("medical",)),
)

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


def _agency(member: str, name: str, *providers: str) -> Member:
    """An agency that asks `providers` itself, with access tokens: one for each law tuple of that transport."""
    asks = ("authority", "gateway", *providers)
    return Member(member, name, f"/agencies/{member}", frozenset({Role.AGENCY}), asks)


_AGENCIES = (
    Member(
        "midori-city",
        "みどり市 国保年金課",
        "/agencies/midori-city",
        frozenset({Role.AGENCY, Role.MUNICIPALITY}),
        ("authority", "gateway", "portal", "mihon-kokuho", "emergency"),
    ),
    _agency("midori-tax", "みどり税務署", "mihon-pension"),
    _agency("midori-city-tax", "みどり市 市民税課", "midori-work"),
    _agency("mihon-kokuho", "みほん国民健康保険組合", "midori-city-tax", "midori-work"),
    _agency("midori-child", "みどり市 子育て支援課", "midori-city-tax", "mihon-pension"),
    _agency("mihon-pension", "みほん年金機構", "midori-city-tax"),
    _agency("midori-work", "みどり公共職業安定所", "mihon-pension"),
    _agency("midori-care", "みどり市 介護保険課", "midori-city-tax"),
)
AGENCIES = tuple(agency.id for agency in _AGENCIES)

MEMBERS = (
    Member("authority", "テスト認証局", "/authority"),
    Member(
        "portal",
        "マイ・ポータル",
        "/portal",
        frozenset({Role.PORTAL, Role.VERIFIER}),
        ("authority", "gateway"),
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
        frozenset({Role.AGENCY, Role.VERIFIER}),
        ("authority", "gateway"),
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
    Member("mihon-life", "みほん生命", "/partners/mihon-life", frozenset({Role.PARTNER}), ("portal",)),
)

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
        ("authority", "portal", "midori-city", "midori-tax"),
    ),
    Member(
        "medical",
        "オンライン資格確認",
        "/medical",
        frozenset({Role.AGENCY, Role.VERIFIER}),
        ("authority", "gateway"),
    ),
    Member(
        "midori-city",
        "みどり市 国保年金課",
        "/agencies/midori-city",
        frozenset({Role.AGENCY, Role.MUNICIPALITY}),
        ("authority", "gateway", "portal"),
    ),
    Member(
        "midori-tax",
        "みどり税務署",
        "/agencies/midori-tax",
        frozenset({Role.AGENCY}),
        ("authority", "gateway"),
    ),
    Member("mihon-life", "みほん生命", "/partners/mihon-life", frozenset({Role.PARTNER}), ("portal",)),
)

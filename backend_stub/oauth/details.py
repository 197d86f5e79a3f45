"""authorization_details: what a company asks for, in the one form there is here, checked against the register.

Source: RFC 9396; gateway reference, section 5.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from backend_client.wire import PartnerField
from backend_stub.oauth.faults import Fault
from backend_stub.oauth.register import Partner, Purpose

TYPE = "jp.symbol.consent"
PERSON, NOTICES, CERTIFICATES = "/person", "/notices", "/certificates"
"""The resources: paths below the issuer, and audiences of access tokens."""


class Detail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One element, as a company writes it."""

    type: str
    purpose: str
    datatypes: tuple[PartnerField, ...]
    actions: tuple[str, ...] = ("read",)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a company asks one person for."""

    partner: Partner
    purpose: Purpose
    fields: tuple[PartnerField, ...]


def resource_of(field: PartnerField) -> str:
    """Where it can be read."""
    return {PartnerField.NOTICES: NOTICES, PartnerField.CERTIFICATES: CERTIFICATES}.get(field, PERSON)


def resources_of(fields: tuple[PartnerField, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(resource_of, fields)))


def read_details(text: str, partner: Partner) -> Asked:
    """Read and check the parameter of a request. Raises Fault: invalid_authorization_details."""
    try:
        (detail,) = msgspec.json.decode(text, type=tuple[Detail, ...])
    except (ValueError, RecursionError) as exc:  # msgspec's own errors are ValueErrors
        raise Fault("invalid_authorization_details", "not one element of the form that is laid down") from exc
    purpose = partner.purpose(detail.purpose)
    fields = tuple(dict.fromkeys(detail.datatypes))
    if detail.type != TYPE or detail.actions != ("read",) or not fields or not set(fields) <= set(purpose.fields):
        raise Fault("invalid_authorization_details", "type, actions or datatypes are not registered for this purpose")
    return Asked(partner, purpose, fields)


def told(identifier: str, purpose: str, fields: tuple[PartnerField, ...], until: datetime) -> list[dict[str, Any]]:
    """What was consented to, for the token response. Source: RFC 9396, section 7."""
    return [
        {
            "type": TYPE,
            "identifier": identifier,
            "purpose": purpose,
            "actions": ["read"],
            "datatypes": [field.value for field in fields],
            "valid_until": until.isoformat(),
        }
    ]

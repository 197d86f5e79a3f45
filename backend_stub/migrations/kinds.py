"""Every kind of body that keeps a database, with its tables of today."""

from __future__ import annotations

from sqlalchemy import MetaData

from backend_stub.agencies.book import TABLES as AGENCY
from backend_stub.authority.tables import TABLES as AUTHORITY
from backend_stub.bills.tables import TABLES as BILLS
from backend_stub.cards.tables import TABLES as CARDS
from backend_stub.care.tables import TABLES as CARE
from backend_stub.cashier.tables import TABLES as CASHIER
from backend_stub.commission.tables import TABLES as COMMISSION
from backend_stub.emergency.tables import TABLES as EMERGENCY
from backend_stub.facilities.tables import TABLES as FACILITIES
from backend_stub.gateway.symbols.tables import TABLES as SYMBOLS
from backend_stub.gateway.tables import TABLES as GATEWAY
from backend_stub.health.tables import TABLES as HEALTH
from backend_stub.medical.book import TABLES as MEDICAL
from backend_stub.oauth.tables import TABLES as OAUTH
from backend_stub.partners.tables import TABLES as PARTNER
from backend_stub.payments.tables import TABLES as PAYMENTS
from backend_stub.portal.tables import TABLES as PORTAL

KINDS: dict[str, MetaData] = {
    str(tables.info["migrations"]): tables
    for tables in (
        AGENCY,
        AUTHORITY,
        BILLS,
        CARDS,
        CARE,
        CASHIER,
        COMMISSION,
        EMERGENCY,
        FACILITIES,
        GATEWAY,
        HEALTH,
        MEDICAL,
        OAUTH,
        PARTNER,
        PAYMENTS,
        PORTAL,
        SYMBOLS,
    )
}

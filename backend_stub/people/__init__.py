"""The synthetic residents and companies of the backend: who there is, as data."""

from backend_stub.people.companies import RegisteredCompany, load_companies
from backend_stub.people.residents import Flaw, Municipality, Resident, load_municipalities, load_residents

__all__ = [
    "Flaw",
    "Municipality",
    "RegisteredCompany",
    "Resident",
    "load_companies",
    "load_municipalities",
    "load_residents",
]

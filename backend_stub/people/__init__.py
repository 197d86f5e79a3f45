"""The synthetic residents of the backend: who there is, as data."""

from backend_stub.people.residents import Flaw, Municipality, Resident, load_residents

__all__ = ["Flaw", "Municipality", "Resident", "load_residents"]

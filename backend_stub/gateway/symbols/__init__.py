"""Symbols (符号): what a body calls a person, meaningless to others. One protocol, the 2011 report's five cases."""

from backend_stub.gateway.symbols.plan import Plan, PlanFile, State, Version
from backend_stub.gateway.symbols.scheme import (
    PERSON_BYTES,
    SYMBOL_BYTES,
    OldSymbol,
    SchemeRefused,
    SymbolScheme,
    WrongSymbol,
    from_hex,
)
from backend_stub.gateway.symbols.tables import TABLES, open_symbols, symbols_file
from backend_stub.gateway.symbols.versions import Versions

__all__ = [
    "PERSON_BYTES",
    "SYMBOL_BYTES",
    "TABLES",
    "OldSymbol",
    "Plan",
    "PlanFile",
    "SchemeRefused",
    "State",
    "SymbolScheme",
    "Version",
    "Versions",
    "WrongSymbol",
    "from_hex",
    "open_symbols",
    "symbols_file",
]

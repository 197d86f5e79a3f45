"""The rules of the house about imports and a few words, as one function over source text."""

from __future__ import annotations

import ast
from collections.abc import Iterator

STAGE = ("stage", "stage_window", "stage_keys", "stage_layer", "stage_data", "stage_private", "stage_rows")

ALLOWED = {
    # folder or file: what of ours it may import. The longest matching entry counts.
    "drivers": {"drivers"},
    "backend_client": {"backend_client"},
    "stb_profile": {"stb_profile"},
    # `proof` is pure: the commission checks the log by the very functions with which a citizen checks a record.
    # `machine` signs: bodies and the facilities' own programs alike.
    "backend_stub": {"backend_stub", "backend_client.wire", "backend_client.errors", "backend_client.proof",
                     "backend_client.machine"},
    "kiosk": {"kiosk", "drivers", "backend_client", "stb_profile"},
    "kiosk/flows": {"kiosk.flows", "kiosk.desk", "kiosk.screens", "kiosk.problems", "kiosk.words", "drivers",
                    "kiosk.outage", "kiosk.kept", "kiosk.record_check", "backend_client", "stb_profile"},
    "kiosk/desk.py": {"kiosk.screens", "kiosk.words", "kiosk.outage", "kiosk.kept", "drivers", "backend_client",
                      "stb_profile"},
    # Pure, and below the desk that hands them to the flows.
    "kiosk/outage.py": {"kiosk.screens", "kiosk.words", "backend_client"},
    "kiosk/kept.py": {"kiosk.words"},
    "kiosk/record_check.py": {"backend_client"},
    "kiosk/screens.py": {"drivers.errors", "drivers.secret", "stb_profile.keymap", "kiosk.preferences", "kiosk.words"},
    "kiosk/words.py": set(),
    "kiosk/preferences.py": set(),
    **{f"kiosk/{name}.py": {"kiosk.screens", "kiosk.words", "kiosk.preferences", "kiosk.desk",
                            *(f"kiosk.{part}" for part in STAGE), "drivers.secret", "drivers.errors",
                            "stb_profile"} for name in STAGE},
}  # fmt: skip
OURS = {"kiosk", "drivers", "backend_client", "backend_stub", "stb_profile", "benchmarks", "tests"}

QT = {"PySide6", "shiboken6", "qasync"}
QT_ROOMS = ("kiosk/stage.py", "kiosk/stage_window.py", "kiosk/stage_keys.py", "kiosk/stage_listen.py", "kiosk/app.py",
            "kiosk/reception_window.py")  # fmt: skip

CARD_PROGRAMS = (
    *("kiosk/cli.py", "kiosk/demo.py", "kiosk/tour.py"),
    *("kiosk/box_commands.py", "kiosk/card_list.py", "kiosk/card_trust.py"),
)
"""Programs around the kiosk and parts of the command line; the kiosk process itself must not know the software card."""

OUTSIDE = {"socket", "ssl", "httpx", "random", "secrets", "time", "asyncio.sleep", "smartcard"}
"""What a flow gets handed in or does without: sockets, clocks, randomness."""


def faults(path: str, source: str) -> Iterator[str]:
    """Everything in `source`, at `path` relative to the checkout, that breaks a rule, each with its reason."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        for module in _modules(node):
            yield from _import_faults(path, module)
        yield from _word_faults(path, node)


def _modules(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module is not None:
        # `from kiosk import words` names a module, `from kiosk.words import Words` a thing in it.
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _import_faults(path: str, module: str) -> Iterator[str]:
    top = module.partition(".")[0]
    if top in OURS and not _may(path, module):
        yield f"{path} imports {module}: imports only go down"
    if top in QT and path not in QT_ROOMS and not path.startswith("benchmarks/"):
        yield f"{path} imports {module}: Qt lives in {' and '.join(QT_ROOMS)} only"
    if path.startswith("kiosk/flows/") and (top in OUTSIDE or module in OUTSIDE):
        yield f"{path} imports {module}: a flow is handed its sockets, clocks and randomness"
    if path.startswith("kiosk/") and module.startswith("drivers.software_card") and path not in CARD_PROGRAMS:
        yield f"{path} imports {module}: the kiosk process never knows that a card is made of software"


def _may(path: str, module: str) -> bool:
    entries = [entry for entry in ALLOWED if path == entry or path.startswith(entry + "/")]
    if not entries:
        return True
    allowed = ALLOWED[max(entries, key=len)]
    return any(module == name or module.startswith(name + ".") for name in allowed)


def _word_faults(path: str, node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Raise) and _called(node.exc) in ("Exception", "RuntimeError"):
        yield f"{path}:{node.lineno} raises {_called(node.exc)}: an error is named by its meaning"
    elif isinstance(node, ast.ExceptHandler) and node.type is None:
        yield f"{path}:{node.lineno} has a bare except: it would swallow cancellation"
    elif _called(node) == "print" and path != "kiosk/cli.py" and not path.startswith("benchmarks/"):
        yield f"{path}:{node.lineno} prints: only the command line speaks to a terminal"


def _called(node: ast.AST | None) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""

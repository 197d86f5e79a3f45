"""`script/migrate MESSAGE`: write the next revision of every kind of body whose tables have changed."""

from __future__ import annotations

import sys
from pathlib import Path

from backend_stub.migrations.kinds import KINDS
from backend_stub.schema import write_revision


def main() -> int:
    message = " ".join(sys.argv[1:])
    if not message:
        sys.stderr.write("usage: script/migrate MESSAGE\n")
        return 2
    for tables in KINDS.values():
        written: Path | None = write_revision(tables, message)
        if written is not None:
            sys.stdout.write(f"{written}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

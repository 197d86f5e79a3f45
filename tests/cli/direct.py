"""The `madoguchi card` commands in this process, on a software card without a card service."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from drivers.software_card.control_client import CardBox
from kiosk import cli


class Direct:
    """One box of cards, and the command line in front of it."""

    def __init__(self, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.box = CardBox(data)
        self.data = data
        self._capsys = capsys

    def run(self, *arguments: str, typed: str = "") -> tuple[int, str]:
        """Exit status and standard output; the lines of `typed` come by `--pin-fd`."""
        extra = ["--reader", f"direct:{self.data}"]
        read, write = os.pipe()
        try:
            os.write(write, typed.encode())
            os.close(write)
            status = cli.main(["card", *arguments, *extra, *(["--pin-fd", str(read)] if typed else [])])
        finally:
            os.close(read)
        return status, self._capsys.readouterr().out

    def json(self, *arguments: str, typed: str = "") -> tuple[int, dict[str, Any]]:
        status, said = self.run(*arguments, "--json", typed=typed)
        return status, json.loads(said)

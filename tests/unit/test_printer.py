"""What leaves on paper or as a file: by `lp`, into a folder, onto a stick; whole or not at all."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from kiosk.desk import NotHandedOut
from kiosk.printer import Tray

PDF = b"%PDF-1.7 \x00 test"


def lp(tmp_path: Path, script: str) -> str:
    command = tmp_path / "lp"
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o755)
    return str(command)


async def test_the_printer_gets_it_without_a_name_or_a_file(tmp_path: Path) -> None:
    tray = Tray(lp=lp(tmp_path, f'echo "$@" > {tmp_path}/said; cat > {tmp_path}/printed'))
    await tray.print_pdf(PDF)
    assert (tmp_path / "printed").read_bytes() == PDF
    assert (tmp_path / "said").read_text() == "-s -t madoguchi -\n"


async def test_a_printer_that_takes_nothing_is_told(tmp_path: Path) -> None:
    for tray in (Tray(lp=lp(tmp_path, "exit 1")), Tray(lp=str(tmp_path / "none")), Tray()):
        with pytest.raises(NotHandedOut):
            await tray.print_pdf(PDF)


def test_a_folder_stands_for_a_printer(tmp_path: Path) -> None:
    tray = Tray(printouts=tmp_path, lp="/bin/false")
    asyncio.run(tray.print_pdf(PDF))
    (file,) = tmp_path.iterdir()
    assert (file.suffix, file.read_bytes()) == (".pdf", PDF)
    assert (tray.prints, Tray().prints) == (True, False)


async def test_a_stick_comes_and_goes(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    tray = Tray(stick=stick)
    assert not tray.has_stick
    with pytest.raises(NotHandedOut):
        await tray.keep("a.json", b"{}")
    stick.mkdir()
    assert tray.has_stick
    await tray.keep("a.json", b"{}")
    assert {file.name: file.read_bytes() for file in stick.iterdir()} == {"a.json": b"{}"}

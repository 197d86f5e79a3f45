"""One harness under atheris: `python -m tests.fuzz.one NAME [options and folders of libFuzzer]`.

Only this module needs atheris, which is no requirement of the project.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["drivers", "backend_client", "backend_stub"]):
    from tests.fuzz.harnesses import HARNESSES

atheris.Setup([sys.argv[0], *sys.argv[2:]], HARNESSES[sys.argv[1]])
atheris.Fuzz()

"""`python -m tests.card.software.traces.record`: write the kept traces anew. Read the diff before you keep it."""

from __future__ import annotations

import sys
import tempfile
from itertools import product
from pathlib import Path

from drivers.software_card.blank import make_blank
from drivers.software_card.profile import Atr
from tests.card.software.issuer import issue_all
from tests.card.software.pcsc_client import Pcsc
from tests.card.software.traces.clients import CLIENTS, KEPT_ATRS, Client, Heard, opensc_version
from tests.card.software.traces.notation import reduce, write
from tests.pcsc import PrivatePcscd, why_not

TITLE = """{command}
What it asked, and how the software card answered: notation.py says how to read it.
Card and secrets are synthetic (`adult`, 1234, ABC123). ATR: {atr}.
Recorded with OpenSC {version}"""


def main() -> int:
    reason = why_not()
    if reason is not None or not opensc_version():
        sys.stderr.write(f"{reason or 'OpenSC is not installed'}\n")
        return 1
    with tempfile.TemporaryDirectory() as folder, PrivatePcscd(Path(folder)) as pcscd:
        issue_all([make_blank(Path(folder), "adult")])
        pcscd.start()
        pcsc = Pcsc(pcscd.readers)
        for client, atr in product(CLIENTS, KEPT_ATRS):
            client.kept(atr).write_text(_record(client, atr, Path(folder), pcscd, pcsc))
        pcsc.close()
    return 0


def _record(client: Client, atr: Atr, data: Path, pcscd: PrivatePcscd, pcsc: Pcsc) -> str:
    with Heard(data, atr, pcscd.slot(0)) as heard:
        assert pcsc.has_card(0, True)
        done = client.run(data)
    assert done.returncode == 0, done.stderr
    assert pcsc.has_card(0, False)
    title = TITLE.format(command=" ".join(client.command), atr=atr.value, version=opensc_version())
    return write(title, reduce(heard.exchanges))


if __name__ == "__main__":
    sys.exit(main())

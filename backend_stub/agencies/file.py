"""What makes an agency: one data file each, the code is the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec

from backend_client.wire import FourItems, NoticeDraft
from backend_stub.agencies.catalogue import standard

FILES = Path(__file__).parent
SEXES = {"1": "男", "2": "女", "9": "適用不能", "0": "不明"}
"""JIS X 0303."""


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Root of the parts of the file."""


class Desk(_Entry, frozen=True):
    """Who acts for the agency: ⑦ ⑧ department and ⑨ ⑩ terminal of the log."""

    department: str
    terminal: str


class Holding(_Entry, frozen=True):
    """One kind of information, as of one day, by resident id."""

    kind: str
    data_as_of: date
    of: dict[str, dict[str, str]]
    withheld: tuple[str, ...] = ()
    """Residents of whom this is never given automatically (自動応答不可)."""


class Register(_Entry, frozen=True):
    """The agency keeps the resident register and so holds everybody's four items."""

    kind: str
    data_as_of: date
    withheld: tuple[str, ...] = ()


class Ask(_Entry, frozen=True):
    """An exchange the agency needs for its work: one law entry for some of its residents."""

    law: str
    desk: Desk
    purpose: str
    """⑫."""
    residents: tuple[str, ...]


class Mailing(_Entry, frozen=True):
    """A notice to some of its residents, sent once to each."""

    id: str
    residents: tuple[str, ...]
    draft: NoticeDraft


class Decision(_Entry, frozen=True):
    """What the application desk does with the papers of one life event; without one of these it takes none."""

    event: str
    back_if: dict[str, str] = {}
    """Answers with which a paper is sent back."""
    back_reason: str = ""
    certificate: str = ""
    """Title of what is sent into the post box when it is done; none if empty."""
    valid_days: int = 90
    facts: dict[str, str] = {}
    """Labels of the certificate, and the answers that stand beside them."""

    def sends_back(self, answers: dict[str, str]) -> bool:
        return bool(self.back_if) and all(answers.get(key) == value for key, value in self.back_if.items())


class AgencyFile(_Entry, frozen=True):
    id: str
    title: str
    answers: Desk
    """Who answers requests of the gateway and of other agencies."""
    keep_parts_days: int = 7 * 365
    """How long its part of the log is kept; then salts and contents are deleted, and nothing opens the commitments."""
    register: Register | None = None
    holdings: tuple[Holding, ...] = ()
    asks: tuple[Ask, ...] = ()
    mailings: tuple[Mailing, ...] = ()
    applications: tuple[Decision, ...] = ()

    def serves(self, resident: str) -> bool:
        """Whether a resident is a client: held in some way, asked about or written to."""
        of = (*(h.of for h in self.holdings), *(a.residents for a in self.asks), *(m.residents for m in self.mailings))
        return self.register is not None or any(resident in residents for residents in of)


def read_file(agency: str, folder: Path = FILES) -> AgencyFile:
    """Read the file of one agency. Raises msgspec.ValidationError or LayoutWrong when it is not in order."""
    file = msgspec.toml.decode((folder / f"{agency}.toml").read_bytes(), type=AgencyFile)
    for holding in file.holdings:
        for payload in holding.of.values():
            standard().check(holding.kind, payload)
    return file


def registered(items: FourItems) -> dict[str, str]:
    """The four items in the standard layout of the register."""
    return {
        "氏名": items.name,
        "住所": items.address,
        "生年月日": items.birth_date.isoformat(),
        "性別": SEXES[items.sex],
    }

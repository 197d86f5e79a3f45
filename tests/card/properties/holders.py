"""Holders that nobody has thought of, with any characters in their names; and a card for each, made in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from hypothesis import strategies as st

from drivers.card.holder import check_digit
from drivers.software_card.applications.common import common
from drivers.software_card.applications.juki import juki
from drivers.software_card.applications.manager import holders_manager, lower_certificate
from drivers.software_card.applications.text import key_file, text
from drivers.software_card.applications.visual import age_file, face_file, number_file, visual
from drivers.software_card.card import SoftwareCard
from drivers.software_card.counters import Counters
from drivers.software_card.cv_authority import FACE, MANAGER, TERMINALS, TEXT, CvAuthority, public_key
from drivers.software_card.issued import Issued
from drivers.software_card.profile import ATRS, Atr, Holder, Profile

PIN: Final = "1234"
ERAS: Final = (
    (date(2019, 5, 1), 2018),
    (date(1989, 1, 8), 1988),
    (date(1926, 12, 25), 1925),
    (date(1912, 7, 30), 1911),
)
"""First day, and the year before the first, of the eras in which people live."""

ODD: Final = "髙﨑𠮷𡈽葛󠄀が１ｶﾞ゛〓ｰ・（）～−\u3000Ａ-'é\u0301ß한"
"""Beyond JIS level 2, beyond the first plane, with selectors and marks that combine, half and full width."""


def texts(longest: int) -> st.SearchStrategy[str]:
    anything = st.characters(exclude_categories=["Cs"])
    japanese = st.characters(min_codepoint=0x3041, max_codepoint=0x9FFF)
    return st.text(st.sampled_from(ODD) | japanese | anything, min_size=1, max_size=longest)


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


@st.composite
def holders(draw: st.DrawFn) -> Holder:
    born = draw(st.dates(date(1912, 7, 30), date(2026, 11, 21)))
    before_first = next(year for first, year in ERAS if first <= born)
    eleven = draw(digits(11))
    return Holder(
        name=draw(texts(60)),
        alias=draw(st.just("") | texts(20)),
        address=draw(texts(200)),
        birth_date=born,
        sex=draw(st.sampled_from("0129")),
        number=eleven + check_digit(eleven),
        japanese_year=born.year - before_first,
        valid_until=draw(st.dates(date(2026, 1, 1), date(2040, 12, 31))),
        security_code=draw(digits(4)),
        card_number=draw(digits(15)),
        municipality=draw(digits(5)),
    )


@dataclass(frozen=True)
class Office:
    """Who signs, and the one key that all the cards made here have."""

    authority: CvAuthority
    key: RSAPrivateKey

    def card(self, holder: Holder) -> SoftwareCard:
        key, issued, tries = self.key, self._issued(holder), Profile(pin=PIN, holder=holder).maximum_tries
        others = [text(holder, PIN, key, key, issued), visual(holder, key, issued), common(holder, PIN, key), juki(PIN)]
        manager = holders_manager("JPKI-EMU-random", ATRS[Atr.CONTACT], holder, issued)
        return SoftwareCard(ATRS[Atr.CONTACT], manager, others, Counters(tries, tries))

    def _issued(self, holder: Holder) -> Issued:
        authority, office, own = self.authority, self.authority.office, self.key.public_key()
        return Issued(
            office_certificate=authority.certificate(MANAGER),
            lower_certificate=lower_certificate(authority, own),
            text_certificate=authority.certificate(TEXT),
            text_key=key_file(own, office),
            face_certificate=authority.certificate(FACE),
            age=age_file(holder, public_key(own), office),
            face=face_file(holder, public_key(own), office),
            number=number_file(holder, public_key(own), office),
            terminal_authority=public_key(authority.keys[TERMINALS].public_key()),
        )

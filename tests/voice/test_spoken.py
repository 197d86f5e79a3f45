"""How written text is pronounced."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.voice.spoken import LONGEST, pieces


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("11月18日(水)", ["11月18日、水曜日"]),
        ("11月18日(水) 10:12", ["11月18日、水曜日、 10時12分"]),
        ("4:00に", ["4時に"]),
        ("午前10時12分", ["午前10時12分"]),
        ("料金は 24,800円です", ["料金は 24800円です"]),
        ("1,234,567円", ["1234567円"]),
        ("２０２６年", ["2026年"]),
        ("26B1-8C42", ["に ろく ビー いち、はち シー よん に"]),
        ("E-10", ["イー、いち ゼロ"]),
        ("保険者 39990015", ["保険者 さん きゅう きゅう きゅう、ゼロ ゼロ いち ご"]),
        ("枝番 01234567", ["枝番 ゼロ いち に さん、よん ご ろく なな"]),
        ("03-1234-5678", ["ゼロ さん、いち に さん よん、ご ろく なな はち"]),
        ("「決定」か「OK」を おします。", ["決定かOKを おします。"]),
        ("マイ・ポータル", ["マイポータル"]),
        ("6〜16文字", ["6から16文字"]),
        ("見本 花子（ミホン ハナコ）", ["見本 花子、ミホン ハナコ"]),
        ("見本 ●子", ["見本 まる子"]),
        ("よむ。つぎ。", ["よむ。", "つぎ。"]),
        ("一行\n\n二行", ["一行", "二行"]),
        ("▶ ✓ …", []),
        ("", []),
    ],
)
def test_japanese(written: str, said: list[str]) -> None:
    assert list(pieces(written, "ja")) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Your number is 26B1-8C42.", ["Your number is 2 6 B 1, 8 C 4 2."]),
        ("Put it there. Wait.", ["Put it there.", "Wait."]),
        ("November 18 (Wed) 10:12", ["November 18 Wed 10:12"]),
        ("▼ More", ["More"]),
    ],
)
def test_english(written: str, said: list[str]) -> None:
    assert list(pieces(written, "en")) == said


def test_readings_stay_for_the_engine() -> None:
    marked = "\ufff9顔\ufffaかお\ufffbを"
    assert list(pieces(marked, "ja_easy")) == [marked]


@given(st.text(alphabet="あ漢A1-、。 0,:(水)", max_size=300))
def test_no_piece_is_long_and_none_is_empty(text: str) -> None:
    for piece in pieces(text, "ja"):
        assert 0 < len(piece) <= LONGEST

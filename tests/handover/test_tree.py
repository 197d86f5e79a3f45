"""The reader takes what messages are made of, refuses everything else, and never expands anything."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.handover.tree import LARGEST, SUBSTITUTE, Document, Element, XmlRefused, read, write

BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;</a>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>"""
UTF16 = '<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16")
NAMES = st.from_regex(r"[A-Z][A-Za-z]{0,10}", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=30)
LEAVES = st.builds(Element, NAMES, TEXTS)
ELEMENTS = st.recursive(
    LEAVES,
    lambda inner: st.builds(Element, NAMES, st.just(""), st.lists(inner, min_size=1, max_size=4).map(tuple)),
    max_leaves=12,
)


@pytest.mark.parametrize(
    "content",
    [
        BOMB,
        OUTSIDE,
        UTF16,
        b"",
        b"<a>",
        b"<a></b>",
        b"<a/><b/>",
        b"no xml",
        b'<a b="c"/>',
        b'<a xmlns="http://x.example"/>',
        b"<a><?do it?></a>",
        b"<a>&x;</a>",
        b"<a>text<b/></a>",
        b"<a>\x00</a>",
        b"<a>\xff</a>",
        b'<?xml version="1.0" encoding="EUC-JP"?><a/>',
        b'<?xml version="1.1" encoding="UTF-8"?><!DOCTYPE a><a/>',
        '<?xml version="1.0" encoding="UTF-8"?><a>見本</a>'.encode("cp932"),
        '\ufeff<?xml version="1.0" encoding="Shift_JIS"?><a/>'.encode(),
        b"<a>" * 9 + b"</a>" * 9,
    ],
)
def test_what_no_message_needs_is_refused(content: bytes) -> None:
    with pytest.raises(XmlRefused):
        read(content)


def test_five_megabytes_are_refused_at_once() -> None:
    begin = time.perf_counter()
    with pytest.raises(XmlRefused, match="larger"):
        read(b"<a>" + b"x" * 5_000_000 + b"</a>")
    assert time.perf_counter() - begin < 0.5


def test_too_many_elements_are_refused() -> None:
    with pytest.raises(XmlRefused, match="more than"):
        read(b"<a>" + b"<b/>" * 100_001 + b"</a>")


def test_a_text_of_almost_the_largest_size_is_read() -> None:
    text = "あ" * ((LARGEST - 100) // 3)
    assert read(f"<a>{text}</a>".encode()).root.text == text


@pytest.mark.parametrize("declared", ["Shift_JIS", "SHIFT_JIS", "shift_jis"])
def test_shift_jis_as_windows_means_it(declared: str) -> None:
    content = f'<?xml version="1.0" encoding="{declared}" standalone="no"?>\r\n<a>髙橋～①</a>'.encode("cp932")
    assert read(content) == Document(Element("a", "髙橋～①"), "shift_jis")


def test_what_shift_jis_has_not_got_becomes_a_dot_and_nothing_else() -> None:
    content = write(Document(Element("a", "見本﨑𡈽 髙𠮷\\〜<&>"), "shift_jis"))
    assert content.decode("cp932").endswith(
        f"<a>見本{SUBSTITUTE * 2} {SUBSTITUTE * 2}\\{SUBSTITUTE}&lt;&amp;&gt;</a>\n"
    )


def test_comments_are_passed_over_and_a_mark_of_utf8_is_taken() -> None:
    assert read(b"\xef\xbb\xbf<a><!-- b --><b>1</b></a>").root == Element("a", "", (Element("b", "1"),))


@given(ELEMENTS, st.sampled_from(["utf-8", "shift_jis"]))
@example(Element("A", "a\rb\nc]]>"), "utf-8")
def test_what_is_written_is_read(root: Element, encoding: str) -> None:
    again = read(write(Document(root, encoding)))
    assert again.encoding == encoding
    if encoding == "utf-8":
        assert again.root == root
    else:
        assert read(write(again)) == again
        assert _shape(again.root) == _shape(root)


def _shape(element: Element) -> object:
    return element.name, len(element.text), [_shape(child) for child in element.children]


@given(st.binary(max_size=300))
@example(b"<?xml version='1.0' encoding='Shift_JIS'?><a>\x81</a>")
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        root = read(content).root
    except XmlRefused:
        return
    assert root.name


@given(ELEMENTS, st.integers(0, 400), st.binary(min_size=1, max_size=3))
def test_a_damaged_message_is_read_or_refused(root: Element, at: int, damage: bytes) -> None:
    content = write(Document(root))
    broken = content[: at % len(content)] + damage + content[at % len(content) + 1 :]
    try:
        read(broken)
    except XmlRefused:
        return
    assert b"<!DOCTYPE" not in broken


@given(ELEMENTS, st.integers(1, 400))
def test_half_a_message_is_refused(root: Element, cut: int) -> None:
    content = write(Document(root)).rstrip()
    with pytest.raises(XmlRefused):
        read(content[: -min(cut, len(content) - 1)])

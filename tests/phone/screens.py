"""Screens to stand on the television of a test."""

from __future__ import annotations

from dataclasses import replace

from drivers.errors import Pin
from kiosk.screens import Choice, Confirm, Detail, Digits, Fact, Menu, PinEntry

LETTER = "あなたの国民健康保険料は 12,300円です。"


def pin(which: Pin = Pin.USER_AUTHENTICATION, length: int = 4) -> PinEntry:
    return PinEntry(
        name="pin",
        title="数字4けたの暗証番号を入れてください",
        pin=which,
        hint="リモコンの数字ボタンでおしてください。",
        tries_label="のこり",
        tries_left=3,
        tries_max=3,
        tries_text="3回",
        note="わからないときは、無理に入れずに「戻る」をおしてください",
        length=length,
    )


def password() -> PinEntry:
    return replace(
        pin(Pin.DIGITAL_SIGNATURE, length=16), title="英数字6〜16文字の暗証番号", shortest=6, letters=True, tries_max=5
    )


def reading() -> Digits:
    return Digits(
        name="reading",
        title="上の血圧を入れてください",
        hint="2けたか 3けたです。",
        unit="mmHg",
        length_min=2,
        length_max=3,
    )


def letter(name: str = "notices.notice") -> Detail:
    return Detail(
        name=name,
        title="国民健康保険料のおしらせ",
        facts=(Fact("差出人", "みほん県みどり市"),),
        summary=("12月25日までに お支払いください。",),
        body=LETTER,
        actions=(Choice("back", "もどる"),),
    )


def menu() -> Menu:
    return Menu(
        name="menu",
        title="見本 花子さん、こんにちは",
        choices=(Choice("one", "おしらせ"), Choice("two", "だれが見た？")),
    )


def question(*, here_only: bool = False) -> Confirm:
    return Confirm(
        name="question", title="署名しますか？", lines=("転居届",), yes="はい", no="いいえ", here_only=here_only
    )

"""Every kind of screen with texts as long as they come: the real words, long names, full pages.

`typical` is what a visit shows, `extreme` is what must still be readable or visibly cut. To look at them all:
`MADOGUCHI_RENDERS=folder python -m pytest tests/ui/test_layout.py`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from drivers.errors import Pin
from kiosk.screens import (
    Alarm,
    Attract,
    Band,
    CardAway,
    Chart,
    Choice,
    Confirm,
    Consent,
    ConsentItem,
    Detail,
    Digits,
    Fact,
    ItemList,
    Margins,
    Mark,
    Menu,
    PasswordEntry,
    PhoneCode,
    PinEntry,
    PinOnReader,
    PlaceCard,
    Point,
    Problem,
    Result,
    Row,
    Screen,
    StillThere,
    TakeCard,
    Tick,
    Working,
)
from stb_profile.phone.code import picture

STEPS = ("カード", "本人かくにん", "はじまり")
LONG_NAME = "見本﨑 髙左衛門之介長太郎"
LONG_OFFICE = "みどり市 健康福祉部 国民健康保険年金課 資格給付係"

FACTS = (
    Fact("いつ", "2026年11月18日 午前10時12分"),
    Fact("だれが", "みどり市 国保年金課"),
    Fact("どこから", "みほん税務署"),
    Fact("なにを", "所得の情報（令和7年分）"),
    Fact("根拠", "番号法 別表 の事務"),
    Fact("番号", "26B1-8C42-77D0-A19E"),
)
LONG_FACTS = (
    *FACTS,
    Fact("英数字6〜16文字の暗証番号（電子のはんこ）の のこりの回数", "5回"),
    Fact("番号", "01A1-FC57-B20B-0604-8DFB-F09C-A51E-D8F7"),
    Fact("なぜ", "国民健康保険料（税）の 減額を決めるために、前の年の所得を たしかめました。"),
)

HOLDERS = (
    *("みどり市 市民課", "みどり税務署", "みどり市 市民税課", "みほん国民健康保険組合"),
    *("みどり市 子育て支援課", "みほん年金機構", "みどり公共職業安定所", "みどり市 介護保険課"),
)
HOLDER_STATES = ("届きました", "聞いています…", "答えがありません", "聞くのを やめました") * 2

ROWS = tuple(
    Row(
        key=f"r{number}",
        above=f"11月{20 - number}日(水)",
        title="みどり市 国保年金課 が、みほん税務署の持つ あなたの所得の情報を受け取りました。",
        below="わけ：保険料を計算するため",
        badge="大切" if number == 2 else "",
        facts=FACTS,
    )
    for number in range(1, 6)
)
HELP = """矢印ボタンで えらび、決定ボタンで 決めます。
番号のついたものは、その数字でも えらべます。
戻るボタンで、ひとつ前にもどります。
赤のボタンで、いつでも おわれます。
きかないボタンは、番号か 矢印で おぎなえます。
どのボタンも きかないときは、電池を かえます。
わからないときは、家族や 窓口に きいてください。"""
LETTER = (
    "日ごろから、みどり市の仕事に ご協力いただき、ありがとうございます。\n\n"
    "あなたの 国民健康保険の料金が きまりました。つぎの日までに、お支払いください。"
    "口座からの引き落としを 申しこんでいる方は、何もしなくて かまいません。\n\n"
    "料金は、前の年の所得から 計算しています。計算のしかたは、この手紙のつぎの紙に 書いてあります。"
    "わからないことは、国保年金課に おたずねください。電話のほか、窓口でも 受けつけています。"
    "窓口は、平日の 午前8時30分から 午後5時15分までです。"
)


def typical() -> list[Screen[Any]]:
    return [
        Attract(name="attract", title="マイ・ポータル", lead="カードを置くと、はじまります"),
        PlaceCard(
            name="place_card",
            title="マイナンバーカードを置いてください",
            hints=(
                "カードは、ケースから出してください。",
                "顔写真のある面を、上にしてください。",
                "おわるまで、置いたままにしてください。",
            ),
            steps=STEPS,
        ),
        PlaceCard(
            name="place_still",
            title="カードを、平らに置いてください",
            hints=(
                "カードが うごいて、よく読めません。",
                "読み取り機のまんなかに置き、手をはなします。",
                "ほかのカードは、はなして置いてください。",
            ),
            still=True,
        ),
        Working(
            name="working",
            title="カードを読んでいます",
            detail="そのまま、お待ちください。",
            stop="やめる",
            steps=STEPS,
        ),
        Working(
            name="working_parts",
            title="役所に 聞いています",
            stop="やめる",
            facts=tuple(Fact(who, state) for who, state in zip(HOLDERS, HOLDER_STATES, strict=True)),
        ),
        _pin("pin", 3),
        _pin("pin_pad", 1, pad=True),
        replace(_pin("pin_letters", 3), pin=Pin.DIGITAL_SIGNATURE, length=16, shortest=6, letters=True),
        _password("password", 5),
        Digits(
            name="digits_postcode",
            title="あたらしい住所の 郵便番号を入れてください",
            hint="7つの数字を、リモコンの数字ボタンで おします。",
            length_min=7,
            length_max=7,
            pattern="###-####",
        ),
        PinOnReader(
            name="pin_on_reader",
            title="読み取り機に、暗証番号を入れてください",
            steps=STEPS,
            step=1,
            pin=Pin.USER_AUTHENTICATION,
            hints=(
                "数字4けたを、読み取り機のボタンでおします。",
                "さいごに「確定」か「OK」を おします。",
            ),
            tries_label="のこり",
            tries_left=2,
            tries_max=3,
            tries_text="2回",
            note="わからないときは、無理に入れずに「戻る」をおしてください",
        ),
        _menu("menu_3", 3),
        _menu("menu_6", 6),
        _menu("menu_8", 8),
        ItemList(
            name="list",
            title="だれが見た？",
            rows=ROWS,
            corner="11月　5件",
            preview_title="くわしく",
        ),
        ItemList(
            name="list_empty", title="だれが見た？", rows=(), empty="あなたの情報のやりとりは、ありませんでした。"
        ),
        Detail(
            name="detail_facts",
            title="だれが見た？",
            subtitle="11月18日(水)",
            facts=FACTS,
            actions=(Choice("back", "もどる"), Choice("doubt", "おかしいと思う")),
        ),
        Detail(
            name="detail_letter",
            title="国民健康保険料のお知らせ",
            subtitle="みどり市 国保年金課　11月18日(水)",
            summary=("12月3日(木)までに お支払いください", "金額は 24,800円です"),
            body=LETTER,
            actions=(
                Choice("back", "もどる"),
                Choice("reply", "返事をする"),
                Choice("family", "家族に見せる"),
                Choice("keep", "保存する"),
            ),
        ),
        Detail(
            name="detail_bare",
            title="こまったときは",
            body=HELP,
        ),
        Consent(
            name="consent",
            title="お医者さんに、過去の情報を見せますか？",
            lead="見せなくても、保険は使えます。今回だけの同意です（24時間）。",
            steps=("カード", "同意", "本人かくにん", "おわり"),
            step=1,
            items=(
                ConsentItem("medicines", "薬の情報", "どの薬を、いつ出されたか（3年分）"),
                ConsentItem("treatment", "診療の情報", "いつ、どの病院で診てもらったか（3年分）"),
                ConsentItem("checkup", "健診の結果", "特定健診の結果（5年分）"),
            ),
            yes="はい",
            no="いいえ",
            all_of_them="まとめて見せる",
            only_chosen="えらんだものだけ",
            none_of_them="見せない",
        ),
        Confirm(
            name="paying.sure",
            title="1,234,567円を 払いますか？",
            lines=(
                "登録した口座 ****0001 から 引かれます。",
                "窓口で 払うこともできます。",
                "つぎに、4けたの暗証番号を 入れます。",
            ),
            yes="払う",
            no="窓口で払う",
            here_only=True,
        ),
        Menu(
            name="paying.paid",
            title="1,234,567円を いただきました",
            subtitle="領収書を お渡ししました。ほかにも、もらえます。",
            choices=(
                Choice("paper", "紙で もらう", "紙を お取りください"),
                Choice("phone", "スマホで もらう", "スマホのカメラで 写します"),
                Choice("box", "電子私書箱に 入れる", "マイ・ポータルで いつでも 見られます"),
                Choice("done", "おわる", "カードを お取りください", digit=0),
            ),
        ),
        Confirm(
            name="confirm_last_try",
            title="あと1回で、使えなくなります",
            lines=(
                *("まちがえると、窓口で 決めなおすことになります。",),
                *(
                    "わからないときは、やめて 窓口で きいてください。",
                    "たしかなときだけ、入れてください。",
                ),
            ),
            yes="もう一度だけ 入れる",
            no="やめて、窓口で きく",
            mark=Mark.CARE,
            code="E-04",
        ),
        Confirm(
            name="confirm_end",
            title="おわりますか？",
            lines=("画面の情報を消して、カードをお返しします。",),
            yes="おわる",
            no="つづける",
        ),
        Result(
            name="result",
            title="保険が使えます",
            mark=Mark.GOOD,
            steps=("カード", "同意", "本人かくにん", "おわり"),
            step=3,
            facts=(
                Fact("お名前", "見本 花子（ミホン ハナコ）"),
                Fact("保険者", "みほん県後期高齢者医療広域連合（39990015）"),
                Fact("記号・番号", "みほ・01234567（枝番 01）"),
                Fact("お支払いの割合", "3割"),
                Fact("使える期限", "2027年7月31日"),
                Fact("区分", "本人"),
                Fact("見せる情報", "薬の情報・健診の結果"),
            ),
            actions=(Choice("next", "つぎへ"),),
        ),
        Result(
            name="result_bad",
            title="あいてが受けつけませんでした",
            mark=Mark.BAD,
            lines=(
                "下の番号を、市区町村の窓口に",
                "つたえてください。",
            ),
        ),
        Problem(
            name="problem",
            title="いま、つながりません",
            lines=(
                *(
                    "回線か あいての機械が、休んでいます。",
                    "カードと暗証番号に、問題はありません。",
                ),
                *("すこし待って、もう一度おしてください。",),
            ),
            code="E-10",
            actions=(Choice("again", "もう一度"), Choice("over", "おわる")),
        ),
        Problem(
            name="problem_stays",
            title="カードの読み取り機が見つかりません",
            lines=("読み取り機が、つながっていません。", "線が ぬけていないか、見てください。"),
            code="E-21",
        ),
        TakeCard(name="take_card", title="カードを取ってください", lines=("ご利用ありがとうございました。",)),
        TakeCard(name="cleared", title="画面の情報を消しました", lines=("ご利用ありがとうございました。",), taken=True),
        CardAway(
            name="card_away",
            title="カードがはなれました",
            lead="10秒のあいだに もどすと、つづきからできます",
            note="もどらないときは、すべて消します。",
            code="E-09",
            seconds=10,
        ),
        Margins(
            name="margins",
            title="画面の端が切れる",
            lines=("四すみの しるしが、ぜんぶ見えるようにします。", "←→ で横、↑↓ で縦の大きさを 変えます。"),
            ok="これでよい",
        ),
        StillThere(
            name="still_there",
            title="つづけますか？",
            lead="しばらくボタンがおされていません。",
            go_on="つづける（どのボタンでも）",
            seconds=60,
        ),
        PhoneCode(
            name="phone.code",
            title="スマホのカメラで、写してください",
            hints=(
                "同じ家のWi-Fiに つないだスマホで 写します。",
                "「安全でない」と出たら「詳細」から すすみます。",
                "2分たつと、つかえなくなります。",
            ),
            code_picture=picture("https://192.168.100.105:41234/p#k=AAAAAAAAAAAAAAAAAAAAAA&s=" + "A" * 43),
        ),
        Chart(
            name="chart_bars",
            title="歩数",
            sentences=("この7日は、1日 平均5,342歩。", "先週より、すこし多く歩いています。"),
            points=tuple(
                Point(f"11/{day}", f"11月{day}日(水) {steps:,}歩", (float(steps),))
                for day, steps in zip(range(14, 21), (4210, 3890, 0, 7120, 5230, 12840, 4110), strict=True)
            ),
            ticks=(Tick(0, "0"), Tick(5000, "5,000"), Tick(10000, "10,000"), Tick(15000, "15,000")),
            actions=(Choice("back", "もどる"),),
        ),
        Chart(
            name="chart_lines",
            title="血圧",
            sentences=("平均は 上132・下80。", "めやす（135・85より下）の中です。"),
            points=tuple(
                Point(
                    "" if n % 2 else f"11/{14 + n // 2}",
                    f"11月{14 + n // 2}日(水) {'夜' if n % 2 else '朝'}　上{128 + n}・下{74 + n}",
                    (128.0 + n, 74.0 + n),
                )
                for n in range(14)
            ),
            lines=("上の血圧", "下の血圧"),
            ticks=(Tick(40, "40"), Tick(80, "80"), Tick(120, "120"), Tick(160, "160")),
            bands=(Band(50, 85), Band(90, 135)),
            band="めやす",
            actions=(Choice("add", "血圧を入れる"), Choice("back", "もどる")),
        ),
        Chart(
            name="chart_empty",
            title="血圧",
            sentences=("まだ、血圧の記録が ありません。", "「血圧を入れる」で、のこせます。"),
            actions=(Choice("add", "血圧を入れる"), Choice("back", "もどる")),
        ),
        Alarm(
            name="alarm",
            title="いますぐ、避難してください",
            band="警戒レベル4　避難指示",
            lines=(
                "みどり川の水が、あふれるおそれがあります。",
                "川の近くの人は、いますぐ避難してください。",
            ),
            facts=(
                Fact("場所", "みどり市 川ぞい地区"),
                Fact("避難所", "みどり小学校（みどり市みどり町1-1 体育館）"),
                Fact("出した人", "みどり市 防災"),
            ),
            actions=(Choice("ok", "わかりました", digit=-1), Choice("evacuated", "避難しました", digit=-1)),
        ),
        Digits(
            name="digits",
            title="上の血圧を入れてください",
            hint="リモコンの数字ボタンで おします。",
            unit="mmHg",
            length_min=2,
            length_max=3,
        ),
        Digits(
            name="digits_day",
            title="生まれた日を、8つの数字で入れてください",
            hint="1950年1月2日なら、1 9 5 0 0 1 0 2 と おします。",
            length_min=8,
            pattern="####-##-##",
        ),
    ]


def extreme() -> list[Screen[Any]]:
    long = f"{LONG_OFFICE} からの {LONG_NAME} さまあての たいへん長い題名の おしらせについて"
    return [
        Menu(
            name="menu_long",
            title=f"{LONG_NAME}さん、こんにちは",
            subtitle=f"前回：11月18日(水) 午前10時12分・{LONG_OFFICE} 一階ロビー 北側 二番めの機械",
            corner="11月21日(土)10:30",
            choices=tuple(Choice(f"c{n}", long, long * 2, badge="新着 128件") for n in range(8)),
        ),
        ItemList(
            name="list_long",
            title=long,
            corner="2026年11月　128件",
            preview_title=long,
            rows=tuple(
                Row(key=f"r{n}", above=long, title=long * 2, below=long, badge="まだ読んでいません", facts=LONG_FACTS)
                for n in range(9)
            ),
        ),
        Alarm(
            name="alarm_long",
            title="いますぐ、命を守ってください",
            band="警戒レベル5　緊急安全確保",
            lines=(long,) * 20,
            facts=tuple(Fact("避難所", long) for _ in range(30)),
            actions=(Choice("ok", "わかりました", digit=-1), Choice("evacuated", "避難しました", digit=-1)),
        ),
        Detail(
            name="detail_long",
            title=long,
            subtitle=long,
            summary=(long, long, long),
            facts=LONG_FACTS,
            body=LETTER * 6,
            actions=tuple(Choice(f"a{n}", "おかしいと思うので 相談する") for n in range(4)),
        ),
        Result(name="result_long", title=long, mark=Mark.BAD, facts=LONG_FACTS, lines=(long,)),
        PlaceCard(name="steps_long", title=long, hints=(long, long), steps=(LONG_OFFICE,) * 4, step=1),
        Problem(
            name="problem_long",
            title=long,
            lines=("回線か あいての機械が、休んでいます。\nカードと暗証番号に、問題はありません。",),
            code="E-10",
            actions=tuple(Choice(f"a{n}", "もう一度 はじめから やりなおす") for n in range(3)),
        ),
    ]


def _password(name: str, tries: int) -> PasswordEntry:
    return PasswordEntry(
        name=name,
        title="電子のはんこの 暗証番号を入れてください",
        hint="英語の大きい文字と数字で 6〜16文字です。入れた文字は 画面に出ません。",
        tries_label="のこり",
        tries_left=tries,
        tries_max=5,
        tries_text=f"{tries}回",
        note="わからないときは、無理に入れないでください",
        steps=("こたえる", "たしかめる", "はんこ"),
        step=2,
    )


def _pin(name: str, tries: int, *, pad: bool = False) -> PinEntry:
    return PinEntry(
        name=name,
        title="数字4けたの暗証番号を入れてください",
        pin=Pin.USER_AUTHENTICATION,
        hint="右の数字をおしてください。おした数字は画面に出ません。"
        if pad
        else "リモコンの数字ボタンでおしてください。数字は画面に出ません。",
        tries_label="のこり",
        tries_left=tries,
        tries_max=3,
        tries_text=f"{tries}回",
        note="わからないときは、無理に入れずに「戻る」をおしてください",
        steps=STEPS,
        step=1,
        pad=pad,
    )


def _menu(name: str, count: int) -> Menu:
    choices = (
        Choice("notices", "おしらせ", "役所と会社からのおしらせを読む", badge="新着 3"),
        Choice("access_log", "だれが見た？", "あなたの情報を、だれが いつ、なぜ見たか"),
        Choice("info", "わたしの情報", "税・年金・健康保険を たしかめる"),
        Choice("procedures", "手続き", "引っこしなどを まとめて申しこむ"),
        Choice("health", "健康・予約", "健診の結果を見る 施設を予約する"),
        Choice("family", "家族・代理", "家族のかわりに 手続きをする"),
        Choice("card", "カードのようす", "暗証番号を、あと何回入れられるか"),
    )
    over = Choice("over", "おわる", "画面の情報を消します", digit=0)
    return Menu(
        name=name,
        title="見本 花子さん、こんにちは",
        subtitle="前回：11月18日(水) 午前10時12分・このテレビ",
        corner="11月21日(土)10:30",
        choices=(*choices[: count - 1], over),
    )

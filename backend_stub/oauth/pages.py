"""The texts of the pages between a company's page and the kiosk. No script, nothing from elsewhere."""

from __future__ import annotations

from html import escape

_FRAME = """<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>マイ・ポータル</title>
<style>
body {{ font: 1.3rem/1.7 sans-serif; max-width: 36rem; margin: 2rem auto; padding: 0 1rem; color: #111; }}
.number {{ font-size: 3.5rem; font-weight: bold; letter-spacing: .1em; text-align: center; }}
input, button {{ font: inherit; font-size: 2rem; padding: .3em; }}
input {{ width: 5em; letter-spacing: .2em; }}
.wrong {{ color: #a00; font-weight: bold; }}
</style></head><body><main>
{content}
</main></body></html>
"""


def _page(content: str) -> str:
    return _FRAME.format(content=content)


def shows_number(partner: str, number: str) -> str:
    """The number for the kiosk."""
    return _page(
        f"<h1>テレビか窓口で 番号を 入れてください</h1>"
        f"<p>{escape(partner)} が、あなたの情報を 見たいと 言っています。"
        f"テレビの マイ・ポータルで「つながる会社」を えらび、この番号を 入れてください。</p>"
        f'<p class="number" id="number">{number[:3]} {number[3:]}</p>'
        f"<p>テレビで「はい」を えらぶと、この画面が かわります。10分のあいだに お願いします。</p>"
        f"<p>自分で はじめたのでなければ、この画面を とじてください。</p>"
    )


def asks_check(partner: str, *, wrong: bool) -> str:
    """Where the four digits of the kiosk are typed."""
    again = '<p class="wrong" role="alert">番号が ちがいます。もう一度 見てください。</p>' if wrong else ""
    return _page(
        f"<h1>テレビに 出ている 4けたの 番号を 入れてください</h1>{again}"
        f'<form method="post"><p><label for="check">4けたの番号</label><br>'
        f'<input id="check" name="check" inputmode="numeric" autocomplete="off" maxlength="4" required autofocus>'
        f"</p><p><button>{escape(partner)} へ もどる</button></p></form>"
    )


LOST = _page(
    "<h1>この画面は もう 使えません</h1>"
    "<p>時間が すぎたか、一度 使われています。会社のページから、もう一度 はじめてください。</p>"
)

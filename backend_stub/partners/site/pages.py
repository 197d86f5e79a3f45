"""The company's pages. No script; whatever others wrote is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from backend_stub.partners.accounts import Account

_FRAME = """<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{name}</title>
<style>
body {{ font: 1.2rem/1.7 sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; color: #111; }}
button {{ font: inherit; padding: .5em 1em; }}
li {{ margin: .6em 0; }}
</style></head><body><main><h1>{name} わたしのページ</h1>
{content}
</main></body></html>
"""


def home(name: str) -> str:
    """Before there is a consent, and after one has ended."""
    return _page(
        name,
        "<p>役所からのおしらせの 題名を、ここでも 見られます。</p>"
        '<form method="post" action="start"><button>マイ・ポータルと つなぐ</button></form>',
    )


def notices(name: str, found: Iterable[Mapping[str, str]]) -> str:
    """The headings, as the portal has them now."""
    rows = "".join(f"<li>{escape(one['title'])}<br><small>{escape(one['sender'])}</small></li>" for one in found)
    listed = f'<ul id="notices">{rows}</ul>' if rows else "<p>おしらせは ありません。</p>"
    return _page(name, f"<h2>役所からのおしらせ</h2>{listed}")


def account_first(name: str) -> str:
    """A bank's page before there is an account."""
    return _page(
        name,
        "<p>マイ・ポータルから、名前と 住所を もらって、口座を ひらきます。</p>"
        '<form method="post" action="start"><button>口座を ひらく</button></form>',
    )


def account(name: str, found: Account, *, certified: bool = False) -> str:
    """The account, and the way to make it the one for refunds."""
    rows = (("口座番号", found.number), ("お名前", found.name), ("ご住所", found.address))
    listed = "".join(f"<li>{label}: {escape(value)}</li>" for label, value in rows)
    way = (
        '<p id="certified">電子私書箱に 入れました。テレビの「確定申告」で えらべます。</p>'
        if certified
        else '<form method="post" action="done"><button>この口座を 公金の受取口座に する</button></form>'
    )
    return _page(name, f'<h2>口座を ひらきました</h2><ul id="account">{listed}</ul>{way}')


def not_given(name: str) -> str:
    return _page(name, '<p id="not-given">つながっていません。</p><p><a href="./">はじめに もどる</a></p>')


def not_reached(name: str) -> str:
    return _page(name, '<p id="not-reached">いまは つながりません。時間をおいて、もう一度 おためしください。</p>')


def _page(name: str, content: str) -> str:
    return _FRAME.format(name=escape(name), content=content)

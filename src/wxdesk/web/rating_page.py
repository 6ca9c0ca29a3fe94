"""The page behind a link in which customers rate: no sign-in, no script, one small form."""

from html import escape
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse

from wxdesk.desk import ratings
from wxdesk.desk.ratings import LINES, NoSuchInvitation, Rating, Score
from wxdesk.web.deps import Now, OpenUnit, ReadUnit

router = APIRouter(include_in_schema=False)

Secret = Annotated[str, Path(max_length=64)]
_SCORES = {str(int(each)): each for each in Score}


@router.get(ratings.PATH + "{secret}")
async def ask(secret: Secret, unit: ReadUnit, now: Now) -> HTMLResponse:
    """Ask, or say that it is over."""
    try:
        rating = await ratings.find_invitation(unit, secret)
        if not rating.takes(now):
            return _page(_OVER)
        says = await ratings.settings_of_contact(unit, rating.contact_id)
    except NoSuchInvitation:
        return _page(_GONE, 404)
    return _page(_form(rating, says.head))


@router.post(ratings.PATH + "{secret}")
async def tell(secret: Secret, request: Request, unit: OpenUnit, now: Now) -> HTMLResponse:
    """Take what was told: the first time counts, and for a while it may be changed."""
    told = parse_qs((await request.body()).decode("utf-8", "replace"))
    score = _SCORES.get(told.get("score", [""])[0])
    words = told.get("comment", [""])[0].replace("\x00", "").strip()
    try:
        rating = await ratings.rate_by_link(unit, secret, score=score, words=words, now=now)
    except NoSuchInvitation:
        return _page(_GONE, 404)
    says = await ratings.settings_of_contact(unit, rating.contact_id)
    if rating.score is None:
        return _page(_form(rating, says.head))
    asks = rating.score == Score.BAD and not rating.comment
    return _page(_thanks(says.ask if asks else says.thanks, asks=asks))


_OVER = "<h1>评价已经收到</h1><p>感谢您的反馈。</p>"
_GONE = "<h1>链接已失效</h1><p>这个评价链接不存在，或已经用过。</p>"


def _form(rating: Rating, head: str) -> str:
    buttons = "".join(
        f'<button name="score" value="{each:d}"{_pressed(rating, each)}>{LINES[each]}</button>'
        for each in sorted(Score, reverse=True)
    )
    return f'<h1>{escape(head)}</h1><form method="post" class="scores">{buttons}</form>'


def _pressed(rating: Rating, score: Score) -> str:
    return ' aria-pressed="true"' if rating.score == score else ""


def _thanks(says: str, *, asks: bool) -> str:
    if not asks:
        return f"<h1>{escape(says)}</h1>"
    return (
        f'<h1>{escape(says)}</h1><form method="post"><label for="comment">您的意见</label>'
        f'<textarea id="comment" name="comment" rows="4" maxlength="{ratings.LONGEST_COMMENT}">'
        "</textarea><button>提交</button></form>"
    )


def _page(body: str, status: int = 200) -> HTMLResponse:
    html = (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>服务评价</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex"><style>{_STYLE}</style></head>'
        f"<body><main>{body}</main></body></html>"
    )
    return HTMLResponse(html, status, headers={"cache-control": "no-store"})


_STYLE = """
:root{color-scheme:light dark}
body{margin:0;font:16px/1.6 system-ui,sans-serif;color:#1b1f23;background:#f4f6f5}
main{max-width:420px;padding:48px 20px;margin:0 auto}
h1{margin:0 0 24px;font-size:20px;line-height:1.5}
form{display:grid;gap:12px}
button{min-height:48px;font:inherit;color:inherit;background:#fff;border:1px solid #c9d1cd;
border-radius:8px}
button[aria-pressed=true]{border:2px solid #0d7a4f}
textarea{padding:10px;font:inherit;color:inherit;background:#fff;border:1px solid #c9d1cd;
border-radius:8px}
@media(prefers-color-scheme:dark){body{color:#e6e9e7;background:#141716}
button,textarea{background:#1f2422;border-color:#48504c}}
"""

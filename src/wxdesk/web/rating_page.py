"""The page behind a link in which customers rate: no sign-in, no script, one small form.

It speaks the language that WeChat tells of a customer, else their browser's; Chinese by default.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse

from wxdesk.desk import contacts, ratings
from wxdesk.desk.ratings import LINES, NoSuchInvitation, Rating, RatingSettings, Score
from wxdesk.store import Unit
from wxdesk.web.deps import Now, OpenUnit, ReadUnit

router = APIRouter(include_in_schema=False)

Secret = Annotated[str, Path(max_length=64)]
_AS_DEFAULT = RatingSettings.as_default(0)
_SCORES = {str(int(each)): each for each in Score}


@dataclass(frozen=True, slots=True)
class _Words:
    """What the page says by itself, in one language."""

    lang: str
    title: str
    scores: Mapping[Score, str]
    over: str
    gone: str
    head: str
    thanks: str
    ask: str
    comment: str
    send: str


_ZH = _Words(
    lang="zh-CN",
    title="服务评价",
    scores=LINES,
    over="<h1>评价已经收到</h1><p>感谢您的反馈。</p>",
    gone="<h1>链接已失效</h1><p>这个评价链接不存在，或已经用过。</p>",
    head=_AS_DEFAULT.head,
    thanks=_AS_DEFAULT.thanks,
    ask=_AS_DEFAULT.ask,
    comment="您的意见",
    send="提交",
)
_EN = _Words(
    lang="en",
    title="How was it?",
    scores={Score.GOOD: "Good", Score.FAIR: "So-so", Score.BAD: "Not good"},
    over="<h1>We have your rating</h1><p>Thank you for telling us.</p>",
    gone="<h1>This link is over</h1><p>There is no such link, or it has been used.</p>",
    head="How was our service?",
    thanks="Thank you for your rating.",
    ask="We are sorry. What could we have done better?",
    comment="Your words",
    send="Send",
)


def _words_of(language: str, request: Request) -> _Words:
    """In the language WeChat tells of them, else in the browser's, else in Chinese."""
    accepted = request.headers.get("accept-language", "").split(",")[0]
    first = (language or accepted).strip().lower()
    return _EN if first and not first.startswith("zh") else _ZH


def _say(kept: str, name: str, words: _Words) -> str:
    """What an account says; where it left the words as they were, in the customer's language."""
    as_default = kept == getattr(_AS_DEFAULT, name)
    return escape(getattr(words, name) if as_default else kept)


@router.get(ratings.PATH + "{secret}")
async def ask(secret: Secret, request: Request, unit: ReadUnit, now: Now) -> HTMLResponse:
    """Ask, or say that it is over."""
    words = _words_of("", request)
    try:
        rating = await ratings.find_invitation(unit, secret)
        words = await _words_for(unit, rating, request)
        if not rating.takes(now):
            return _page(words.over, words)
        says = await ratings.settings_of_contact(unit, rating.contact_id)
    except NoSuchInvitation:
        return _page(words.gone, words, 404)
    return _page(_form(rating, says, words), words)


@router.post(ratings.PATH + "{secret}")
async def tell(secret: Secret, request: Request, unit: OpenUnit, now: Now) -> HTMLResponse:
    """Take what was told: the first time counts, and for a while it may be changed."""
    told = parse_qs((await request.body()).decode("utf-8", "replace"))
    score = _SCORES.get(told.get("score", [""])[0])
    comment = told.get("comment", [""])[0].replace("\x00", "").strip()
    try:
        rating = await ratings.rate_by_link(unit, secret, score=score, words=comment, now=now)
    except NoSuchInvitation:
        words = _words_of("", request)
        return _page(words.gone, words, 404)
    words = await _words_for(unit, rating, request)
    says = await ratings.settings_of_contact(unit, rating.contact_id)
    if rating.score is None:
        return _page(_form(rating, says, words), words)
    if rating.score == Score.BAD and not rating.comment:
        return _page(_question(_say(says.ask, "ask", words), words), words)
    return _page(f"<h1>{_say(says.thanks, 'thanks', words)}</h1>", words)


async def _words_for(unit: Unit, rating: Rating, request: Request) -> _Words:
    found = await contacts.by_ids(unit, [rating.contact_id])
    return _words_of(found[rating.contact_id].language, request)


def _form(rating: Rating, says: RatingSettings, words: _Words) -> str:
    buttons = "".join(
        f'<button name="score" value="{each:d}"{_pressed(rating, each)}>'
        f"{words.scores[each]}</button>"
        for each in sorted(Score, reverse=True)
    )
    head = _say(says.head, "head", words)
    return f'<h1>{head}</h1><form method="post" class="scores">{buttons}</form>'


def _pressed(rating: Rating, score: Score) -> str:
    return ' aria-pressed="true"' if rating.score == score else ""


def _question(asks: str, words: _Words) -> str:
    return (
        f'<h1>{asks}</h1><form method="post"><label for="comment">{words.comment}</label>'
        f'<textarea id="comment" name="comment" rows="4" maxlength="{ratings.LONGEST_COMMENT}">'
        f"</textarea><button>{words.send}</button></form>"
    )


def _page(body: str, words: _Words, status: int = 200) -> HTMLResponse:
    html = (
        f'<!doctype html><html lang="{words.lang}"><head><meta charset="utf-8">'
        f"<title>{words.title}</title>"
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

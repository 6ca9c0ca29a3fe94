"""What a push says to an agent, and what it says about the account itself. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from wxdesk import wechat
from wxdesk.desk.account_log import Note
from wxdesk.desk.conversations import Direction
from wxdesk.desk.media import Wanted, waiting_content
from wxdesk.wechat import PayFeedback, Push


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a thread.

    Attributes:
        opens: Somebody wants an answer: where there is no open conversation, open one.
        introduces: A follower did this, so one the desk has not met is now met. What we do not
            understand may come from WeChat itself (the results of jobs) and introduces nobody.
        wanted: The files to fetch for it before WeChat forgets them.
    """

    direction: Direction
    kind: str
    text: str = ""
    content: dict[str, Any] = field(default_factory=dict)
    opens: bool = False
    introduces: bool = True
    wanted: tuple[Wanted, ...] = ()


_MESSAGES: Mapping[type, tuple[str, str]] = {
    wechat.Unsupported: ("unsupported", "text"),
    wechat.Image: ("image", ""),
    wechat.Voice: ("voice", "recognition"),
    wechat.Video: ("video", ""),
    wechat.Location: ("location", "label"),
    wechat.Link: ("link", "title"),
    wechat.MiniProgramPage: ("miniprogrampage", "title"),
    wechat.File: ("file", "title"),
}
_EVENTS: Mapping[type, tuple[str, str]] = {
    wechat.Subscribed: ("subscribe", "scene"),
    wechat.Unsubscribed: ("unsubscribe", ""),
    wechat.Scanned: ("scan", "scene"),
    wechat.MenuClicked: ("menu_click", "key"),
    wechat.PageViewed: ("menu_view", "url"),
    wechat.MiniProgramViewed: ("menu_miniprogram", "page_path"),
    wechat.CodeScanned: ("menu_scan", "result"),
    wechat.PicturesChosen: ("menu_pictures", ""),
    wechat.PlaceChosen: ("menu_location", "label"),
    wechat.OrderPaid: ("payment", "order_id"),
    wechat.CardEvent: ("card", ""),
    wechat.EnteredSession: ("enter_session", ""),
    wechat.ConsentGiven: ("consent", ""),
    wechat.NoticeSent: ("notice", ""),
}
"""What a thread calls each kind, and which of its facts stands for it in lists and searches."""

_SESSIONS: Mapping[type, str] = {
    wechat.SessionOpened: "opened",
    wechat.SessionClosed: "closed",
    wechat.SessionSwitched: "switched",
}
_NOTES: Mapping[type, tuple[str, dict[str, Any]]] = {
    wechat.MassFinished: ("mass_result", {}),
    wechat.Published: ("published", {}),
    wechat.Verified: ("verification", {"ok": True}),
    wechat.VerifyFailed: ("verification", {"ok": False}),
    wechat.RenewalDue: ("verification", {"what": "renewal_due"}),
    wechat.VerificationExpired: ("verification", {"what": "expired", "ok": False}),
    wechat.AuthorizationChanged: ("authorization", {}),
    wechat.Debugged: ("debug", {}),
}
"""What the account's log calls what is told of the account itself."""

_NOT_SHOWN = frozenset({"ticket", "media_id", "media_id_16k", "thumb_media_id"})


def understand(push: Push) -> Line | None:
    """The line that an agent reads for a push; None where there is nothing to read."""
    content = push.content
    if isinstance(content, wechat.Text):
        return _text(content)
    if said := _MESSAGES.get(type(content)):
        return _message(content, *said)
    if happened := _EVENTS.get(type(content)):
        kind, name = happened
        facts = _facts(content)
        return Line(Direction.SYSTEM, kind, str(facts.get(name, "")), facts)
    if type(content) in _SESSIONS:
        return Line(Direction.SYSTEM, "native_session", content=_session(content))
    return _unknown(push) if isinstance(content, wechat.Unknown) else None


def understand_feedback(feedback: PayFeedback) -> Line:
    """A complaint (维权) wants an answer until the customer says that it is settled.

    It introduces nobody: where the account has no key of WeChat Pay's, anybody can post one.
    """
    named = ("feedback_id", "stage", "reason", "solution", "trade_no", "contact")
    facts: dict[str, Any] = {name: getattr(feedback, name) for name in named}
    facts["pictures"] = [url for url in feedback.pictures if url]
    return Line(
        Direction.SYSTEM,
        "complaint",
        feedback.reason,
        _given(facts),
        opens=feedback.stage != "confirm",
        introduces=False,
    )


def note_of(push: Push) -> Note | None:
    """What an operator has to know: the rest is for agents, or for nobody."""
    if type(push.content) in _SESSIONS:
        return Note("native_session", _session(push.content))
    if found := _NOTES.get(type(push.content)):
        kind, more = found
        return Note(kind, _facts(push.content) | more)
    return None


def _text(content: wechat.Text) -> Line:
    facts: dict[str, Any] = {}
    if content.menu_id:
        facts["menu_id"] = content.menu_id
    if content.article:
        facts["article"] = asdict(content.article)
    return Line(Direction.IN, "text", content.text, facts, opens=True)


def _message(content: wechat.Content, kind: str, name: str) -> Line:
    """A message of the follower: somebody waits for an answer."""
    facts, wanted = _facts(content), _wanted(content)
    text = str(facts.get(name, ""))
    facts.pop("text", None)
    for each in wanted:
        facts |= waiting_content(each)
    return Line(Direction.IN, kind, text, facts, opens=True, wanted=wanted)


def _wanted(content: wechat.Content) -> tuple[Wanted, ...]:
    """What has to be fetched; of a voice the finer one, of a picture also where it is shown."""
    match content:
        case wechat.Image(media_id, url):
            return _file("media", "image", media_id, url=url)
        case wechat.Voice(media_id, _, finer):
            return _file("media", "voice", finer, media_id)
        case wechat.Video(media_id, thumb_id):
            return _file("media", "video", media_id) + _file("thumb", "image", thumb_id)
        case wechat.MiniProgramPage(_, _, _, thumb_url, thumb_id):
            return _file("thumb", "image", thumb_id, url=thumb_url)
    return ()


def _file(
    role: str, kind: str, *media_ids: str | None, url: str | None = None
) -> tuple[Wanted, ...]:
    ids = tuple(media_id for media_id in media_ids if media_id)
    return (Wanted(role, ids, kind, url or None),) if ids or url else ()


def _session(content: wechat.Content) -> dict[str, Any]:
    """Another system answers this follower: the account's own tool (网页客服)."""
    facts = {"action": _SESSIONS[type(content)]} | _facts(content)
    if isinstance(content, wechat.SessionSwitched):
        facts["kf_account"], facts["to"] = (
            facts.pop("from_kf_account"),
            facts.pop("to_kf_account"),
        )
    return facts


def _unknown(push: Push) -> Line:
    """Something else, shown as what WeChat calls it."""
    kind = push.kind.removeprefix("event/")
    if push.is_event:
        return Line(Direction.SYSTEM, "event", content={"raw_kind": kind}, introduces=False)
    return Line(Direction.IN, kind, content={"raw_kind": kind}, opens=True)


def _facts(content: wechat.Content) -> dict[str, Any]:
    """What a push says, by our own names for it, as JSON can hold it."""
    facts = _given(asdict(content))
    return {name: _plain(name, fact) for name, fact in facts.items() if name not in _NOT_SHOWN}


def _given(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fact for name, fact in facts.items() if fact not in (None, "", (), [], {})}


def _plain(name: str, fact: object) -> object:
    """Moments as text; numbers of messages, too: they are longer than a browser's."""
    match fact:
        case datetime():
            return fact.isoformat()
        case dict():
            return {key: _plain(key, value) for key, value in fact.items()}
        case list() | tuple():
            return [_plain(name, value) for value in fact]
        case int() if name in ("msg_id", "publish_id"):
            return str(fact)
    return fact

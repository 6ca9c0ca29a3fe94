"""One push as a value, and how it is read.

``parse`` does no I/O and never guesses. It is strict about who, when and what, without which a push
is none, and lenient about the rest, as nothing that WeChat sends may be lost: a kind we do not
know, or one whose content is not as documented, is ``Unknown`` with all its texts in ``extra``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from wxdesk.wechat.elements import read_elements
from wxdesk.wechat.errors import Malformed
from wxdesk.wechat.push import account, commerce, menu, messages, results, visits
from wxdesk.wechat.push.account import AccountNews
from wxdesk.wechat.push.commerce import Deal
from wxdesk.wechat.push.fields import Fields
from wxdesk.wechat.push.menu import MenuUse
from wxdesk.wechat.push.messages import Sent
from wxdesk.wechat.push.results import Result
from wxdesk.wechat.push.visits import Visit

KEY_CHARS = 120


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something else, kept for the day it is understood."""

    kind: str


Content = Sent | Visit | MenuUse | Result | Deal | AccountNews | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One push: who, when, and what.

    Attributes:
        account: ``ToUserName``, the account's original id (``gh_…``).
        openid: ``FromUserName``, the follower; unique within the account only. What WeChat tells
            about the account itself comes from a helper of WeChat's.
        sent_at: ``CreateTime`` by WeChat's clock: UTC, whole seconds.
        kind: ``text``, ``image``, … for messages, ``event/subscribe``, … for events.
        msg_id: ``MsgId``; events have none. Up to 20 digits: more than a signed 64-bit integer.
        key: The same for every try of one push, and for no other push of this follower.
        content: What was sent or happened.
        extra: The texts the content says nothing of, by WeChat's names (``List/Hue`` where one
            stands in another); most often none.
    """

    account: str
    openid: str
    sent_at: datetime
    kind: str
    msg_id: int | None
    key: str
    content: Content
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def is_event(self) -> bool:
        """Whether it tells what happened, rather than brings what the follower sent."""
        return "/" in self.kind


def parse(body: bytes) -> Push:
    """Read one push.

    Args:
        body: The XML that WeChat posted, already decrypted; or JSON, which it posts for mini
            programs.

    Raises:
        Malformed: The body is neither, or does not say who, when and what.
    """
    fields = Fields(read_elements(body), body)
    kind = _kind(fields)
    sent = fields.take_seconds("CreateTime")
    msg_id = fields.take_whole("MsgId") if "/" not in kind and "MsgId" in fields.texts else None
    return Push(
        account=fields.take_id("ToUserName"),
        openid=fields.take_id("FromUserName"),
        sent_at=datetime.fromtimestamp(sent, UTC),
        kind=kind,
        msg_id=msg_id,
        key=f"m{msg_id}" if msg_id is not None else _key(fields, kind, sent, body),
        content=_content(kind, fields, body),
        extra=fields.left_over() if fields.texts else {},
    )


def _kind(fields: Fields) -> str:
    kind = fields.take_id("MsgType").lower()
    if kind == "event":
        return f"event/{fields.take_id('Event').lower()}"
    if "/" in kind:
        raise Malformed("odd MsgType")
    return kind


def _key(fields: Fields, kind: str, sent: int, body: bytes) -> str:
    """What tells a push without ``MsgId`` from others: WeChat names only sender and time.

    Two events can share a second, so their name and key count too, and ``MsgID`` where the
    event reports on a message we sent.
    """
    event = kind.removeprefix("event/")
    if event == kind:
        return _bounded(f"x{sent}:{kind}:{sha256(body).hexdigest()[:32]}")
    about = fields.texts.get("EventKey") or fields.texts.get("MsgID", "")
    return _bounded(f"e{sent}:{event}:{about}")


def _bounded(key: str) -> str:
    if len(key) <= KEY_CHARS:
        return key
    digest = sha256(key.encode()).hexdigest()[:32]
    return f"{key[: KEY_CHARS - len(digest) - 1]}#{digest}"


def _content(kind: str, fields: Fields, body: bytes) -> Content:
    read = _READERS.get(kind)
    if read is None:
        return Unknown(kind)
    untouched = fields.texts.copy()
    try:
        return read(fields)
    except Malformed:
        fields.texts, fields.tree = untouched, body
        return Unknown(kind)


_READERS: dict[str, Callable[[Fields], Content]] = {
    **messages.READERS,
    **visits.READERS,
    **menu.READERS,
    **results.READERS,
    **commerce.READERS,
    **account.READERS,
}

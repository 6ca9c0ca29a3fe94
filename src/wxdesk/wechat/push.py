"""What WeChat pushes to the desk, as typed values.

``parse`` turns one decrypted XML body into one ``Push``. It does no I/O and never guesses: a
documented element that is missing or of the wrong kind is ``Malformed``; a kind of push we do not
know becomes ``Unknown``, so that nothing WeChat sends is lost.

Source: "Receiving standard messages" and "Receiving event pushes" (doc/service/guide/product/
message), as read in early 2026.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from wxdesk.wechat.elements import read_elements
from wxdesk.wechat.errors import Malformed
from wxdesk.wechat.limits import MAX_ID_CHARS, MSG_ID_DIGITS

EARLIEST = int(datetime(2012, 8, 1, tzinfo=UTC).timestamp())  # no Official Account is older
LATEST = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp())
KEY_CHARS = 120


@dataclass(frozen=True, slots=True)
class Text:
    """The follower wrote, or touched a line of a menu message (``menu_id``)."""

    text: str
    menu_id: str | None = None


@dataclass(frozen=True, slots=True)
class Subscribed:
    """Somebody follows the account.

    Attributes:
        scene: What the scanned QR code stands for, without WeChat's prefix.
        ticket: The ticket of that QR code.
        trade_no: The payment from whose page they followed.
    """

    scene: str | None = None
    ticket: str | None = None
    trade_no: str | None = None


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """The follower left; WeChat asks to delete what is known about them."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something else, kept for the day it is understood."""

    kind: str


Content = Text | Subscribed | Unsubscribed | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One push: who, when, and what.

    Attributes:
        account: ``ToUserName``, the account's original id (``gh_…``).
        openid: ``FromUserName``, the follower; unique within the account only.
        sent_at: ``CreateTime`` by WeChat's clock: UTC, whole seconds.
        kind: ``text``, ``image``, … for messages, ``event/subscribe``, … for events.
        msg_id: ``MsgId``; events have none. Up to 20 digits: more than a signed 64-bit integer.
        key: The same for every try of one push, and for no other push of this follower.
        content: What was sent or happened.
    """

    account: str
    openid: str
    sent_at: datetime
    kind: str
    msg_id: int | None
    key: str
    content: Content


def parse(body: bytes) -> Push:
    """Read one push.

    Args:
        body: The XML that WeChat posted, already decrypted.

    Raises:
        Malformed: The body is not XML, or lacks a documented element.
    """
    elements = read_elements(body)
    kind = _kind(elements)
    sent = _sent(elements)
    msg_id = _msg_id(elements) if "/" not in kind else None
    read = _READERS.get(kind)
    return Push(
        account=_name(elements, "ToUserName"),
        openid=_name(elements, "FromUserName"),
        sent_at=datetime.fromtimestamp(sent, UTC),
        kind=kind,
        msg_id=msg_id,
        key=f"m{msg_id}" if msg_id is not None else _key(elements, kind, sent, body),
        content=read(elements) if read else Unknown(kind),
    )


def _kind(elements: Mapping[str, str]) -> str:
    kind = _name(elements, "MsgType").lower()
    if kind == "event":
        return f"event/{_name(elements, 'Event').lower()}"
    if "/" in kind:
        raise Malformed("odd MsgType")
    return kind


def _sent(elements: Mapping[str, str]) -> int:
    sent = _whole(elements, "CreateTime")
    if not EARLIEST <= sent <= LATEST:
        raise Malformed("odd CreateTime")
    return sent


def _msg_id(elements: Mapping[str, str]) -> int | None:
    return _whole(elements, "MsgId") if "MsgId" in elements else None


def _key(elements: Mapping[str, str], kind: str, sent: int, body: bytes) -> str:
    """What tells a push without ``MsgId`` from others: WeChat names only sender and time.

    Two events can share a second, so their name and key count too, and ``MsgID`` where the
    event reports on a message we sent.
    """
    event = kind.removeprefix("event/")
    if event == kind:
        return _bounded(f"x{sent}:{kind}:{sha256(body).hexdigest()[:32]}")
    about = elements.get("EventKey") or elements.get("MsgID", "")
    return _bounded(f"e{sent}:{event}:{about}")


def _bounded(key: str) -> str:
    if len(key) <= KEY_CHARS:
        return key
    digest = sha256(key.encode()).hexdigest()[:32]
    return f"{key[: KEY_CHARS - len(digest) - 1]}#{digest}"


def _required(elements: Mapping[str, str], name: str) -> str:
    try:
        return elements[name]
    except KeyError:
        raise Malformed(f"no {name}") from None


def _name(elements: Mapping[str, str], name: str) -> str:
    value = _required(elements, name)
    if 0 < len(value) <= MAX_ID_CHARS and value.isascii() and value.isprintable():
        return value
    raise Malformed(f"odd {name}")


def _whole(elements: Mapping[str, str], name: str) -> int:
    digits = _required(elements, name)
    if len(digits) <= MSG_ID_DIGITS and digits.isascii() and digits.isdigit():
        return int(digits)
    raise Malformed(f"odd {name}")


def _text(elements: Mapping[str, str]) -> Text:
    return Text(_required(elements, "Content"), elements.get("bizmsgmenuid") or None)


def _subscribed(elements: Mapping[str, str]) -> Subscribed:
    key = elements.get("EventKey", "")
    if key.startswith("last_trade_no_"):
        return Subscribed(trade_no=key.removeprefix("last_trade_no_"))
    return Subscribed(
        scene=key.removeprefix("qrscene_") or None,
        ticket=elements.get("Ticket") or None,
    )


def _unsubscribed(_elements: Mapping[str, str]) -> Unsubscribed:
    return Unsubscribed()


_READERS: dict[str, Callable[[Mapping[str, str]], Content]] = {
    "text": _text,
    "event/subscribe": _subscribed,
    "event/unsubscribe": _unsubscribed,
}

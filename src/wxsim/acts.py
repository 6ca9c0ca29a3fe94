"""What a follower can do: each act changes the platform and becomes a push."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wxsim import push
from wxsim.allowance import Trigger
from wxsim.platform import Platform
from wxsim.push import Push
from wxsim.xml import Element

MAX_FILE_BYTES = 12_000_000
MAX_TEXT = 20_000  # characters

_PICTURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"BM": "image/bmp",
}


class BadAct(Exception):
    """This cannot be done, whoever wants it; says why in a sentence."""


class NotFollowing(Exception):
    """Only a follower can do this."""


class NotYet(Exception):
    """WeChat knows this act, the simulator does not."""


def perform(platform: Platform, openid: str, wish: Mapping[str, Any], *, origin: str = "") -> Push:
    """Do what the follower wishes, at this moment; the push is still to be delivered.

    Args:
        platform: Changed by the act.
        openid: Who acts.
        wish: ``type`` and what the type needs, as the control API takes it.
        origin: Where the simulator's own files are reached, as ``http://host:port``.

    Raises:
        NoSuchFollower: Nobody has this openid.
        BadAct: The wish is not understood.
        NotFollowing: The act needs a follower.
        NotYet: The act is not simulated yet.
    """
    follower = platform.get_follower(openid)
    kind = wish.get("type")
    act = _ACTS.get(kind) if isinstance(kind, str) else None
    if act is None:
        raise BadAct(f"type is one of {', '.join(_ACTS)}")
    if not follower.following and kind not in _OPEN_TO_ALL:
        raise NotFollowing(f"{follower.name} does not follow the account; subscribe first")
    now = platform.now().replace(microsecond=0)  # CreateTime knows whole seconds
    return act(_Doing(platform, openid, wish, now, origin))


@dataclass(frozen=True, slots=True)
class _Doing:
    """One act under way: the wish, and what acts have in common."""

    platform: Platform
    openid: str
    wish: Mapping[str, Any]
    now: datetime
    origin: str

    def text(self, name: str, default: str | None = None) -> str:
        value = self.wish.get(name, default)
        if not isinstance(value, str) or len(value) > MAX_TEXT:
            raise BadAct(f"{name} is a text of at most {MAX_TEXT} characters")
        if not value and default is None:
            raise BadAct(f"{name} is empty")
        return value

    def number(self, name: str, default: float) -> float:
        value = self.wish.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadAct(f"{name} is a number")
        return value

    def file(self, *, required: bool = True) -> bytes:
        """The bytes under ``file``, sent as base64; none where they are not required."""
        encoded = self.wish.get("file", None if required else "")
        try:
            body = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError, TypeError):
            raise BadAct("file is the file's bytes in base64") from None
        if len(body) > MAX_FILE_BYTES:
            raise BadAct(f"file has more than {MAX_FILE_BYTES} bytes")
        return body

    def grant(self, trigger: Trigger) -> None:
        self.platform.grant(self.openid, trigger, self.now)

    def say(
        self,
        kind: str,
        *elements: Element,
        shown: Mapping[str, Any],
        last: tuple[Element, ...] = (),
        trigger: Trigger = Trigger.MESSAGE,
    ) -> Push:
        """A message: it opens its grant, stands on the follower's phone, and is pushed."""
        said = push.message(
            self.platform.account,
            self.openid,
            kind,
            elements,
            at=self.now,
            msg_id=self.platform.next_msg_id(),
            last=last,
        )
        self.grant(trigger)
        self.platform.show(self.openid, "me", kind, **shown, msg_id=str(said.msg_id))
        return said

    def event(self, name: str, *elements: Element, answered: bool = True) -> Push:
        return push.event(
            self.platform.account, self.openid, name, elements, at=self.now, answered=answered
        )


def _text(doing: _Doing) -> Push:
    content = doing.text("content")
    return doing.say("text", ("Content", content), shown={"content": content})


def _image(doing: _Doing) -> Push:
    body = doing.file()
    media_id = doing.platform.keep_file(body, _picture_type(body))
    path = f"/sim/media/{media_id}"
    return doing.say(
        "image",
        ("PicUrl", doing.origin + path),
        ("MediaId", media_id),
        shown={"url": path, "media_id": media_id},
    )


def _voice(doing: _Doing) -> Push:
    body = doing.file(required=False)
    media_id, finer = (doing.platform.keep_file(body, "audio/amr") for _ in range(2))
    return doing.say(
        "voice",
        ("MediaId", media_id),
        ("Format", doing.text("format", "amr")),
        last=(("MediaId16K", finer),),
        shown={"media_id": media_id, "seconds": doing.number("seconds", 3)},
    )


def _video(doing: _Doing) -> Push:
    media_id = doing.platform.keep_file(doing.file(required=False), "video/mp4")
    thumb = doing.platform.keep_file(b"", "image/jpeg")
    return doing.say(
        "video",
        ("MediaId", media_id),
        ("ThumbMediaId", thumb),
        shown={"media_id": media_id},
    )


def _location(doing: _Doing) -> Push:
    latitude = float(doing.number("latitude", 23.130997))
    longitude = float(doing.number("longitude", 113.327002))
    label = doing.text("label", "广东省广州市天河区体育西路1号")
    return doing.say(
        "location",
        ("Location_X", latitude),
        ("Location_Y", longitude),
        ("Scale", int(doing.number("scale", 15))),
        ("Label", label),
        shown={"latitude": latitude, "longitude": longitude, "label": label},
    )


def _link(doing: _Doing) -> Push:
    title, url = doing.text("title"), doing.text("url")
    description = doing.text("description", "")
    return doing.say(
        "link",
        ("Title", title),
        ("Description", description),
        ("Url", url),
        shown={"title": title, "description": description, "url": url},
    )


def _menu_click(doing: _Doing) -> Push:
    key = doing.text("key")
    doing.grant(Trigger.MENU)
    return doing.event("CLICK", ("EventKey", key))


def _msgmenu_click(doing: _Doing) -> Push:
    """Arrives as a text; counts as a click on the menu only."""
    item, content = doing.text("id"), doing.text("content")
    number = int(item) if item.isascii() and item.isdigit() else item
    return doing.say(
        "text",
        ("Content", content),
        last=(("bizmsgmenuid", number),),
        shown={"content": content},
        trigger=Trigger.MENU,
    )


def _subscribe(doing: _Doing) -> Push:
    scene = doing.text("scene", "")
    doing.platform.follow(doing.openid)
    doing.grant(Trigger.FOLLOW)
    if not scene:
        return doing.event("subscribe", ("EventKey", ""))
    return doing.event("subscribe", ("EventKey", f"qrscene_{scene}"), ("Ticket", _ticket(scene)))


def _unsubscribe(doing: _Doing) -> Push:
    doing.platform.unfollow(doing.openid)
    return doing.event("unsubscribe", ("EventKey", ""), answered=False)


def _scan(doing: _Doing) -> Push:
    """Whoever does not follow yet follows by it, and only that is told."""
    scene = doing.text("scene")
    if not doing.platform.get_follower(doing.openid).following:
        return _subscribe(doing)
    doing.grant(Trigger.SCAN)
    return doing.event("SCAN", ("EventKey", scene), ("Ticket", _ticket(scene)))


def _pay(doing: _Doing) -> Push:
    order_id = doing.text("order_id")
    doing.grant(Trigger.PAYMENT)
    return doing.event(
        "merchant_order",
        ("OrderId", order_id),
        ("OrderStatus", 2),
        ("ProductId", doing.text("product_id", "pK7xT5mZ0aQ4eW8rT2yU6iO1sDfG")),
        ("SkuInfo", doing.text("sku_info", "20011:2000134;20012:200107")),
        answered=False,
    )


def _complain(doing: _Doing) -> Push:
    raise NotYet(f"{doing.wish['type']} (用户维权) is not simulated yet")


def _raw(doing: _Doing) -> Push:
    """Whatever was given, signed and sealed as any push; changes nothing by itself."""
    body = doing.text("xml").encode(errors="replace")
    return Push(openid=doing.openid, kind="raw", xml=body)


_OPEN_TO_ALL = {"subscribe", "scan", "raw"}

_ACTS: dict[str, Callable[[_Doing], Push]] = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "video": _video,
    "location": _location,
    "link": _link,
    "menu_click": _menu_click,
    "msgmenu_click": _msgmenu_click,
    "subscribe": _subscribe,
    "unsubscribe": _unsubscribe,
    "scan": _scan,
    "pay": _pay,
    "complain": _complain,
    "raw": _raw,
}


def _picture_type(body: bytes) -> str:
    for start, content_type in _PICTURES.items():
        if body.startswith(start):
            return content_type
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    raise BadAct("file is not a picture: PNG, JPEG, GIF, BMP or WebP")


def _ticket(scene: str) -> str:
    """The same for every scan of one code."""
    digest = hashlib.sha256(scene.encode(errors="replace")).digest()
    return f"gQ{base64.b64encode(digest * 2).decode()[:92]}=="

"""QR codes that tell which one was scanned.

Source: doc/service/api/qrcode/qrcodes/api_createqrcode.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from wxdesk.wechat import limits
from wxdesk.wechat.caller import Caller
from wxdesk.wechat.errors import OverLimit

_PICTURES = "https://mp.weixin.qq.com"
_SHOW = "/cgi-bin/showqrcode"


@dataclass(frozen=True, slots=True)
class QrCode:
    """A code.

    Attributes:
        ticket: What its picture is fetched by.
        url: What is in it: whoever draws this draws the same code.
        expires_in: None: never.
    """

    ticket: str
    url: str
    expires_in: timedelta | None


class QrCodes:
    """``client.qrcodes``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(self, scene: int | str, expires: timedelta | None) -> QrCode:
        """Make a code.

        Args:
            scene: What its scans will tell: a number, or text of 1 to 64 characters.
            expires: At most 30 days from now; None for never, of which there are 100 000 in all.

        Raises:
            OverLimit: One of them is not so.
        """
        said = await self._caller.change("/cgi-bin/qrcode/create", _wanted(scene, expires))
        seconds = said.integer("expire_seconds", 0) if expires else 0
        lasts = timedelta(seconds=min(max(seconds, 0), _seconds(limits.QR_LIFETIME)))
        return QrCode(said.text("ticket"), said.text("url"), lasts or None)

    def picture_url(self, ticket: str) -> str:
        """Where the code's picture (JPEG) is, for everybody."""
        base = self._caller.api_base
        is_wechat = (urlsplit(base).hostname or "").endswith(".weixin.qq.com")
        return f"{_PICTURES if is_wechat else base}{_SHOW}?{urlencode({'ticket': ticket})}"


def _wanted(scene: int | str, expires: timedelta | None) -> dict[str, Any]:
    names = "scene_str" if isinstance(scene, str) else "scene_id"
    if isinstance(scene, str):
        action = "QR_STR_SCENE" if expires else "QR_LIMIT_STR_SCENE"
        length, most = len(scene), limits.QR_SCENE_CHARS
    else:
        action = "QR_SCENE" if expires else "QR_LIMIT_SCENE"
        length, most = scene, limits.QR_SCENE_MAX if expires else limits.QR_LASTING_SCENE_MAX
    if not 0 < length <= most:
        raise OverLimit(f"a scene is 1 to {most}{' characters' * isinstance(scene, str)}")
    wanted: dict[str, Any] = {"action_name": action, "action_info": {"scene": {names: scene}}}
    if expires is None:
        return wanted
    if not timedelta(seconds=1) <= expires <= limits.QR_LIFETIME:
        raise OverLimit(f"a code lasts 1 second to {limits.QR_LIFETIME.days} days, or for ever")
    return {"expire_seconds": _seconds(expires), **wanted}


def _seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())

"""Followers: who they are, as far as WeChat still tells, and the remark on each.

Source: doc/service/api/usermanage/userinfo.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from wxdesk.wechat import limits
from wxdesk.wechat.answer import Answer
from wxdesk.wechat.caller import Caller
from wxdesk.wechat.errors import OverLimit

Language = Literal["zh_CN", "zh_TW", "en"]


@dataclass(frozen=True, slots=True)
class UserInfo:
    """What WeChat tells of a follower: since 2021 no name, no picture, no place.

    Attributes:
        subscribed: False: they do not follow, and nothing else is known.
        scene: How they came: ``ADD_SCENE_QR_CODE`` and so on.
        qr_scene: The number in the QR code they came by; 0 for none.
        qr_scene_str: The text in it.
        unionid: Where the account is bound to the open platform.
    """

    openid: str
    subscribed: bool
    subscribed_at: datetime | None = None
    scene: str = ""
    qr_scene: int = 0
    qr_scene_str: str = ""
    remark: str = ""
    tag_ids: tuple[int, ...] = ()
    unionid: str | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class OpenidPage:
    """Some followers.

    Attributes:
        total: How many there are in all; None where WeChat does not say.
        next: What to go on after; empty when this was the last page.
    """

    openids: tuple[str, ...]
    total: int | None
    next: str


class Users:
    """``client.users``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def info(self, openid: str, lang: Language = "zh_CN") -> UserInfo:
        """What is known of one follower; of somebody who does not follow, only that."""
        return _info(await self._caller.read("/cgi-bin/user/info", openid=openid, lang=lang))

    async def infos(self, openids: Sequence[str], lang: Language = "zh_CN") -> list[UserInfo]:
        """Several at once.

        Raises:
            OverLimit: None, or more than ``limits.INFOS_PER_CALL``.
        """
        require_openids(openids, limits.INFOS_PER_CALL)
        wanted = {"user_list": [{"openid": openid, "lang": lang} for openid in openids]}
        said = await self._caller.read(
            "/cgi-bin/user/info/batchget", wanted, max_bytes=limits.MAX_LIST_BYTES
        )
        return [_info(one) for one in said.parts("user_info_list")]

    async def list(self, after: str = "") -> OpenidPage:
        """The next 10 000 followers, in the order in which they came."""
        said = await self._caller.read(
            "/cgi-bin/user/get", max_bytes=limits.MAX_LIST_BYTES, next_openid=after
        )
        return openid_page(said)

    async def set_remark(self, openid: str, remark: str) -> None:
        """Write the account's own name for a follower, or take it away.

        Raises:
            OverLimit: More than ``limits.REMARK_BYTES`` of UTF-8.
        """
        if len(remark.encode(errors="replace")) > limits.REMARK_BYTES:
            raise OverLimit(f"a remark has at most {limits.REMARK_BYTES} bytes of UTF-8")
        await self._caller.do(
            "/cgi-bin/user/info/updateremark", {"openid": openid, "remark": remark}
        )


def openid_page(said: Answer) -> OpenidPage:
    """One page of any list of followers."""
    openids = said.part("data").texts("openid")
    total = said.integer("total") if "total" in said else None
    return OpenidPage(openids, total, said.text("next_openid", "") if openids else "")


def require_openids(openids: Sequence[str], most: int) -> None:
    """Refuse a list that WeChat would refuse.

    Raises:
        OverLimit: None, or too many.
    """
    if not 0 < len(openids) <= most:
        raise OverLimit(f"{len(openids)} OpenIDs, WeChat takes 1 to {most} at once")


def _info(said: Answer) -> UserInfo:
    return UserInfo(
        openid=said.text("openid"),
        subscribed=said.flag("subscribe"),
        subscribed_at=said.find_moment("subscribe_time"),
        scene=said.text("subscribe_scene", ""),
        qr_scene=said.integer("qr_scene", 0),
        qr_scene_str=said.text("qr_scene_str", ""),
        remark=said.text("remark", ""),
        tag_ids=said.integers("tagid_list"),
        unionid=said.find_text("unionid"),
        language=said.text("language", ""),
    )

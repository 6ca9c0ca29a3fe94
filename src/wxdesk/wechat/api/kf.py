"""Customer-service accounts: the names and pictures under which followers see agents.

Source: doc/service/api/customer/servicermanage.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from wxdesk.wechat import limits
from wxdesk.wechat.answer import Answer
from wxdesk.wechat.api.media import require_size
from wxdesk.wechat.caller import Caller, require_acknowledged
from wxdesk.wechat.errors import OverLimit, Uncertain
from wxdesk.wechat.form import FileContent, Form

_KF_ACCOUNT = re.compile(
    rf"[A-Za-z0-9_]{{1,{limits.KF_PREFIX_CHARS}}}@[^\s@]{{1,{limits.KF_SUFFIX_CHARS}}}"
)


@dataclass(frozen=True, slots=True)
class KfAccount:
    """One customer-service account.

    Attributes:
        account: ``prefix@wechat_id_of_the_official_account``.
        wechat_id: Whoever works under it; empty until an invitation was accepted.
        invite_status: ``waiting``, ``rejected``, ``expired``, or empty.
    """

    account: str
    nickname: str
    id: str
    picture_url: str
    wechat_id: str
    invited_wechat_id: str
    invite_expires_at: datetime | None
    invite_status: str


@dataclass(frozen=True, slots=True)
class KfOnline:
    """An account that somebody is signed in to, in WeChat's own customer-service tool.

    Attributes:
        status: 1 on the web; the old tool also had 2 on a phone, 3 both.
        serving: How many sessions.
    """

    account: str
    status: int
    id: str
    serving: int


class KfAccounts:
    """``client.kf``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def add(self, kf_account: str, nickname: str) -> None:
        """Make an account. Messages may be sent in its name at once."""
        await self._caller.do("/customservice/kfaccount/add", _named(kf_account, nickname))

    async def update(self, kf_account: str, nickname: str) -> None:
        """Change the name that followers see."""
        await self._caller.do("/customservice/kfaccount/update", _named(kf_account, nickname))

    async def invite(self, kf_account: str, wechat_id: str) -> None:
        """Invite somebody to work under it in WeChat's own tool."""
        await self._caller.do(
            "/customservice/kfaccount/inviteworker",
            {"kf_account": kf_account, "invite_wx": wechat_id},
        )

    async def set_picture(
        self,
        kf_account: str,
        content: FileContent,
        *,
        filename: str = "picture.jpg",
        content_type: str = "image/jpeg",
        size_bytes: int | None = None,
    ) -> None:
        """Give it a picture: JPEG, best 640 pixels square, of ``limits.KF_PICTURE_BYTES``."""
        form = Form(content, filename=filename, content_type=content_type, size_bytes=size_bytes)
        require_size(form, limits.KF_PICTURE_BYTES)
        path = "/customservice/kfaccount/uploadheadimg"
        said = await self._caller.upload(path, form, Uncertain, kf_account=kf_account)
        require_acknowledged(said)

    async def delete(self, kf_account: str) -> None:
        """Delete it; nothing can be sent in its name any more."""
        await self._caller.do("/customservice/kfaccount/del", {"kf_account": kf_account})

    async def list_online(self) -> list[KfOnline]:
        """Who is signed in to WeChat's own tool at the moment."""
        said = await self._caller.read("/cgi-bin/customservice/getonlinekflist")
        return [_online(one) for one in said.parts("kf_online_list")]

    async def list(self) -> list[KfAccount]:
        """All accounts, those nobody works under among them."""
        said = await self._caller.read("/cgi-bin/customservice/getkflist")
        return [_account(one) for one in said.parts("kf_list")]


def _named(kf_account: str, nickname: str) -> dict[str, str]:
    if not _KF_ACCOUNT.fullmatch(kf_account):
        raise OverLimit(
            f"a kf_account is 1 to {limits.KF_PREFIX_CHARS} letters, digits or underscores, @, "
            f"and the account's WeChat id of at most {limits.KF_SUFFIX_CHARS} characters"
        )
    if not 0 < len(nickname) <= limits.KF_NICKNAME_CHARS:
        raise OverLimit(f"a nickname has 1 to {limits.KF_NICKNAME_CHARS} characters")
    return {"kf_account": kf_account, "nickname": nickname}


def _account(said: Answer) -> KfAccount:
    return KfAccount(
        account=said.text("kf_account"),
        nickname=said.text("kf_nick", ""),
        id=said.text("kf_id", ""),
        picture_url=said.text("kf_headimgurl", ""),
        wechat_id=said.text("kf_wx", ""),
        invited_wechat_id=said.text("invite_wx", ""),
        invite_expires_at=said.find_moment("invite_expire_time"),
        invite_status=said.text("invite_status", ""),
    )


def _online(said: Answer) -> KfOnline:
    return KfOnline(
        said.text("kf_account"),
        said.integer("status", 0),
        said.text("kf_id", ""),
        said.integer("accepted_case", 0),
    )

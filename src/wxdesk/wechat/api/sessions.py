"""Sessions of WeChat's own customer-service tool.

While one lasts, its follower's messages go to the tool and not to the callback.

Source: doc/service/api/customer/messctrl.
"""

from dataclasses import dataclass
from datetime import datetime

from wxdesk.wechat.caller import Caller


@dataclass(frozen=True, slots=True)
class KfSession:
    """An agent of the tool serves a follower."""

    openid: str
    kf_account: str
    since: datetime


@dataclass(frozen=True, slots=True)
class WaitingCase:
    """A follower whom nobody serves, and when they last wrote."""

    openid: str
    latest_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who waits, in order of arrival: the first 100 of ``count``."""

    count: int
    cases: tuple[WaitingCase, ...]


class Sessions:
    """``client.sessions``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(self, kf_account: str, openid: str) -> None:
        """Have an agent of the tool, who must be online, serve a follower."""
        await self._caller.do(
            "/customservice/kfsession/create", {"kf_account": kf_account, "openid": openid}
        )

    async def close(self, kf_account: str, openid: str) -> None:
        """End the session of an agent of the tool with a follower."""
        await self._caller.do(
            "/customservice/kfsession/close", {"kf_account": kf_account, "openid": openid}
        )

    async def get(self, openid: str) -> KfSession | None:
        """The follower's session, if somebody serves them."""
        said = await self._caller.read("/customservice/kfsession/getsession", openid=openid)
        kf_account = said.text("kf_account", "")
        return KfSession(openid, kf_account, said.moment("createtime")) if kf_account else None

    async def list(self, kf_account: str) -> list[KfSession]:
        """The sessions of one agent of the tool."""
        said = await self._caller.read(
            "/customservice/kfsession/getsessionlist", kf_account=kf_account
        )
        return [
            KfSession(one.text("openid"), kf_account, one.moment("createtime"))
            for one in said.parts("sessionlist")
        ]

    async def waiting(self) -> Waiting:
        """Whom nobody of the tool serves yet."""
        said = await self._caller.read("/customservice/kfsession/getwaitcase")
        cases = (
            WaitingCase(one.text("openid"), one.find_moment("latest_time"))
            for one in said.parts("waitcaselist")
        )
        return Waiting(said.integer("count", 0), tuple(cases))

"""The account's blacklist: whose messages WeChat does not push, and who is sent nothing.

Source: doc/service/api/usermanage/userinfo (blacklist).
"""

from collections.abc import Sequence

from wxdesk.wechat import limits
from wxdesk.wechat.api.users import OpenidPage, openid_page, require_openids
from wxdesk.wechat.caller import Caller


class Blacklist:
    """``client.blacklist``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def list(self, after: str = "") -> OpenidPage:
        """The next 10 000 who are on it."""
        said = await self._caller.read(
            "/cgi-bin/tags/members/getblacklist",
            {"begin_openid": after},
            max_bytes=limits.MAX_LIST_BYTES,
        )
        return openid_page(said)

    async def add(self, openids: Sequence[str]) -> None:
        """Put followers on it.

        Raises:
            OverLimit: None, or more than ``limits.BLACKLISTED_PER_CALL``.
        """
        require_openids(openids, limits.BLACKLISTED_PER_CALL)
        await self._caller.do(
            "/cgi-bin/tags/members/batchblacklist", {"openid_list": list(openids)}
        )

    async def remove(self, openids: Sequence[str]) -> None:
        """Take them off it. Errors as ``add``."""
        require_openids(openids, limits.BLACKLISTED_PER_CALL)
        await self._caller.do(
            "/cgi-bin/tags/members/batchunblacklist", {"openid_list": list(openids)}
        )

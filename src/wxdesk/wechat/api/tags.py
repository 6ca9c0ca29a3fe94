"""Tags on followers.

Source: doc/service/api/usermanage/tagmanage.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from wxdesk.wechat import limits
from wxdesk.wechat.answer import Answer
from wxdesk.wechat.api.users import OpenidPage, openid_page, require_openids
from wxdesk.wechat.caller import Caller
from wxdesk.wechat.errors import OverLimit


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag and how many carry it. 0, 1 and 2 are WeChat's own and cannot be changed."""

    id: int
    name: str
    count: int = 0


class Tags:
    """``client.tags``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(self, name: str) -> Tag:
        """Make a tag; 45157 if there is one of this name."""
        said = await self._caller.change("/cgi-bin/tags/create", {"tag": {"name": _name(name)}})
        return _tag(said.part("tag"))

    async def list(self) -> list[Tag]:
        """All tags of the account, WeChat's own among them."""
        said = await self._caller.read("/cgi-bin/tags/get")
        return [_tag(one) for one in said.parts("tags")]

    async def rename(self, tag_id: int, name: str) -> None:
        """Rename it; 45157 if there is another of this name, 45058 for WeChat's own."""
        await self._caller.do("/cgi-bin/tags/update", {"tag": {"id": tag_id, "name": _name(name)}})

    async def delete(self, tag_id: int) -> None:
        """Delete it; 45057 while more than 100 000 followers carry it."""
        await self._caller.do("/cgi-bin/tags/delete", {"tag": {"id": tag_id}})

    async def members(self, tag_id: int, after: str = "") -> OpenidPage:
        """The next followers who carry it."""
        said = await self._caller.read(
            "/cgi-bin/user/tag/get",
            {"tagid": tag_id, "next_openid": after},
            max_bytes=limits.MAX_LIST_BYTES,
        )
        return openid_page(said)

    async def tag(self, openids: Sequence[str], tag_id: int) -> None:
        """Tag followers; who carries it already goes on carrying it.

        Raises:
            OverLimit: None, or more than ``limits.TAGGED_PER_CALL``.
        """
        await self._caller.do("/cgi-bin/tags/members/batchtagging", _members(openids, tag_id))

    async def untag(self, openids: Sequence[str], tag_id: int) -> None:
        """Take it from followers. Errors as ``tag``."""
        await self._caller.do("/cgi-bin/tags/members/batchuntagging", _members(openids, tag_id))

    async def of(self, openid: str) -> tuple[int, ...]:
        """The ids of a follower's tags."""
        said = await self._caller.read("/cgi-bin/tags/getidlist", {"openid": openid})
        return said.integers("tagid_list")


def _name(name: str) -> str:
    if not 0 < len(name) <= limits.TAG_NAME_CHARS:
        raise OverLimit(f"a tag's name has 1 to {limits.TAG_NAME_CHARS} characters")
    return name


def _members(openids: Sequence[str], tag_id: int) -> dict[str, object]:
    require_openids(openids, limits.TAGGED_PER_CALL)
    return {"openid_list": list(openids), "tagid": tag_id}


def _tag(said: Answer) -> Tag:
    return Tag(said.integer("id"), said.text("name"), said.integer("count", 0))

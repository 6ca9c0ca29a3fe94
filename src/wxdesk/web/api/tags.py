"""An account's tags (标签): WeChat's, shown and changed from here."""

from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints

from wxdesk.desk import accounts, contacts
from wxdesk.desk.contacts import Tag
from wxdesk.errors import NotFound
from wxdesk.runtime import Runtime
from wxdesk.speaking import client_of
from wxdesk.web.api.inputs import NO_NUL, RowId
from wxdesk.web.api.speaking import account_and_client
from wxdesk.web.deps import AnAdmin, AnAgent, ReadUnit, TheRuntime
from wxdesk.web.problems import BY_WECHAT, problems
from wxdesk.wechat import Client, limits

router = APIRouter(tags=["tags"])


class TagOut(BaseModel):
    """A tag, and how many followers carry it, as WeChat last told."""

    id: int
    name: str
    count: int

    @classmethod
    def of(cls, tag: Tag) -> Self:
        return cls.model_validate(tag, from_attributes=True)


class TagList(BaseModel):
    items: list[TagOut]


class TagIn(BaseModel):
    name: Annotated[
        str,
        NO_NUL,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=limits.TAG_NAME_CHARS),
    ]


@router.get("/accounts/{account_id}/tags", responses=problems(NotFound))
async def list_tags(account_id: RowId, _agent: AnAgent, unit: ReadUnit) -> TagList:
    """An account's tags, in WeChat's order."""
    await accounts.get(unit, account_id)
    return TagList(items=[TagOut.of(each) for each in await contacts.list_tags(unit, account_id)])


@router.post(
    "/accounts/{account_id}/tags", status_code=201, responses=problems(NotFound, *BY_WECHAT)
)
async def add_tag(account_id: RowId, wish: TagIn, _agent: AnAdmin, rt: TheRuntime) -> TagOut:
    """Make a tag at WeChat."""
    account, client = await account_and_client(rt, account_id)
    made = await client.tags.create(wish.name)
    async with rt.db.unit() as unit:
        return TagOut.of(await contacts.add_tag(unit, account.id, made))


@router.patch("/tags/{tag_id}", responses=problems(NotFound, *BY_WECHAT))
async def rename_tag(tag_id: RowId, wish: TagIn, _agent: AnAdmin, rt: TheRuntime) -> TagOut:
    """Rename it at WeChat; whoever carries it goes on doing so."""
    tag, client = await _tag_and_client(rt, tag_id)
    await client.tags.rename(tag.wechat_id, wish.name)
    async with rt.db.unit() as unit:
        renamed = await contacts.get_tag(unit, tag_id)
        renamed.name = wish.name
        return TagOut.of(renamed)


@router.delete("/tags/{tag_id}", status_code=204, responses=problems(NotFound, *BY_WECHAT))
async def delete_tag(tag_id: RowId, _agent: AnAdmin, rt: TheRuntime) -> None:
    """Delete it at WeChat; nobody carries it any more."""
    tag, client = await _tag_and_client(rt, tag_id)
    await client.tags.delete(tag.wechat_id)
    async with rt.db.unit() as unit:
        await contacts.delete_tag(unit, tag_id)


async def _tag_and_client(rt: Runtime, tag_id: int) -> tuple[Tag, Client]:
    async with rt.db.reading() as unit:
        tag = await contacts.get_tag(unit, tag_id)
        account = await accounts.get(unit, tag.account_id)
    return tag, client_of(rt, account)

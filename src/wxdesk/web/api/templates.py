"""Templates of an account: what may be sent when the window for replies is closed."""

import re
from typing import Self

from fastapi import APIRouter
from pydantic import BaseModel

from wxdesk.errors import NotFound
from wxdesk.web.api.inputs import RowId
from wxdesk.web.api.speaking import account_and_client
from wxdesk.web.deps import AnAgent, TheRuntime
from wxdesk.web.problems import BY_WECHAT, problems
from wxdesk.wechat import Template, limits

router = APIRouter(tags=["templates"])

_NUMBER = re.compile(r"\d+$")


class FieldOut(BaseModel):
    """A value to be filled in: `kind` is what WeChat takes there, `longest` in characters."""

    key: str
    kind: str
    longest: int | None

    @classmethod
    def of(cls, key: str) -> Self:
        kind = _NUMBER.sub("", key)
        return cls(key=key, kind=kind, longest=limits.TEMPLATE_CHARS.get(kind))


class TemplateOut(BaseModel):
    """`content` has `{{thing1.DATA}}` where a value goes; `example` shows one filled in."""

    id: str
    title: str
    content: str
    example: str
    fields: list[FieldOut]

    @classmethod
    def of(cls, template: Template) -> Self:
        return cls(
            id=template.id,
            title=template.title,
            content=template.content,
            example=template.example,
            fields=[FieldOut.of(key) for key in template.keys],
        )


class TemplateList(BaseModel):
    items: list[TemplateOut]


@router.get("/accounts/{account_id}/templates", responses=problems(NotFound, *BY_WECHAT))
async def list_templates(account_id: RowId, _agent: AnAgent, rt: TheRuntime) -> TemplateList:
    """What the account may send, asked of WeChat now; 25 at most."""
    _, client = await account_and_client(rt, account_id)
    return TemplateList(items=[TemplateOut.of(each) for each in await client.templates.list()])

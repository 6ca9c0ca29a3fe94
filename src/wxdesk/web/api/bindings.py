"""Agents bind their own WeChat, to work within it; admins see who has, and may end it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from wxdesk.desk import accounts, agent_chat, agents, bindings
from wxdesk.desk.accounts import Account
from wxdesk.desk.agents import Agent
from wxdesk.desk.bindings import BindingCode, BindingNote, Bound, CodeState, What
from wxdesk.errors import NotFound
from wxdesk.runtime import Runtime
from wxdesk.store import Unit
from wxdesk.web import qr
from wxdesk.web.api.agents import AgentRef
from wxdesk.web.api.inputs import NO_NUL, NoBody, RowId, RowNumber, blank_is
from wxdesk.web.api.speaking import account_and_client
from wxdesk.web.deps import AnAdmin, AnAgent, Now, OpenUnit, ReadUnit, TheRuntime
from wxdesk.web.problems import BY_WECHAT, problems

router = APIRouter(tags=["bindings"])

LOGIN_PATH = "/wechat-login"
PICTURE_SIZE = 300
MOST_VALUES = 20


class AccountRef(BaseModel):
    """An account where only the name matters; `login_url` signs its bound agents in."""

    id: int
    name: str
    login_url: str

    @classmethod
    def of(cls, account: Account, rt: Runtime) -> Self:
        url = f"{rt.settings.base_url}{LOGIN_PATH}/{account.slug}"
        return cls(id=account.id, name=account.name, login_url=url)


class BindingOut(BaseModel):
    """A binding in force: who, by which account, since when."""

    id: int
    agent: AgentRef
    account: AccountRef
    bound_at: datetime

    @classmethod
    def of(cls, bound: Bound, served: Mapping[int, Account], rt: Runtime) -> Self:
        return cls(
            id=bound.binding.id,
            agent=AgentRef.of(bound.agent),
            account=AccountRef.of(served[bound.binding.account_id], rt),
            bound_at=bound.binding.bound_at,
        )


class BindingCodeOut(BaseModel):
    """A code to be scanned; its picture is at `/api/binding/codes/{id}/picture`."""

    id: int
    account_id: int
    url: str
    state: CodeState
    expires_at: datetime

    @classmethod
    def of(cls, code: BindingCode, now: datetime) -> Self:
        return cls(
            id=code.id,
            account_id=code.account_id,
            url=code.url,
            state=code.state(now),
            expires_at=code.expires_at,
        )


class OwnBinding(BaseModel):
    """How it stands with the caller; `accounts`: those that they may choose from."""

    binding: BindingOut | None
    code: BindingCodeOut | None
    accounts: list[AccountRef]


class CodeWish(BaseModel):
    account_id: RowNumber


class BindingList(BaseModel):
    items: list[BindingOut]
    next: None = None


class BindingNoteOut(BaseModel):
    """A line of the log; `by` null: the desk by itself."""

    id: int
    at: datetime
    what: What
    agent: AgentRef
    by: AgentRef | None
    account_id: int | None
    reason: str

    @classmethod
    def of(cls, note: BindingNote, people: Mapping[int, Agent]) -> Self:
        by = people.get(note.by_id or 0)
        return cls(
            id=note.id,
            at=note.at,
            what=note.what,
            agent=AgentRef.of(people[note.agent_id]),
            by=AgentRef.of(by) if by else None,
            account_id=note.account_id,
            reason=note.reason,
        )


class BindingLog(BaseModel):
    """Newest first; ``next`` is the ``cursor`` of the page of older ones."""

    items: list[BindingNoteOut]
    next: int | None


Words = Annotated[str, NO_NUL, StringConstraints(max_length=200)]
Named = Annotated[str, NO_NUL, StringConstraints(min_length=1, max_length=100)]


class AgentNotice(BaseModel):
    """What reaches agents whose allowance is spent, once in ten minutes.

    `template_id` null: nothing does. `values`: by the field of the template, with `{客户}`,
    `{消息}`, `{时间}` or `{数量}` in them.
    """

    template_id: Named | None
    values: Annotated[dict[Named, Words], Field(max_length=MOST_VALUES)] = {}


@router.get("/binding", responses=problems())
async def read_own(agent: AnAgent, rt: TheRuntime, unit: ReadUnit, now: Now) -> OwnBinding:
    """Whether the caller's own WeChat is bound, and what became of the code they asked for."""
    return await _own(unit, rt, agent.id, now)


async def _own(unit: Unit, rt: Runtime, agent_id: int, now: datetime) -> OwnBinding:
    served = {account.id: account for account in await accounts.list_all(unit)}
    bound = await bindings.find_of_agent(unit, agent_id)
    code = await bindings.newest_code(unit, agent_id)
    return OwnBinding(
        binding=BindingOut.of(bound, served, rt) if bound else None,
        code=BindingCodeOut.of(code, now) if code else None,
        accounts=[AccountRef.of(account, rt) for account in served.values()],
    )


@router.post("/binding/codes", status_code=201, responses=problems(NotFound, *BY_WECHAT))
async def ask_for_code(wish: CodeWish, agent: AnAgent, rt: TheRuntime, now: Now) -> BindingCodeOut:
    """Have WeChat make a code that binds whoever scans it first, within ten minutes."""
    account, client = await account_and_client(rt, wish.account_id)
    scene = bindings.new_scene()
    made = await client.qrcodes.create(scene, bindings.LASTS)
    async with rt.db.unit() as unit:
        code = await bindings.ask(unit, agent.id, account.id, scene=scene, url=made.url, now=now)
        return BindingCodeOut.of(code, now)


@router.get(
    "/binding/codes/{code_id}/picture", response_class=Response, responses=problems(NotFound)
)
async def draw_code(code_id: RowId, agent: AnAgent, unit: ReadUnit) -> Response:
    """One's own code as PNG."""
    code = await bindings.get_code(unit, code_id, agent_id=agent.id)
    headers = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
    picture = qr.drawn(code.url, size=PICTURE_SIZE)
    return Response(picture, media_type="image/png", headers=headers)


@router.delete("/binding", responses=problems())
async def revoke_own(
    agent: AnAgent, rt: TheRuntime, unit: OpenUnit, now: Now, _body: NoBody = None
) -> OwnBinding:
    """End one's own binding, and withdraw the code that one has asked for."""
    await bindings.withdraw_codes(unit, agent.id, now=now)
    if bound := await bindings.find_of_agent(unit, agent.id):
        await agent_chat.revoke(unit, bound.binding, by_id=agent.id, now=now)
    return await _own(unit, rt, agent.id, now)


@router.get("/bindings", responses=problems())
async def list_bindings(_agent: AnAdmin, rt: TheRuntime, unit: ReadUnit) -> BindingList:
    """Everybody who is bound."""
    found = await bindings.all_bound(unit)
    served = await accounts.by_ids(unit, {each.binding.account_id for each in found})
    return BindingList(items=[BindingOut.of(each, served, rt) for each in found])


@router.get("/bindings/log", responses=problems())
async def read_log(
    _agent: AnAdmin,
    unit: ReadUnit,
    cursor: Annotated[RowNumber | None, blank_is(None)] = None,
    limit: Annotated[int, blank_is(100), Query(ge=1, le=100)] = 100,
) -> BindingLog:
    """Who asked for codes, was bound, refused, or ended it, and who signed in within WeChat."""
    found = await bindings.list_notes(unit, before=cursor, limit=limit + 1)
    page = found[:limit]
    people = await agents.by_ids(
        unit, {each.agent_id for each in page} | {each.by_id for each in page}
    )
    return BindingLog(
        items=[BindingNoteOut.of(each, people) for each in page],
        next=page[-1].id if len(found) > limit else None,
    )


@router.delete("/bindings/{binding_id}", status_code=204, responses=problems(NotFound))
async def revoke(binding_id: RowId, agent: AnAdmin, unit: OpenUnit, now: Now) -> None:
    """End somebody's binding."""
    bound = await bindings.get(unit, binding_id)
    await agent_chat.revoke(unit, bound.binding, by_id=agent.id, reason="admin", now=now)


@router.get("/accounts/{account_id}/agent-notice", responses=problems(NotFound))
async def read_notice(account_id: RowId, _agent: AnAdmin, unit: ReadUnit) -> AgentNotice:
    """What reaches an account's agents whose allowance is spent."""
    await accounts.get(unit, account_id)
    return _notice(await agent_chat.find_template(unit, account_id))


@router.put("/accounts/{account_id}/agent-notice", responses=problems(NotFound))
async def set_notice(
    account_id: RowId, wish: AgentNotice, _agent: AnAdmin, unit: OpenUnit
) -> AgentNotice:
    """Choose the template, and what it says; or none."""
    await accounts.lock(unit, account_id)
    kept = await agent_chat.set_template(unit, account_id, wish.template_id, dict(wish.values))
    return _notice(kept)


def _notice(kept: agent_chat.NoticeTemplate | None) -> AgentNotice:
    if kept is None:
        return AgentNotice(template_id=None)
    return AgentNotice(template_id=kept.template_id, values=kept.values)

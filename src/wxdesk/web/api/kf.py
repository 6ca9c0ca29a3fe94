"""Customer-service accounts (客服账号): the names under which agents appear to customers."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Self

from fastapi import APIRouter, Path
from pydantic import BaseModel, StringConstraints

from wxdesk.desk import agents, kf, media
from wxdesk.desk.accounts import Account
from wxdesk.desk.agents import Agent
from wxdesk.desk.kf import KfAccount, KfTaken
from wxdesk.errors import Conflict, Invalid, NotFound
from wxdesk.runtime import Runtime
from wxdesk.store import Unit
from wxdesk.web.api.agents import AgentRef
from wxdesk.web.api.inputs import NO_NUL, NoBody, RowId, RowNumber
from wxdesk.web.api.speaking import account_and_client
from wxdesk.web.deps import AnAdmin, ASupervisor, TheRuntime
from wxdesk.web.problems import BY_WECHAT, problems
from wxdesk.wechat import Client, limits
from wxdesk.wechat import KfAccount as AtWeChat

router = APIRouter(tags=["kf accounts"])

PICTURES = ("image/jpeg",)

Nickname = Annotated[
    str,
    NO_NUL,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=limits.KF_NICKNAME_CHARS),
]
KfName = Annotated[str, Path(pattern=r"^[A-Za-z0-9_]{1,10}@[^\s@/]{1,30}$")]


class KfOut(BaseModel):
    """A name; ``missing`` ones the desk wants and WeChat does not have."""

    kf_account: str
    nickname: str
    picture_url: str | None
    wechat_id: str | None
    invite_status: str | None
    agent: AgentRef | None
    missing: bool

    @classmethod
    def of(
        cls, name: str, found: AtWeChat | None, bound: KfAccount | None, people: Mapping[int, Agent]
    ) -> Self:
        agent = people.get(bound.agent_id) if bound else None
        return cls(
            kf_account=name,
            nickname=found.nickname if found else bound.nickname if bound else "",
            picture_url=(found.picture_url or None) if found else None,
            wechat_id=(found.wechat_id or found.invited_wechat_id or None) if found else None,
            invite_status=(found.invite_status or None) if found else None,
            agent=AgentRef.of(agent) if agent else None,
            missing=found is None,
        )


class KfList(BaseModel):
    items: list[KfOut]


class KfIn(BaseModel):
    """``name`` is what stands before the @; behind it stands the account's WeChat id (微信号)."""

    agent_id: RowNumber | None = None
    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{1,10}$")]
    nickname: Nickname


class KfChange(BaseModel):
    """What is left out stays; ``agent_id`` null takes the agent off."""

    nickname: Nickname | None = None
    agent_id: RowNumber | None = None


class Invitation(BaseModel):
    wechat_id: Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, max_length=60)]


class Picture(BaseModel):
    media: RowNumber


class NoWeChatId(Conflict):
    """The account's WeChat id (微信号) is not known yet, and every such name ends in it."""

    code = "no_wechat_id"


@router.get("/accounts/{account_id}/kf-accounts", responses=problems(NotFound, *BY_WECHAT))
async def list_kf_accounts(account_id: RowId, _agent: ASupervisor, rt: TheRuntime) -> KfList:
    """WeChat's list, and which agent is behind each name."""
    account, client = await account_and_client(rt, account_id)
    return await _list(rt, account, client)


@router.post(
    "/accounts/{account_id}/kf-accounts",
    status_code=201,
    responses=problems(NotFound, KfTaken, NoWeChatId, *BY_WECHAT),
)
async def add_kf_account(account_id: RowId, wish: KfIn, _agent: AnAdmin, rt: TheRuntime) -> KfOut:
    """Make a name at WeChat, and let an agent appear under it."""
    account, client = await account_and_client(rt, account_id)
    name = f"{wish.name}@{await _suffix(account, client)}"
    async with rt.db.reading() as unit:
        if wish.agent_id:
            await _require_agent(unit, wish.agent_id)
            await kf.require_free(unit, account.id, agent_id=wish.agent_id, kf_account=name)
    await client.kf.add(name, wish.nickname)
    if wish.agent_id:
        await _bind(rt, account, wish.agent_id, name, wish.nickname)
    return await _one(rt, account, client, name)


@router.patch(
    "/accounts/{account_id}/kf-accounts/{kf_account}",
    responses=problems(NotFound, KfTaken, *BY_WECHAT),
)
async def change_kf_account(
    account_id: RowId, kf_account: KfName, change: KfChange, _agent: AnAdmin, rt: TheRuntime
) -> KfOut:
    """Rename it at WeChat; give it to an agent, or to nobody."""
    account, client = await account_and_client(rt, account_id)
    now = await _one(rt, account, client, kf_account)
    nickname = change.nickname or now.nickname
    if nickname != now.nickname:
        await client.kf.update(kf_account, nickname)
    if "agent_id" in change.model_fields_set:
        await _unbind(rt, account, kf_account)
    agent_id = change.agent_id if "agent_id" in change.model_fields_set else None
    if agent_id is None and "agent_id" not in change.model_fields_set and now.agent:
        agent_id = now.agent.id
    if agent_id is not None:
        await _bind(rt, account, agent_id, kf_account, nickname)
    return await _one(rt, account, client, kf_account)


@router.delete(
    "/accounts/{account_id}/kf-accounts/{kf_account}",
    status_code=204,
    responses=problems(NotFound, *BY_WECHAT),
)
async def delete_kf_account(
    account_id: RowId, kf_account: KfName, _agent: AnAdmin, rt: TheRuntime
) -> None:
    """Delete it at WeChat; its agent's replies come from the account again."""
    account, client = await account_and_client(rt, account_id)
    found = await _one(rt, account, client, kf_account)
    if not found.missing:
        await client.kf.delete(kf_account)
    await _unbind(rt, account, kf_account)


@router.post(
    "/accounts/{account_id}/kf-accounts/{kf_account}/invite",
    responses=problems(NotFound, *BY_WECHAT),
)
async def invite(
    account_id: RowId, kf_account: KfName, wish: Invitation, _agent: AnAdmin, rt: TheRuntime
) -> KfOut:
    """Invite somebody to WeChat's own tool under this name; the desk itself does not need it."""
    account, client = await account_and_client(rt, account_id)
    await client.kf.invite(kf_account, wish.wechat_id)
    return await _one(rt, account, client, kf_account)


@router.put(
    "/accounts/{account_id}/kf-accounts/{kf_account}/picture",
    responses=problems(NotFound, Invalid, *BY_WECHAT),
)
async def set_picture(
    account_id: RowId, kf_account: KfName, picture: Picture, _agent: AnAdmin, rt: TheRuntime
) -> KfOut:
    """Give it a picture that was uploaded before: JPEG, best 640 pixels square."""
    account, client = await account_and_client(rt, account_id)
    async with rt.db.reading() as unit:
        file = await media.get_file(unit, picture.media)
    if file.content_type not in PICTURES:
        raise Invalid("the picture of a name is a JPEG", content_type=file.content_type)
    await client.kf.set_picture(
        kf_account,
        rt.files.read(file.sha256, 0, file.size_bytes - 1),
        size_bytes=file.size_bytes,
    )
    return await _one(rt, account, client, kf_account)


@router.post("/accounts/{account_id}/kf-accounts/repair", responses=problems(NotFound, *BY_WECHAT))
async def repair(
    account_id: RowId, _agent: AnAdmin, rt: TheRuntime, _body: NoBody = None
) -> KfList:
    """Make WeChat's list as the desk wants it: what is missing there, or called otherwise."""
    account, client = await account_and_client(rt, account_id)
    nicknames = {each.account: each.nickname for each in await client.kf.list()}
    async with rt.db.reading() as unit:
        todo = kf.repair_of(await kf.list_of(unit, account.id), nicknames)
    for each in todo.missing:
        await client.kf.add(each.kf_account, each.nickname)
    for each in todo.renamed:
        await client.kf.update(each.kf_account, each.nickname)
    return await _list(rt, account, client)


async def _list(rt: Runtime, account: Account, client: Client) -> KfList:
    found = {each.account: each for each in await client.kf.list()}
    bound, people = await _bound(rt, account)
    names = sorted(found.keys() | bound.keys())
    return KfList(
        items=[KfOut.of(name, found.get(name), bound.get(name), people) for name in names]
    )


async def _one(rt: Runtime, account: Account, client: Client, name: str) -> KfOut:
    for each in (await _list(rt, account, client)).items:
        if each.kf_account == name:
            return each
    raise NotFound(f"there is no {name}")


async def _bound(rt: Runtime, account: Account) -> tuple[dict[str, KfAccount], Mapping[int, Agent]]:
    async with rt.db.reading() as unit:
        bound: Sequence[KfAccount] = await kf.list_of(unit, account.id)
        people = await agents.by_ids(unit, {each.agent_id for each in bound})
    return {each.kf_account: each for each in bound}, people


async def _bind(rt: Runtime, account: Account, agent_id: int, name: str, nickname: str) -> None:
    async with rt.db.unit() as unit:
        await _require_agent(unit, agent_id)
        await kf.bind(unit, account.id, agent_id=agent_id, kf_account=name, nickname=nickname)


async def _require_agent(unit: Unit, agent_id: int) -> None:
    if agent_id not in await agents.by_ids(unit, {agent_id}):
        raise NotFound(f"there is no agent {agent_id}")


async def _unbind(rt: Runtime, account: Account, name: str) -> None:
    async with rt.db.unit() as unit:
        await kf.unbind(unit, account.id, name)


async def _suffix(account: Account, client: Client) -> str:
    """What stands behind the @: as told to the desk, or as names that are there already have it."""
    if account.wechat_id:
        return account.wechat_id
    for each in await client.kf.list():
        return each.account.partition("@")[2]
    raise NoWeChatId("tell the desk the account's WeChat id first")

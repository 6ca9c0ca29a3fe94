"""The Official Accounts: what they are, how they are set up, whether they work."""

from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints

from wxdesk.desk import accounts
from wxdesk.desk.accounts import Account, Kind
from wxdesk.errors import NotFound
from wxdesk.runtime import Runtime
from wxdesk.speaking import callback_url, check_account
from wxdesk.web.api.inputs import NO_NUL, NoBody, RowId
from wxdesk.web.api.speaking import account_and_client
from wxdesk.web.deps import AnAdmin, ASupervisor, OpenUnit, ReadUnit, TheRuntime
from wxdesk.web.problems import problems
from wxdesk.wechat import Mode

router = APIRouter(tags=["accounts"])

Name = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
WeChatId = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^([A-Za-z][-_A-Za-z0-9]{0,29})?$")
]


class AccountSettings(BaseModel):
    """What an operator decides; see ``accounts.Account``."""

    kf_names: bool
    sync_tags: bool
    sync_remark: bool
    blacklist_at_wechat: bool
    send_parked: bool


class SettingsChange(BaseModel):
    """What is left out stays; see ``AccountSettings``."""

    kf_names: bool | None = None
    sync_tags: bool | None = None
    sync_remark: bool | None = None
    blacklist_at_wechat: bool | None = None
    send_parked: bool | None = None


class AccountOut(BaseModel):
    """An account as operators see it; of its secrets, nothing."""

    id: int
    slug: str
    name: str
    app_id: str
    original_id: str | None
    wechat_id: str | None
    kind: Kind
    mode: Mode
    simulated: bool
    callback_url: str
    settings: AccountSettings
    version: int

    @classmethod
    def of(cls, rt: Runtime, account: Account) -> Self:
        return cls(
            id=account.id,
            slug=account.slug,
            name=account.name,
            app_id=account.app_id,
            original_id=account.original_id,
            wechat_id=account.wechat_id,
            kind=account.kind,
            mode=account.mode,
            simulated=account.simulated,
            callback_url=callback_url(rt, account.slug),
            settings=AccountSettings.model_validate(account, from_attributes=True),
            version=account.version,
        )


class AccountList(BaseModel):
    items: list[AccountOut]


class AccountChange(BaseModel):
    """What is left out stays. ``wechat_id`` is the 微信号, behind the @ of kf accounts."""

    name: Name | None = None
    wechat_id: WeChatId | None = None
    settings: SettingsChange | None = None


class CheckOut(BaseModel):
    """One check: fine, or what to do."""

    name: str
    ok: bool
    detail: str
    fix: str | None


class CheckList(BaseModel):
    checks: list[CheckOut]


@router.get("/accounts", responses=problems())
async def list_accounts(_agent: ASupervisor, rt: TheRuntime, unit: ReadUnit) -> AccountList:
    """Every account, oldest first."""
    return AccountList(items=[AccountOut.of(rt, each) for each in await accounts.list_all(unit)])


@router.patch("/accounts/{account_id}", responses=problems(NotFound))
async def change_account(
    account_id: RowId, change: AccountChange, _agent: AnAdmin, rt: TheRuntime, unit: OpenUnit
) -> AccountOut:
    """Name it, or set it up."""
    changes = change.model_dump(exclude_none=True, exclude={"settings"})
    if change.settings:
        changes |= change.settings.model_dump(exclude_none=True)
    return AccountOut.of(rt, await accounts.change(unit, account_id, changes))


@router.post("/accounts/{account_id}/check", responses=problems(NotFound))
async def check(
    account_id: RowId, _agent: AnAdmin, rt: TheRuntime, _body: NoBody = None
) -> CheckList:
    """See whether token, permissions, IP lists and callback are as they must be."""
    account, _ = await account_and_client(rt, account_id)
    return CheckList(
        checks=[
            CheckOut.model_validate(each, from_attributes=True)
            async for each in check_account(rt, account)
        ]
    )

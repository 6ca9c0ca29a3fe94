"""The menu (自定义菜单) of an account: read from WeChat, changed, published."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from wxdesk.desk import menus
from wxdesk.errors import NotFound
from wxdesk.runtime import Runtime
from wxdesk.web.api.inputs import NO_NUL, RowId
from wxdesk.web.api.speaking import account_and_client
from wxdesk.web.deps import AnAdmin, ASupervisor, Now, TheRuntime
from wxdesk.web.problems import BY_WECHAT, problems
from wxdesk.wechat import Button, Menu, limits

router = APIRouter(tags=["menu"])

Text = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, max_length=1024)]


class SubButton(BaseModel):
    """A button that does something: which fields it needs depends on its type."""

    type: Text | None = None
    name: Text
    key: Text | None = None
    url: Text | None = None
    app_id: Text | None = None
    page_path: Text | None = None
    media_id: Text | None = None
    article_id: Text | None = None

    def button(self, sub: tuple[Button, ...] = ()) -> Button:
        """As WeChat's client has it."""
        given = self.model_dump(exclude_none=True, exclude={"sub"})
        return Button(**given, sub=sub)


class MenuButton(SubButton):
    """A button of the first level; with others below it does nothing itself."""

    sub: Annotated[list[SubButton], Field(max_length=limits.MENU_SUB_BUTTONS)] = []

    def button(self, _sub: tuple[Button, ...] = ()) -> Button:
        return super().button(tuple(each.button() for each in self.sub))

    @classmethod
    def of(cls, button: Button) -> Self:
        names = set(SubButton.model_fields)
        below = [SubButton(**_fields(each, names)) for each in button.sub]
        return cls(**_fields(button, names), sub=below)


class MenuIn(BaseModel):
    buttons: Annotated[list[MenuButton], Field(min_length=1, max_length=limits.MENU_BUTTONS)]


class MenuOut(BaseModel):
    """The menu that customers see; empty where there is none."""

    buttons: list[MenuButton]
    published_at: datetime | None


def _fields(button: Button, names: set[str]) -> dict[str, Any]:
    return {name: getattr(button, name) or None for name in names - {"name"}} | {
        "name": button.name
    }


@router.get("/accounts/{account_id}/menu", responses=problems(NotFound, *BY_WECHAT))
async def read_menu(account_id: RowId, _agent: ASupervisor, rt: TheRuntime, now: Now) -> MenuOut:
    """What WeChat has, asked now."""
    account, client = await account_and_client(rt, account_id)
    found = await client.menu.get()
    return await _keep(rt, account.id, found.buttons if found else (), now)


@router.put("/accounts/{account_id}/menu", responses=problems(NotFound, *BY_WECHAT))
async def publish_menu(
    account_id: RowId, wish: MenuIn, _agent: AnAdmin, rt: TheRuntime, now: Now
) -> MenuOut:
    """Let customers see this menu; their phones show it within some minutes."""
    account, client = await account_and_client(rt, account_id)
    buttons = tuple(each.button() for each in wish.buttons)
    await client.menu.set(Menu(buttons))
    return await _keep(rt, account.id, buttons, now)


@router.delete(
    "/accounts/{account_id}/menu", status_code=204, responses=problems(NotFound, *BY_WECHAT)
)
async def delete_menu(account_id: RowId, _agent: AnAdmin, rt: TheRuntime) -> None:
    """Take the menu away."""
    account, client = await account_and_client(rt, account_id)
    await client.menu.delete()
    async with rt.db.unit() as unit:
        await menus.forget(unit, account.id)


async def _keep(rt: Runtime, account_id: int, buttons: Iterable[Button], now: datetime) -> MenuOut:
    """Keep the names of the buttons, for the clicks that name only their keys."""
    shown = [MenuButton.of(each) for each in buttons]
    if not shown:
        return MenuOut(buttons=[], published_at=None)
    async with rt.db.unit() as unit:
        kept = await menus.keep(
            unit, account_id, [each.model_dump(mode="json") for each in shown], now=now
        )
        return MenuOut(buttons=shown, published_at=kept.published_at)

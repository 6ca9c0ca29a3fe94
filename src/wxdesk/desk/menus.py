"""The menu (自定义菜单) of an account, as the desk last read or published it."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.desk import accounts
from wxdesk.store import Base, Unit

Button = dict[str, Any]
"""As the API shows it: ``type``, ``name``, the fields of its type, ``sub``."""


class KeptMenu(Base):
    """The copy by which clicks are given their names."""

    __tablename__ = "menus"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    buttons: Mapped[list[Button]] = mapped_column(JSON)
    published_at: Mapped[datetime]


async def find(unit: Unit, account_id: int) -> KeptMenu | None:
    return await unit.session.get(KeptMenu, account_id)


async def keep(
    unit: Unit, account_id: int, buttons: Sequence[Button], *, now: datetime
) -> KeptMenu:
    """Keep what customers now see; the moment only moves when it is another menu."""
    await accounts.lock(unit, account_id)
    kept = await find(unit, account_id)
    if kept is None:
        kept = KeptMenu(account_id=account_id, buttons=list(buttons), published_at=now)
        unit.session.add(kept)
    elif kept.buttons != list(buttons):
        kept.buttons, kept.published_at = list(buttons), now
    await unit.session.flush()
    return kept


async def forget(unit: Unit, account_id: int) -> None:
    await accounts.lock(unit, account_id)
    kept = await find(unit, account_id)
    if kept:
        await unit.session.delete(kept)


async def names(unit: Unit, account_id: int, keys: Collection[str]) -> dict[str, str]:
    """What the buttons with these keys say, those the desk knows."""
    kept = await find(unit, account_id) if keys else None
    said = dict(_by_key(kept.buttons)) if kept else {}
    return {key: said[key] for key in keys if key in said}


def _by_key(buttons: Sequence[Button]) -> Iterator[tuple[str, str]]:
    for button in buttons:
        if button.get("key"):
            yield button["key"], button["name"]
        yield from _by_key(button.get("sub") or [])

"""QR codes with scenes (带参数二维码): made in the desk, and who came by which."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, bindparam, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.desk import accounts
from wxdesk.errors import Conflict, NotFound
from wxdesk.store import Base, Id, Unit

Scan = tuple[int, str, bool, datetime]
"""An account's id, the scene, whether they followed by it, and when."""


class QrCode(Base):
    """One code.

    Attributes:
        name: What the desk calls it: where it hangs.
        scene: What WeChat tells when it is scanned; unique in the account.
        url: What the picture says.
        expires_at: None: never.
        scans: How often it was scanned, by those who followed then included.
    """

    __tablename__ = "qrcodes"
    __table_args__ = (UniqueConstraint("account_id", "scene"),)

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    name: Mapped[str]
    scene: Mapped[str]
    url: Mapped[str]
    ticket: Mapped[str]
    expires_at: Mapped[datetime | None]
    scans: Mapped[int] = mapped_column(default=0)
    follows: Mapped[int] = mapped_column(default=0)
    last_scanned_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class SceneTaken(Conflict):
    """The account has a code with this scene."""

    code = "scene_taken"


async def require_free(unit: Unit, account_id: int, scene: str) -> None:
    """Raise SceneTaken unless no code of the account has this scene."""
    if await names(unit, account_id, [scene]):
        raise SceneTaken("another code of this account has this scene", scene=scene)


async def add(
    unit: Unit,
    account_id: int,
    *,
    name: str,
    scene: str,
    url: str,
    ticket: str,
    expires_at: datetime | None,
    now: datetime,
) -> QrCode:
    """Keep a code that WeChat has made.

    Raises:
        SceneTaken: Somebody was faster.
    """
    await accounts.lock(unit, account_id)
    await require_free(unit, account_id, scene)
    code = QrCode(
        account_id=account_id,
        name=name,
        scene=scene,
        url=url,
        ticket=ticket,
        expires_at=expires_at,
        created_at=now,
    )
    unit.session.add(code)
    await unit.session.flush()
    return code


async def get(unit: Unit, qrcode_id: int) -> QrCode:
    code = await unit.session.get(QrCode, qrcode_id)
    if code is None:
        raise NotFound(f"there is no code {qrcode_id}")
    return code


async def list_newest(
    unit: Unit, account_id: int, *, before: int | None, limit: int
) -> Sequence[QrCode]:
    """An account's codes, newest first."""
    query = (
        select(QrCode)
        .where(QrCode.account_id == account_id)
        .order_by(QrCode.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(QrCode.id < before)
    return (await unit.session.scalars(query)).all()


async def forget(unit: Unit, qrcode_id: int) -> None:
    """Take a code off the desk's list; the printed one goes on working, WeChat knows no deletion.

    Raises:
        NotFound: There is no such code.
    """
    gone = await unit.session.execute(
        delete(QrCode).where(QrCode.id == qrcode_id).returning(QrCode.id),
        execution_options={"synchronize_session": False},
    )
    if gone.first() is None:
        raise NotFound(f"there is no code {qrcode_id}")


async def names(unit: Unit, account_id: int, scenes: Collection[str]) -> dict[str, str]:
    """What the desk calls the codes with these scenes, those it knows."""
    if not scenes:
        return {}
    rows = await unit.session.execute(
        select(QrCode.scene, QrCode.name).where(
            QrCode.account_id == account_id, QrCode.scene.in_(scenes)
        )
    )
    return {row[0]: row[1] for row in rows}


async def record_scan(unit: Unit, scans: Iterable[Scan]) -> None:
    """Count scans; those of codes that were made elsewhere count for nothing. One statement."""
    counted: defaultdict[tuple[int, str], dict[str, Any]] = defaultdict(
        lambda: {"scanned": 0, "followed": 0}
    )
    for account_id, scene, followed, at in scans:
        count = counted[account_id, scene]
        count["scanned"] += 1
        count["followed"] += followed
        count["at"] = max(at, count.get("at", at))
    if not counted:
        return
    table = QrCode.__table__
    moment = bindparam("at", type_=table.c.last_scanned_at.type)
    await unit.session.execute(
        update(table)  # type: ignore[arg-type]
        .where(table.c.account_id == bindparam("of_account"))
        .where(table.c.scene == bindparam("of_scene"))
        .values(
            scans=table.c.scans + bindparam("scanned"),
            follows=table.c.follows + bindparam("followed"),
            last_scanned_at=func.coalesce(moment, table.c.last_scanned_at),
        ),
        [
            {"of_account": account_id, "of_scene": scene, **count}
            for (account_id, scene), count in sorted(counted.items())
        ],
    )

"""Customer-service accounts (客服账号): the names under which agents appear to customers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ForeignKey, UniqueConstraint, delete, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.desk import accounts
from wxdesk.desk.accounts import Account
from wxdesk.errors import Conflict
from wxdesk.store import Base, Id, Unit


class KfAccount(Base):
    """An agent's name at one account: how the desk wants it. WeChat's own list is asked for."""

    __tablename__ = "kf_accounts"
    __table_args__ = (
        UniqueConstraint("account_id", "agent_id"),
        UniqueConstraint("account_id", "kf_account"),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    kf_account: Mapped[str]
    nickname: Mapped[str]


class KfTaken(Conflict):
    """The agent has a name at this account, or the name belongs to another agent."""

    code = "kf_taken"


async def account_of(unit: Unit, account_id: int, agent_id: int) -> str | None:
    """The kf_account an agent's replies carry, if the account's setting says so. One statement."""
    return await unit.session.scalar(
        select(KfAccount.kf_account)
        .join(Account, Account.id == KfAccount.account_id)
        .where(KfAccount.account_id == account_id, KfAccount.agent_id == agent_id)
        .where(Account.kf_names)
    )


async def list_of(unit: Unit, account_id: int) -> Sequence[KfAccount]:
    """The names at one account; WeChat takes a hundred."""
    return (
        await unit.session.scalars(
            select(KfAccount)
            .where(KfAccount.account_id == account_id)
            .order_by(KfAccount.kf_account)
        )
    ).all()


async def find(unit: Unit, account_id: int, kf_account: str) -> KfAccount | None:
    return await unit.session.scalar(
        select(KfAccount).where(
            KfAccount.account_id == account_id, KfAccount.kf_account == kf_account
        )
    )


async def require_free(unit: Unit, account_id: int, *, agent_id: int, kf_account: str) -> None:
    """Raise KfTaken unless neither the agent nor the name is bound to another one."""
    other = await unit.session.scalar(
        select(KfAccount.id)
        .where(KfAccount.account_id == account_id)
        .where(or_(KfAccount.agent_id == agent_id, KfAccount.kf_account == kf_account))
        .where(~((KfAccount.agent_id == agent_id) & (KfAccount.kf_account == kf_account)))
        .limit(1)
    )
    if other is not None:
        raise KfTaken("this agent or this name is bound already", kf_account=kf_account)


async def bind(
    unit: Unit, account_id: int, *, agent_id: int, kf_account: str, nickname: str
) -> KfAccount:
    """Let an agent appear under a name.

    Raises:
        KfTaken: The agent or the name is bound to another one.
    """
    await accounts.lock(unit, account_id)
    await require_free(unit, account_id, agent_id=agent_id, kf_account=kf_account)
    bound = await find(unit, account_id, kf_account)
    if bound is None:
        bound = KfAccount(account_id=account_id, agent_id=agent_id, kf_account=kf_account)
        unit.session.add(bound)
    bound.nickname = nickname
    await unit.session.flush()
    return bound


async def unbind(unit: Unit, account_id: int, kf_account: str) -> None:
    await unit.session.execute(
        delete(KfAccount).where(
            KfAccount.account_id == account_id, KfAccount.kf_account == kf_account
        )
    )


@dataclass(frozen=True, slots=True)
class Repair:
    """What differs between the desk's names and WeChat's list, and so is to be done there."""

    missing: tuple[KfAccount, ...]
    renamed: tuple[KfAccount, ...]


def repair_of(bound: Sequence[KfAccount], nicknames: dict[str, str]) -> Repair:
    """Compare with WeChat's list: nickname by kf_account."""
    return Repair(
        missing=tuple(each for each in bound if each.kf_account not in nicknames),
        renamed=tuple(
            each for each in bound if nicknames.get(each.kf_account, each.nickname) != each.nickname
        ),
    )

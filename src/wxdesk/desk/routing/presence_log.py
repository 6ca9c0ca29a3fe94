"""Who was at the desk when: a row each time somebody comes, goes, or is counted as gone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.desk.routing.model import Seat
from wxdesk.desk.routing.snapshot import Presence
from wxdesk.store import Base, Id, Unit


class PresenceChange(Base):
    """From ``at`` on an agent was this, until their next row. Never changed.

    Attributes:
        takes: They took new conversations: here, and not paused.
    """

    __tablename__ = "presence_log"
    __table_args__ = (Index(None, "at", "agent_id"),)

    id: Mapped[Id]
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    presence: Mapped[Presence]
    reason: Mapped[str | None]
    takes: Mapped[bool]
    at: Mapped[datetime]


def note_presence(unit: Unit, seat: Seat, now: datetime) -> None:
    """Keep what an agent has become."""
    unit.session.add(
        PresenceChange(
            agent_id=seat.agent_id,
            presence=seat.presence,
            reason=seat.reason,
            takes=seat.presence is Presence.ONLINE and seat.paused_since is None,
            at=now,
        )
    )


async def presence_known_since(unit: Unit) -> datetime | None:
    """When the first row was written: who was there before is not known."""
    return await unit.session.scalar(select(func.min(PresenceChange.at)))


async def presence_between(
    unit: Unit, *, since: datetime, until: datetime, looking_back: datetime
) -> Sequence[PresenceChange]:
    """What agents were and became from ``since`` on, in order; the last row before it of each.

    Args:
        unit: Reads are enough.
        since: From here on.
        until: Before here.
        looking_back: Whoever has not changed since then counts as gone.
    """
    before = (
        select(func.max(PresenceChange.id))
        .where(PresenceChange.at >= looking_back, PresenceChange.at < since)
        .group_by(PresenceChange.agent_id)
    )
    query = select(PresenceChange).order_by(PresenceChange.at, PresenceChange.id)
    earlier = await unit.session.scalars(query.where(PresenceChange.id.in_(before)))
    later = await unit.session.scalars(
        query.where(PresenceChange.at >= since, PresenceChange.at < until)
    )
    return [*earlier, *later]


async def forget_presence_before(unit: Unit, moment: datetime) -> None:
    """Who was here so long ago is asked by nobody."""
    await unit.session.execute(
        delete(PresenceChange).where(PresenceChange.at < moment),
        execution_options={"synchronize_session": False},
    )

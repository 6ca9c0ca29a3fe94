"""Saved views (保存的视图): filters of the conversation list that agents keep under a name."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ForeignKey, Index, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.errors import Conflict, Forbidden, NotFound
from wxdesk.store import Base, Id, Unit

MOST_OF_ONE = 50
MOST_SHOWN = 200


class ViewForbidden(Forbidden):
    """It is not theirs to share, or to change."""

    code = "view_forbidden"


class TooManyViews(Conflict):
    """They keep as many as they may."""

    code = "too_many_views"


class SavedView(Base):
    """A filter with an order.

    Attributes:
        filter: As the API takes it; what it does not name does not matter.
        sort: What comes first.
        shared: Everybody sees it.
        place: Among those of the same owner, or among the shared; the lowest is first.
    """

    __tablename__ = "saved_views"
    __table_args__ = (Index(None, "owner_id"), Index(None, "shared"))

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    name: Mapped[str]
    filter: Mapped[dict[str, Any]]
    sort: Mapped[str]
    shared: Mapped[bool]
    place: Mapped[int]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


async def visible(unit: Unit, agent_id: int) -> Sequence[SavedView]:
    """Those that are shared, then one's own, each in their order."""
    theirs = or_(SavedView.shared, SavedView.owner_id == agent_id)
    query = select(SavedView).where(theirs)
    query = query.order_by(SavedView.shared.desc(), SavedView.place, SavedView.id)
    return (await unit.session.scalars(query.limit(MOST_SHOWN))).all()


async def add(unit: Unit, values: Mapping[str, Any], *, agent_id: int, leads: bool) -> SavedView:
    """Keep a view, after all the others.

    Raises:
        ViewForbidden: Only those who lead share one.
        TooManyViews: They keep as many as they may.
    """
    _require_may_share(values, leads=leads)
    query = select(func.count(), func.max(SavedView.place))
    kept, last = (await unit.session.execute(query.where(SavedView.owner_id == agent_id))).one()
    if kept >= MOST_OF_ONE:
        raise TooManyViews("there are enough of them", most=MOST_OF_ONE)
    view = SavedView(owner_id=agent_id, place=(last or 0) + 1, **values)
    unit.session.add(view)
    await unit.session.flush()
    return view


async def change(
    unit: Unit, view_id: int, values: Mapping[str, Any], *, agent_id: int, leads: bool
) -> SavedView:
    """Name it otherwise, filter otherwise, share it or not.

    Raises:
        NotFound: There is none, or somebody keeps it for themselves.
        ViewForbidden: It is not theirs to change, or to share.
    """
    view = await _get(unit, view_id, agent_id=agent_id, leads=leads)
    _require_may_share(values, leads=leads)
    for name, value in values.items():
        setattr(view, name, value)
    await unit.session.flush()
    return view


async def arrange(unit: Unit, view_ids: Sequence[int], *, agent_id: int, leads: bool) -> None:
    """Let these come in this order.

    Raises:
        NotFound: One of them is not there, or somebody keeps it for themselves.
        ViewForbidden: One of them is not theirs to move.
    """
    for place, view_id in enumerate(view_ids, start=1):
        view = await _get(unit, view_id, agent_id=agent_id, leads=leads)
        view.place = place
    await unit.session.flush()


async def remove(unit: Unit, view_id: int, *, agent_id: int, leads: bool) -> None:
    """Throw it away.

    Raises:
        NotFound: There is none, or somebody keeps it for themselves.
        ViewForbidden: It is not theirs to throw away.
    """
    await unit.session.delete(await _get(unit, view_id, agent_id=agent_id, leads=leads))
    await unit.session.flush()


async def _get(unit: Unit, view_id: int, *, agent_id: int, leads: bool) -> SavedView:
    view = await unit.session.scalar(unit.locking(select(SavedView).where(SavedView.id == view_id)))
    if view is None or (view.owner_id != agent_id and not view.shared):
        raise NotFound(f"there is no saved view {view_id}")
    if view.owner_id != agent_id and not leads:
        raise ViewForbidden("it is somebody else's")
    return view


def _require_may_share(values: Mapping[str, Any], *, leads: bool) -> None:
    if values.get("shared") and not leads:
        raise ViewForbidden("only supervisors share a view")

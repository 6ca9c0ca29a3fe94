"""Quick replies (快捷回复): texts used again and again; the desk's, a group's, one's own."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, and_, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.desk import groups
from wxdesk.desk.words import found_by
from wxdesk.errors import Conflict, Forbidden, Invalid, NotFound
from wxdesk.store import Base, Id, Unit
from wxdesk.store.database import take_turn

MOST_OF_SCOPE = 2000
MOST_FAVOURITES = 9
LONGEST_FOLDER = 120
LONGEST_TITLE = 60
LONGEST_TEXT = 2000


class Scope(StrEnum):
    """Whose a quick reply is."""

    PUBLIC = "public"
    GROUP = "group"
    OWN = "own"


class QuickReplyInvalid(Invalid):
    """A quick reply cannot be right; ``problem`` says why."""

    code = "quick_reply_invalid"


class QuickReplyForbidden(Forbidden):
    """It is not theirs to change."""

    code = "quick_reply_forbidden"


class TooManyQuickReplies(Conflict):
    """There are as many as there may be."""

    code = "too_many_quick_replies"


class QuickReply(Base):
    """A text to be used again.

    Attributes:
        scope: ``group``: of ``group_id``; ``own``: of ``owner_id``.
        folder: Its place in the tree: ``售后/退款``; empty: at the top.
        find: Title in pinyin and its initials, by which it is found.
        used: How often it was inserted or sent.
    """

    __tablename__ = "quick_replies"
    __table_args__ = (
        Index(None, "scope", "group_id"),
        Index(None, "owner_id"),
    )

    id: Mapped[Id]
    scope: Mapped[Scope]
    group_id: Mapped[int | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    folder: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    find: Mapped[str]
    used: Mapped[int] = mapped_column(default=0)
    last_used_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Favourite(Base):
    """Alt+1 to Alt+9 of an agent."""

    __tablename__ = "favourite_replies"

    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    reply_id: Mapped[int] = mapped_column(
        ForeignKey("quick_replies.id", ondelete="CASCADE"), index=True
    )


async def visible(unit: Unit, agent_id: int) -> Sequence[QuickReply]:
    """All that an agent may use, by folder and title: public, of their groups, their own."""
    inside = (await groups.groups_of(unit, [agent_id]))[agent_id]
    theirs = or_(
        QuickReply.scope == Scope.PUBLIC,
        and_(QuickReply.scope == Scope.GROUP, QuickReply.group_id.in_(inside)),
        and_(QuickReply.scope == Scope.OWN, QuickReply.owner_id == agent_id),
    )
    query = select(QuickReply).where(theirs).order_by(QuickReply.folder, QuickReply.title)
    return (await unit.session.scalars(query)).all()


async def of_all_groups(unit: Unit) -> Sequence[QuickReply]:
    """Public ones and those of every group, for whoever looks after them."""
    query = select(QuickReply).where(QuickReply.scope != Scope.OWN)
    return (await unit.session.scalars(query.order_by(QuickReply.folder, QuickReply.title))).all()


async def add(unit: Unit, values: Mapping[str, Any], *, agent_id: int, leads: bool) -> QuickReply:
    """Keep a quick reply.

    Args:
        unit: Of the request.
        values: ``scope``, ``title``, ``text``; ``folder`` and ``group_id`` where it has them.
        agent_id: Whose it is, where it is somebody's own.
        leads: They may keep those of others.

    Raises:
        QuickReplyInvalid: It cannot be right.
        QuickReplyForbidden: Only supervisors keep public ones and those of groups.
        TooManyQuickReplies: There are as many as there may be.
    """
    reply = QuickReply(**{"folder": "", "group_id": None, **values})
    reply.owner_id = agent_id if reply.scope is Scope.OWN else None
    _require_right(reply, agent_id, leads=leads)
    await _require_sound(unit, reply)
    if await _count(unit, reply) >= MOST_OF_SCOPE:
        raise TooManyQuickReplies("there are enough of them", most=MOST_OF_SCOPE)
    unit.session.add(reply)
    await unit.session.flush()
    return reply


async def change(
    unit: Unit, reply_id: int, values: Mapping[str, Any], *, agent_id: int, leads: bool
) -> QuickReply:
    """Say it otherwise, or keep it elsewhere; whose it is stays.

    Raises:
        NotFound: There is no such quick reply.
        QuickReplyInvalid: It cannot be right.
        QuickReplyForbidden: It is not theirs to change.
    """
    reply = await _get(unit, reply_id, agent_id)
    _require_right(reply, agent_id, leads=leads)
    for name in ("folder", "title", "text"):
        setattr(reply, name, values.get(name, getattr(reply, name)))
    await _require_sound(unit, reply)
    await unit.session.flush()
    return reply


async def remove(unit: Unit, reply_id: int, *, agent_id: int, leads: bool) -> None:
    """Throw it away.

    Raises:
        NotFound: There is no such quick reply.
        QuickReplyForbidden: It is not theirs to throw away.
    """
    reply = await _get(unit, reply_id, agent_id)
    _require_right(reply, agent_id, leads=leads)
    await unit.session.execute(delete(Favourite).where(Favourite.reply_id == reply.id))
    await unit.session.delete(reply)
    await unit.session.flush()


async def record_use(unit: Unit, reply_id: int, *, agent_id: int, now: datetime) -> None:
    """It was used once more. Nobody is told: it is no change of the text.

    Raises:
        NotFound: There is no such quick reply.
    """
    reply = await _get(unit, reply_id, agent_id)
    await unit.session.execute(
        update(QuickReply)
        .where(QuickReply.id == reply.id)
        .values(used=QuickReply.used + 1, last_used_at=now),
        execution_options={"synchronize_session": False},
    )


async def favourites_of(unit: Unit, agent_id: int) -> dict[int, int]:
    """The quick reply at each place, 1 to 9."""
    query = select(Favourite).where(Favourite.agent_id == agent_id)
    return {each.place: each.reply_id for each in await unit.session.scalars(query)}


async def set_favourites(unit: Unit, agent_id: int, chosen: Mapping[int, int]) -> None:
    """Let these quick replies, and no others, be at these places.

    Raises:
        NotFound: One of them is not there, or not theirs to use.
    """
    known = {each.id for each in await visible(unit, agent_id)}
    if unknown := set(chosen.values()) - known:
        raise NotFound(f"there is no quick reply {min(unknown)}")
    await take_turn(unit, f"favourites of {agent_id}")
    await unit.session.execute(delete(Favourite).where(Favourite.agent_id == agent_id))
    for place, reply_id in chosen.items():
        unit.session.add(Favourite(agent_id=agent_id, place=place, reply_id=reply_id))
    await unit.session.flush()


async def _get(unit: Unit, reply_id: int, agent_id: int) -> QuickReply:
    """Somebody else's own is as if it were not there."""
    query = unit.locking(select(QuickReply).where(QuickReply.id == reply_id))
    reply = await unit.session.scalar(query)
    if reply is None or (reply.scope is Scope.OWN and reply.owner_id != agent_id):
        raise NotFound(f"there is no quick reply {reply_id}")
    return reply


def _require_right(reply: QuickReply, agent_id: int, *, leads: bool) -> None:
    if reply.owner_id != agent_id and not leads:
        raise QuickReplyForbidden("only supervisors keep public quick replies")


async def _require_sound(unit: Unit, reply: QuickReply) -> None:
    """Raise unless it can be right; its folder and title are tidied, and made to be found."""
    reply.folder = "/".join(_tidy(reply.folder.split("/")))
    reply.title, reply.text = reply.title.strip(), reply.text.strip()
    if not (0 < len(reply.title) <= LONGEST_TITLE and 0 < len(reply.text) <= LONGEST_TEXT):
        raise QuickReplyInvalid("it needs a title and a text", problem="text")
    if len(reply.folder) > LONGEST_FOLDER:
        raise QuickReplyInvalid("too deep", problem="folder")
    if (reply.scope is Scope.GROUP) != (reply.group_id is not None):
        raise QuickReplyInvalid("one of a group names the group", problem="group")
    if reply.group_id and reply.group_id not in await groups.by_ids(unit, [reply.group_id]):
        raise QuickReplyInvalid("there is no such group", problem="group")
    reply.find = found_by(reply.title)


def _tidy(parts: Collection[str]) -> list[str]:
    return [part.strip() for part in parts if part.strip()]


async def _count(unit: Unit, reply: QuickReply) -> int:
    query = select(func.count()).select_from(QuickReply).where(QuickReply.scope == reply.scope)
    if reply.scope is Scope.OWN:
        query = query.where(QuickReply.owner_id == reply.owner_id)
    return await unit.session.scalar(query) or 0

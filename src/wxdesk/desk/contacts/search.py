"""Contacts by what they are: who fits, newest seen first; and filters that are kept (客户分组)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Self

from sqlalchemy import JSON, ColumnElement, ForeignKey, and_, cast, false, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.desk.contacts.model import Contact, Tag
from wxdesk.desk.contacts.tags import tags_by_ids
from wxdesk.desk.fields import Condition, Test, secret_ids
from wxdesk.errors import Conflict, Forbidden, NotFound
from wxdesk.store import Base, Id, Unit

MOST_SEGMENTS = 200


class PageEnd(NamedTuple):
    """Where a page ended: those that follow were seen earlier, or at once with a lower number."""

    last_seen_at: datetime
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which contacts; what is not said does not matter.

    Attributes:
        text: Stands in their remark, here or at WeChat, or begins their openid or unionid.
        level_ids: The default level as well, where it is among them.
        tag_ids: The desk's ids: they carry one of them.
        conditions: All of them hold.
        seen_since: They were seen then or later; ``seen_until``: earlier than that.
    """

    text: str = ""
    account_id: int | None = None
    level_ids: frozenset[int] = frozenset()
    tag_ids: frozenset[int] = frozenset()
    following: bool | None = None
    blacklisted: bool | None = None
    conditions: tuple[Condition, ...] = ()
    seen_since: datetime | None = None
    seen_until: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is kept for whoever goes on later."""
        return {
            "text": self.text,
            "account_id": self.account_id,
            "level_ids": sorted(self.level_ids),
            "tag_ids": sorted(self.tag_ids),
            "following": self.following,
            "blacklisted": self.blacklisted,
            "conditions": [each.as_json() for each in self.conditions],
            "seen_since": self.seen_since and self.seen_since.isoformat(),
            "seen_until": self.seen_until and self.seen_until.isoformat(),
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Self:
        since, until = kept["seen_since"], kept["seen_until"]
        return cls(
            text=kept["text"],
            account_id=kept["account_id"],
            level_ids=frozenset(kept["level_ids"]),
            tag_ids=frozenset(kept["tag_ids"]),
            following=kept["following"],
            blacklisted=kept["blacklisted"],
            conditions=tuple(map(Condition.of_json, kept["conditions"])),
            seen_since=since and datetime.fromisoformat(since),
            seen_until=until and datetime.fromisoformat(until),
        )


async def search(
    unit: Unit, wanted: Wanted, *, default_level_id: int, after: PageEnd | None, limit: int
) -> Sequence[Contact]:
    """Who fits, newest seen first. The cost grows with those that are looked at to fill the page.

    Args:
        unit: Reads are enough.
        wanted: Which.
        default_level_id: Of those who have no other level.
        after: Where the page before ended.
        limit: At most so many.
    """
    query = select(Contact).where(*await _all_of(unit, wanted, default_level_id))
    if after is not None:
        query = query.where(tuple_(Contact.last_seen_at, Contact.id) < tuple(after))
    query = query.order_by(Contact.last_seen_at.desc(), Contact.id.desc()).limit(limit)
    return (await unit.session.scalars(query)).all()


async def list_after(
    unit: Unit,
    wanted: Wanted,
    *,
    default_level_id: int,
    among: Collection[int] | None,
    after_id: int,
    limit: int,
) -> Sequence[Contact]:
    """Who fits, by number: an order in which nobody moves, however long it takes to go through.

    Args:
        unit: Reads are enough.
        wanted: Which.
        default_level_id: Of those who have no other level.
        among: Only these; None: all.
        after_id: Where one went on from.
        limit: At most so many.
    """
    query = select(Contact).where(*await _all_of(unit, wanted, default_level_id))
    if among is not None:
        query = query.where(Contact.id.in_(among))
    query = query.where(Contact.id > after_id).order_by(Contact.id).limit(limit)
    return (await unit.session.scalars(query)).all()


async def count(unit: Unit, wanted: Wanted, *, default_level_id: int, most: int) -> int:
    """How many fit; nobody counts beyond ``most``."""
    some = select(Contact.id).where(*await _all_of(unit, wanted, default_level_id)).limit(most)
    return await unit.session.scalar(select(func.count()).select_from(some.subquery())) or 0


async def _all_of(unit: Unit, wanted: Wanted, default_level_id: int) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.text:
        found.append(_called(wanted.text))
    if wanted.account_id is not None:
        found.append(Contact.account_id == wanted.account_id)
    if wanted.level_ids:
        found.append(_of_level(wanted.level_ids, default_level_id))
    if wanted.tag_ids:
        found.append(await carry(unit, wanted.tag_ids))
    if wanted.following is not None:
        found.append(Contact.following.is_(wanted.following))
    if wanted.blacklisted is not None:
        marked = Contact.blacklisted_at.is_not(None)
        found.append(marked if wanted.blacklisted else ~marked)
    if wanted.seen_since is not None:
        found.append(Contact.last_seen_at >= wanted.seen_since)
    if wanted.seen_until is not None:
        found.append(Contact.last_seen_at < wanted.seen_until)
    if any(each.test is not Test.IS for each in wanted.conditions):
        found += await _unmeasured(unit, wanted.conditions)
    return [*found, *map(_holds, wanted.conditions)]


async def _unmeasured(unit: Unit, conditions: Sequence[Condition]) -> list[ColumnElement[bool]]:
    """A covered number has no size: who asks for smaller and larger ones would soon know it."""
    secret = await secret_ids(unit)
    asked = any(each.test is not Test.IS and each.field_id in secret for each in conditions)
    return [false()] if asked else []


def _called(text: str) -> ColumnElement[bool]:
    return or_(
        Contact.remark.icontains(text, autoescape=True),
        Contact.platform_remark.icontains(text, autoescape=True),
        Contact.openid.startswith(text, autoescape=True),
        Contact.unionid.startswith(text, autoescape=True),
    )


def _of_level(ids: frozenset[int], default_level_id: int) -> ColumnElement[bool]:
    chosen = Contact.level_id.in_(ids)
    return or_(chosen, Contact.level_id.is_(None)) if default_level_id in ids else chosen


async def carry(unit: Unit, tag_ids: Collection[int]) -> ColumnElement[bool]:
    """Of contacts: they carry one of these tags; nobody carries one that is not there."""
    return carrying(unit, await tags_by_ids(unit, tag_ids))


def carrying(unit: Unit, tags: Iterable[Tag]) -> ColumnElement[bool]:
    """The same of tags that were read already."""
    return or_(false(), *(_carries(unit, tag) for tag in tags))


def has_level(has: bool) -> ColumnElement[bool]:
    """Of contacts: they have another level than everybody has, or have not."""
    return Contact.level_id.is_not(None) if has else Contact.level_id.is_(None)


def _carries(unit: Unit, tag: Tag) -> ColumnElement[bool]:
    if unit.session.get_bind().dialect.name == "postgresql":
        carried = cast(Contact.tag_ids, JSONB).contains([tag.wechat_id])
    else:
        each = func.json_each(Contact.tag_ids).table_valued("value")
        carried = select(each.c.value).where(each.c.value == tag.wechat_id).exists()
    return and_(Contact.account_id == tag.account_id, carried)


def _holds(condition: Condition) -> ColumnElement[bool]:
    kept = Contact.fields[str(condition.field_id)]
    value: ColumnElement[Any] = (
        kept.as_string() if isinstance(condition.value, str) else kept.as_float()
    )
    match condition.test:
        case Test.IS:
            return value == condition.value
        case Test.AT_LEAST:
            return value >= condition.value
        case Test.AT_MOST:
            return value <= condition.value


class SegmentForbidden(Forbidden):
    """It is not theirs to change."""

    code = "segment_forbidden"


class TooManySegments(Conflict):
    """There are as many as there may be."""

    code = "too_many_segments"


class Segment(Base):
    """A filter of contacts that somebody has kept.

    Attributes:
        wanted: As the API takes it.
        shared: Everybody sees it.
    """

    __tablename__ = "segments"

    id: Mapped[Id]
    name: Mapped[str]
    wanted: Mapped[dict[str, Any]] = mapped_column(JSON)
    owner_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), index=True)
    shared: Mapped[bool]


async def list_segments(unit: Unit, agent_id: int) -> Sequence[Segment]:
    """One's own, and those that are shared, by name."""
    theirs = or_(Segment.owner_id == agent_id, Segment.shared)
    query = select(Segment).where(theirs).order_by(Segment.name, Segment.id)
    return (await unit.session.scalars(query.limit(2 * MOST_SEGMENTS))).all()


async def keep_segment(
    unit: Unit, *, name: str, wanted: dict[str, Any], owner_id: int, shared: bool
) -> Segment:
    """Keep a filter.

    Raises:
        TooManySegments: They have as many as they may.
    """
    query = select(func.count()).select_from(Segment).where(Segment.owner_id == owner_id)
    if (await unit.session.scalar(query) or 0) >= MOST_SEGMENTS:
        raise TooManySegments("there are enough of them", most=MOST_SEGMENTS)
    segment = Segment(name=name, wanted=wanted, owner_id=owner_id, shared=shared)
    unit.session.add(segment)
    await unit.session.flush()
    return segment


async def drop_segment(unit: Unit, segment_id: int, *, agent_id: int, leads: bool) -> None:
    """Throw one away: one's own, or, for whoever leads, a shared one.

    Raises:
        NotFound: There is none, or somebody keeps it for themselves.
        SegmentForbidden: It is shared, and somebody else's.
    """
    segment = await unit.session.get(Segment, segment_id)
    if segment is None or (segment.owner_id != agent_id and not segment.shared):
        raise NotFound(f"there is no segment {segment_id}")
    if segment.owner_id != agent_id and not leads:
        raise SegmentForbidden("it is somebody else's")
    await unit.session.delete(segment)
    await unit.session.flush()

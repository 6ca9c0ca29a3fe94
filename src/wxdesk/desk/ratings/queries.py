"""Every SQL statement about ratings."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, tuple_

from wxdesk.desk.conversations import Conversation
from wxdesk.desk.ratings.model import Rating, RatingSettings
from wxdesk.store import Unit


async def of(unit: Unit, conversation_ids: Collection[int]) -> Mapping[int, Rating]:
    """The ratings of these conversations, and the invitations that nobody answered."""
    if not conversation_ids:
        return {}
    query = select(Rating).where(Rating.conversation_id.in_(conversation_ids))
    return {each.conversation_id: each for each in await unit.session.scalars(query)}


async def find(unit: Unit, conversation_id: int) -> Rating | None:
    query = select(Rating).where(Rating.conversation_id == conversation_id)
    return await unit.session.scalar(unit.locking(query))


async def find_by_digest(unit: Unit, digest: str) -> Rating | None:
    return await unit.session.scalar(select(Rating).where(Rating.digest == digest))


async def open_comments(unit: Unit, contact_ids: Collection[int]) -> Mapping[int, Rating]:
    """The newest rating of each contact that waits for a comment. One statement, of few rows."""
    query = (
        select(Rating)
        .where(Rating.contact_id.in_(contact_ids), Rating.comment_until.is_not(None))
        .order_by(Rating.rated_at)
    )
    return {each.contact_id: each for each in await unit.session.scalars(query)}


async def find_settings(unit: Unit, account_id: int) -> RatingSettings | None:
    return await unit.session.get(RatingSettings, account_id)


async def list_rated(
    unit: Unit,
    *,
    since: datetime,
    group_id: int | None,
    level_id: int | None,
    after: tuple[datetime, int] | None,
    limit: int,
) -> Sequence[tuple[Conversation, datetime]]:
    """What was rated since then and when, newest first, after one of them."""
    query = (
        select(Conversation, Rating.rated_at)
        .join(Rating, Rating.conversation_id == Conversation.id)
        .where(Rating.rated_at >= since, Rating.rated_at.is_not(None))
        .order_by(Rating.rated_at.desc(), Conversation.id.desc())
        .limit(limit)
    )
    if group_id is not None:
        query = query.where(Conversation.group_id == group_id)
    if level_id is not None:
        query = query.where(Conversation.level_id == level_id)
    if after:
        query = query.where(tuple_(Rating.rated_at, Conversation.id) < after)
    return [(row[0], row[1]) for row in await unit.session.execute(query) if row[1]]

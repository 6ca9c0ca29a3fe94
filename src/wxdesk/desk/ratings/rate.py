"""Customers tell how it was: the first time counts, and for a while it may be changed."""

from datetime import datetime

from wxdesk.desk import contacts, conversations, notices
from wxdesk.desk.conversations import Conversation, Direction, Message
from wxdesk.desk.events import Happening
from wxdesk.desk.notices import Notice
from wxdesk.desk.ratings import queries
from wxdesk.desk.ratings.invite import digest_of, tell
from wxdesk.desk.ratings.model import NoSuchInvitation, Rating, Score
from wxdesk.desk.ratings.taps import LINES
from wxdesk.store import Unit

RATED, COMMENTED = "rating", "rating_comment"
"""What the thread calls the lines."""


async def record(
    unit: Unit,
    rating: Rating,
    conversation: Conversation,
    score: Score,
    *,
    at: datetime,
    now: datetime,
    push_id: int | None = None,
) -> bool:
    """Note what a customer told; whether it counts. The conversation's thread shows it anyhow.

    Whose conversation it was hears of it.
    """
    counts = rating.takes(at)
    content: dict[str, object] = {"score": int(score)}
    if not counts:
        content["late"] = True
    elif rating.score is not None:
        content["before"] = rating.score
    if counts:
        first = rating.rated_at is None
        rating.rate(score, at)
        unit.tell(Happening.RATED if first else Happening.RATED_ANEW, conversation.id)
    line = _line(conversation, RATED, LINES[score], at=at, now=now, push_id=push_id)
    line.content = content
    await conversations.add_happening(unit, conversation, line)
    tell(unit, conversation)
    if counts and conversation.assignee_id is not None:
        told = Notice(
            agent_id=conversation.assignee_id,
            kind=notices.Kind.RATING,
            conversation_id=conversation.id,
            facts={"score": int(score)},
            at=now,
        )
        await notices.add(unit, [told])
    return counts


async def comment(
    unit: Unit,
    rating: Rating,
    conversation: Conversation,
    words: str,
    *,
    at: datetime,
    now: datetime,
    push_id: int | None = None,
    shown: bool = True,
) -> None:
    """Keep what a customer was not content with; it stands in the thread unless it does anyhow."""
    rating.say(words)
    unit.tell(Happening.RATED_ANEW, conversation.id)
    if shown:
        line = _line(conversation, COMMENTED, words, at=at, now=now, push_id=push_id)
        await conversations.add_happening(unit, conversation, line)
    tell(unit, conversation)
    await unit.session.flush()


async def find_invitation(unit: Unit, secret: str) -> Rating:
    """The rating that a link is for; in a unit that writes all it touches is locked.

    Raises:
        NoSuchInvitation: Nobody was given it.
    """
    found = await queries.find_by_digest(unit, digest_of(secret))
    if found is None:
        raise NoSuchInvitation("nobody was given this link")
    return found


async def rate_by_link(
    unit: Unit, secret: str, *, score: Score | None, words: str, now: datetime
) -> Rating:
    """Note what the page of a link was told.

    Raises:
        NoSuchInvitation: Nobody was given it, or it was used a while ago.
    """
    rating = await find_invitation(unit, secret)
    await contacts.get(unit, rating.contact_id)
    conversation = await conversations.get(unit, rating.conversation_id)
    await unit.session.refresh(rating)
    if not rating.takes(now):
        raise NoSuchInvitation("it was used")
    if score is not None and score != rating.score:
        await record(unit, rating, conversation, score, at=now, now=now)
    if words and rating.rated_at is not None and not rating.comment:
        await comment(unit, rating, conversation, words, at=now, now=now)
    return rating


def _line(
    conversation: Conversation,
    kind: str,
    words: str,
    *,
    at: datetime,
    now: datetime,
    push_id: int | None,
) -> Message:
    return Message(
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        push_id=push_id,
        direction=Direction.SYSTEM,
        kind=kind,
        text=words,
        sent_at=conversations.whole_second(at),
        received_at=now,
    )

"""What happened with a customer (时间线), of all kinds in one list."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from wxdesk.desk import accounts, agents, contacts, fields, levels, ratings, routing, summaries
from wxdesk.desk import timeline as parts
from wxdesk.desk.agents import Agent
from wxdesk.desk.contacts import ChangeKind, Contact, ContactChange, LevelSource
from wxdesk.desk.conversations import Conversation, ConversationState, Message
from wxdesk.desk.fields import Field, FieldChange
from wxdesk.desk.levels import Level, LevelChange
from wxdesk.desk.ratings import Rating
from wxdesk.desk.routing import Hidden
from wxdesk.desk.timeline import Entry, Place, TimelineKind
from wxdesk.errors import Invalid, NotFound
from wxdesk.store import Unit
from wxdesk.web.api.agents import AgentRef
from wxdesk.web.api.granting import LevelRef
from wxdesk.web.api.inputs import RowId, blank_is
from wxdesk.web.api.rating import RatingOut
from wxdesk.web.api.sight import CONTACT_IN_SIGHT, TheSight
from wxdesk.web.api.summary import SummaryOut
from wxdesk.web.deps import AnAgent, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["contacts"])

PAGE = 40
_CURSOR = re.compile(r"([0-9T:.+-]{19,40})~([0-9])~([0-9]{1,18})")


class TimelineSession(BaseModel):
    """A conversation as it stands."""

    state: ConversationState
    closed_at: datetime | None
    agent: AgentRef | None
    summary: SummaryOut | None
    rating: RatingOut | None
    last_line: str


class TimelineEntry(BaseModel):
    """One thing that happened; numbers of people are covered in all of it.

    `what`: more exactly than the kind: `subscribe`, `menu_view`, `tags`, `joined`. `text`: what was
    written, scanned, touched. `name`: of the field. `before`, `after`: what became of it; tags are
    joined by commas. `conversation_id`, `message_id`: where it can be read.
    """

    key: str
    kind: TimelineKind
    what: str
    at: datetime
    contact_id: int
    account: str
    conversation_id: int | None
    message_id: int | None
    by: AgentRef | None
    text: str
    name: str | None = None
    before: str | None = None
    after: str | None = None
    level: LevelRef | None = None
    source: LevelSource | None = None
    until: datetime | None = None
    session: TimelineSession | None = None


class Timeline(BaseModel):
    """Newest first; `next` is the `cursor` of older ones."""

    items: list[TimelineEntry]
    next: str | None


@dataclass(frozen=True, slots=True)
class _Known:
    """What entries name."""

    people: Mapping[int, Agent]
    fields: Mapping[int, Field]
    levels: Mapping[int, Level]
    names: Mapping[int, str]
    accounts: Mapping[int, str]
    sessions: Mapping[int, tuple[SummaryOut | None, Rating | None]]

    def by(self, agent_id: int | None) -> AgentRef | None:
        agent = self.people.get(agent_id or 0)
        return AgentRef.of(agent) if agent else None


@router.get(
    "/contacts/{contact_id}/timeline",
    responses=problems(NotFound, Hidden, Invalid),
    dependencies=[CONTACT_IN_SIGHT],
)
async def read_timeline(
    contact_id: RowId,
    sight: TheSight,
    _agent: AnAgent,
    unit: ReadUnit,
    kind: Annotated[list[TimelineKind] | None, Query()] = None,
    cursor: Annotated[str | None, blank_is(None)] = None,
) -> Timeline:
    """What happened with a customer, over all their contacts that the caller may see."""
    family = await contacts.get_family(unit, contact_id)
    hidden = await routing.hidden_of(unit, sight, [each.id for each in family])
    seen = [each for each in family if each.id not in hidden]
    found = await parts.list_entries(
        unit,
        [each.id for each in seen],
        kinds=kind or list(TimelineKind),
        after=_place(cursor) if cursor else None,
        limit=PAGE + 1,
    )
    page = found[:PAGE]
    known = await _look_up(unit, page, seen)
    return Timeline(
        items=[_shown(each, known) for each in page],
        next=_cursor(page[-1].place) if len(found) > PAGE else None,
    )


def _place(cursor: str) -> Place:
    found = _CURSOR.fullmatch(cursor.replace(" ", "+"))
    try:
        at = datetime.fromisoformat(found[1]) if found else None
    except ValueError:
        at = None
    if found is None or at is None or at.tzinfo is None:
        raise Invalid("this is no place in a timeline", problem="cursor")
    return Place(at, int(found[2]), int(found[3]))


def _cursor(place: Place) -> str:
    return f"{place.at.isoformat()}~{place.source}~{place.id}"


async def _look_up(unit: Unit, page: Sequence[Entry], family: Collection[Contact]) -> _Known:
    rows = [each.row for each in page]
    talks = [row for row in rows if isinstance(row, Conversation)]
    ids = {talk.id for talk in talks}
    given = await summaries.of(unit, ids)
    paths = await summaries.paths_of(
        unit, {each.category_id for each in given.values() if each.category_id is not None}
    )
    named = {each.by_id for each in given.values()} | {talk.assignee_id for talk in talks}
    named |= {row.author_id for row in rows if isinstance(row, Message)}
    logged = FieldChange | LevelChange | ContactChange
    named |= {row.by_id for row in rows if isinstance(row, logged)}
    people = await agents.by_ids(unit, {each for each in named if each})
    rated = await ratings.of(unit, ids)
    owners = await accounts.by_ids(unit, {each.account_id for each in family})
    return _Known(
        people=people,
        fields=await fields.named(
            unit, {row.field_id for row in rows if isinstance(row, FieldChange)} | _revealed(rows)
        ),
        levels=await levels.by_ids(
            unit, {row.level_id for row in rows if isinstance(row, LevelChange)}
        ),
        names=await _names(unit, rows),
        accounts={each.id: owners[each.account_id].name for each in family},
        sessions={
            each: (SummaryOut.of(given.get(each), paths, people), rated.get(each)) for each in ids
        },
    )


async def _names(unit: Unit, rows: Sequence[object]) -> dict[int, str]:
    """What the contacts are called that were joined or parted."""
    joined = (ChangeKind.JOINED, ChangeKind.PARTED)
    changes = [row for row in rows if isinstance(row, ContactChange) and row.kind in joined]
    ids = {each for row in changes for told in (row.before, row.after) for each in told or ()}
    return {
        each.id: f"{each.remark} ·{each.openid[-4:]}".strip()
        for each in (await contacts.by_ids(unit, ids)).values()
    }


def _revealed(rows: Sequence[object]) -> set[int]:
    return {
        row.after
        for row in rows
        if isinstance(row, ContactChange) and row.kind is ChangeKind.REVEALED
    }


def _shown(entry: Entry, known: _Known) -> TimelineEntry:
    row = entry.row
    base = TimelineEntry(
        key=f"{entry.place.source}-{entry.place.id}",
        kind=entry.kind,
        what=entry.kind,
        at=entry.place.at,
        contact_id=entry.contact_id,
        account=known.accounts[entry.contact_id],
        conversation_id=entry.conversation_id,
        message_id=None,
        by=None,
        text="",
    )
    match row:
        case Message():
            return base.model_copy(update=_of_line(row, known))
        case Conversation():
            return base.model_copy(update={"session": _session(row, known)})
        case FieldChange():
            return base.model_copy(update=_of_field(row, known))
        case LevelChange():
            level = LevelRef.model_validate(known.levels[row.level_id], from_attributes=True)
            told = {"level": level, "source": row.source, "until": row.until}
            return base.model_copy(
                update=told | {"by": known.by(row.by_id), "text": fields.covered_text(row.note)}
            )
        case _:
            return base.model_copy(update=_of_change(row, known))


def _of_line(line: Message, known: _Known) -> dict[str, object]:
    content = line.content
    text = content.get("scene_name") or content.get("name") or line.text
    return {
        "what": line.kind,
        "message_id": line.id,
        "by": known.by(line.author_id),
        "text": fields.covered_text(str(text)),
    }


def _session(talk: Conversation, known: _Known) -> TimelineSession:
    summary, rating = known.sessions[talk.id]
    if summary:
        summary = summary.model_copy(update={"note": fields.covered_text(summary.note)})
    told = RatingOut.of(rating)
    if told:
        told = told.model_copy(update={"comment": fields.covered_text(told.comment)})
    return TimelineSession(
        state=talk.state,
        closed_at=talk.closed_at,
        agent=known.by(talk.assignee_id),
        summary=summary,
        rating=told,
        last_line=fields.covered_text(talk.last_text),
    )


def _of_field(change: FieldChange, known: _Known) -> dict[str, object]:
    field = known.fields[change.field_id]

    def told(value: object) -> str | None:
        if value is None:
            return None
        covers = field.kind in fields.SECRET
        return fields.covered(str(value)) if covers else fields.covered_text(str(value))

    before, after = told(change.before), told(change.after)
    return {
        "name": field.name,
        "before": before,
        "after": after,
        "by": known.by(change.by_id),
    }


def _of_change(change: ContactChange, known: _Known) -> dict[str, object]:
    told = {"what": change.kind, "by": known.by(change.by_id)}
    if change.kind is ChangeKind.REVEALED:
        return told | {"name": known.fields[change.after].name}
    if change.kind is ChangeKind.PUSH_SHOWN:
        return told | {"message_id": change.after}

    def words(value: object) -> str | None:
        if isinstance(value, list):
            named = [known.names.get(each, str(each)) for each in value]
            return ", ".join(fields.covered_text(each) for each in named)
        return None if value is None else fields.covered_text(str(value))

    return told | {"before": words(change.before), "after": words(change.after)}

"""The level of a contact: given by hand or by a program, and how it came to be."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, StringConstraints

from wxdesk.desk import agents, contacts, levels
from wxdesk.desk.agents import Agent, Role
from wxdesk.desk.contacts import LevelSource
from wxdesk.desk.levels import Colour, Grant, Level, LevelChange, LevelInvalid
from wxdesk.desk.routing import Hidden
from wxdesk.errors import Forbidden, NotFound
from wxdesk.web.api import contacts as contacts_api
from wxdesk.web.api.contacts import ContactOut
from wxdesk.web.api.inputs import NO_NUL, RowId, RowNumber, blank_is
from wxdesk.web.api.sight import CONTACT_IN_SIGHT
from wxdesk.web.deps import AnAgent, InPerson, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["levels"])


class LevelChoice(BaseModel):
    """`level_id` null: what was given the same way is taken back. `until` null: for good."""

    level_id: RowNumber | None
    until: AwareDatetime | None = None
    note: Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, max_length=200)] = ""


class LevelRef(BaseModel):
    """A level where only its looks matter; it may have been retired since."""

    id: int
    name: str
    colour: Colour


class GivenBy(BaseModel):
    """Who gave it."""

    id: int
    name: str


class GivenOut(BaseModel):
    """A contact was given a level, or it counted from then on."""

    id: int
    level: LevelRef
    source: LevelSource
    until: datetime | None
    note: str
    by: GivenBy | None
    at: datetime

    @classmethod
    def of(
        cls, kept: Grant | LevelChange, known: Mapping[int, Level], people: Mapping[int, Agent]
    ) -> Self:
        giver = people.get(kept.by_id or 0)
        return cls(
            id=kept.id,
            level=LevelRef.model_validate(known[kept.level_id], from_attributes=True),
            source=kept.source,
            until=kept.until,
            note=kept.note,
            by=GivenBy(id=giver.id, name=giver.name) if giver else None,
            at=kept.at,
        )


class LevelHistory(BaseModel):
    """`items`: which level counted from when on, newest first. `given`: what stands now, by source.

    ``next`` is the ``cursor`` of the page of older ones.
    """

    items: list[GivenOut]
    given: list[GivenOut]
    next: int | None


@router.put("/contacts/{contact_id}/level", responses=problems(NotFound, Forbidden, LevelInvalid))
async def choose_level(
    contact_id: RowId,
    choice: LevelChoice,
    agent: AnAgent,
    in_person: InPerson,
    unit: OpenUnit,
    now: Now,
) -> ContactOut:
    """Give a contact a level: a supervisor by hand, which overrides all else, or a program."""
    if in_person and not agent.role.includes(Role.SUPERVISOR):
        raise Forbidden("this is for supervisors, and for programs")
    source = LevelSource.HAND if in_person else LevelSource.API
    if choice.level_id is None:
        contact = await levels.revoke(unit, contact_id, source, now=now)
    else:
        contact = await levels.grant(
            unit,
            contact_id,
            choice.level_id,
            source=source,
            until=choice.until,
            note=choice.note,
            by_id=agent.id,
            now=now,
        )
    return await contacts_api.one(unit, [contact])


@router.get(
    "/contacts/{contact_id}/levels",
    responses=problems(NotFound, Hidden),
    dependencies=[CONTACT_IN_SIGHT],
)
async def read_history(
    contact_id: RowId,
    _agent: AnAgent,
    unit: ReadUnit,
    cursor: Annotated[RowNumber | None, blank_is(None)] = None,
    limit: Annotated[int, blank_is(50), Query(ge=1, le=100)] = 50,
) -> LevelHistory:
    """Which levels counted for a contact, and what speaks for one now."""
    await contacts.get(unit, contact_id)
    found = await levels.list_changes(unit, contact_id, before=cursor, limit=limit + 1)
    page, given = found[:limit], await levels.list_grants(unit, contact_id)
    shown: list[Grant | LevelChange] = [*page, *given]
    known = await levels.by_ids(unit, {each.level_id for each in shown})
    people = await agents.by_ids(unit, {each.by_id for each in shown})
    return LevelHistory(
        items=[GivenOut.of(each, known, people) for each in page],
        given=[GivenOut.of(each, known, people) for each in given],
        next=page[-1].id if len(found) > limit else None,
    )

"""Fields of contacts (客户字段): what there are, what is kept in them, and what became of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import BaseModel, FiniteFloat, StringConstraints
from pydantic import Field as Bound

from wxdesk import logs
from wxdesk.desk import agents, contacts, fields, levels
from wxdesk.desk.contacts import ChangeKind
from wxdesk.desk.fields import (
    Condition,
    Field,
    FieldChange,
    FieldInvalid,
    FieldNameTaken,
    FieldsChanged,
    Kind,
    Test,
    TooManyFields,
)
from wxdesk.desk.routing import Hidden
from wxdesk.errors import NotFound
from wxdesk.store import Unit
from wxdesk.web.api.agents import AgentRef
from wxdesk.web.api.contacts import ContactOut, one
from wxdesk.web.api.inputs import NO_NUL, NoBody, RowId, RowNumber, blank_is
from wxdesk.web.api.sight import CONTACT_IN_SIGHT
from wxdesk.web.deps import AnAdmin, AnAgent, ASupervisor, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["fields"])

PAGE = 50

log = logs.get(__name__)

Name = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Choices = Annotated[list[Name], Bound(max_length=50)]
Text = Annotated[str, NO_NUL, StringConstraints(max_length=500)]
Value = Text | Annotated[float, Bound(allow_inf_nan=False)] | None


class FieldCondition(BaseModel):
    """What the value of a field has to be; `at_least` and `at_most`: of numbers and dates."""

    field_id: RowNumber
    test: Test
    value: Text | FiniteFloat

    def condition(self) -> Condition:
        return Condition(self.field_id, self.test, self.value)


class FieldWish(BaseModel):
    """`choices`: of a choice, and of nothing else.

    `version`: of the copy that was looked at; where it is given and old, nothing is changed.
    """

    name: Name
    choices: Choices = []
    version: int | None = None


class ContactFieldIn(BaseModel):
    """`kind` never changes. `choices`: of a choice, and of nothing else."""

    name: Name
    kind: Kind
    choices: Choices = []


class ContactFieldOut(ContactFieldIn):
    """A field as it is kept."""

    id: int
    version: int

    @classmethod
    def of(cls, kept: Field) -> Self:
        return cls(
            id=kept.id, name=kept.name, kind=kept.kind, choices=kept.choices, version=kept.version
        )


class FieldList(BaseModel):
    """In the operator's order."""

    items: list[ContactFieldOut]


class FieldOrder(BaseModel):
    """All fields."""

    ids: Annotated[list[RowNumber], Bound(max_length=fields.MOST_FIELDS)]


class Values(BaseModel):
    """By the field's number: a text, a number, a date as `2026-03-01`, or one of the choices.

    Null: nothing is kept any more. What is left out stays.
    """

    values: Annotated[dict[RowNumber, Value], Bound(max_length=fields.MOST_FIELDS)]


class FieldChangeOut(BaseModel):
    """A value became another; `by` null: nobody in person. A field may have been retired since."""

    field_id: int
    before: Value
    after: Value
    by: AgentRef | None
    at: datetime


class RevealedOut(BaseModel):
    """A number as it is kept."""

    value: Value


class FieldHistory(BaseModel):
    """Newest first."""

    items: list[FieldChangeOut]
    next: int | None


@router.get("/fields", responses=problems())
async def list_fields(_agent: AnAgent, unit: ReadUnit) -> FieldList:
    """The fields."""
    return FieldList(items=[ContactFieldOut.of(each) for each in await fields.list_fields(unit)])


@router.post(
    "/fields", status_code=201, responses=problems(FieldInvalid, FieldNameTaken, TooManyFields)
)
async def add_field(wish: ContactFieldIn, _agent: AnAdmin, unit: OpenUnit) -> ContactFieldOut:
    """Add a field behind all others."""
    made = await fields.add(unit, name=wish.name, kind=wish.kind, choices=wish.choices)
    return ContactFieldOut.of(made)


@router.put("/fields/order", responses=problems(FieldsChanged))
async def order_fields(wish: FieldOrder, _agent: AnAdmin, unit: OpenUnit) -> FieldList:
    """Put the fields in this order."""
    ordered = await fields.put_in_order(unit, wish.ids)
    return FieldList(items=[ContactFieldOut.of(each) for each in ordered])


@router.put(
    "/fields/{field_id}", responses=problems(NotFound, FieldInvalid, FieldNameTaken, FieldsChanged)
)
async def change_field(
    field_id: RowId, wish: FieldWish, _agent: AnAdmin, unit: OpenUnit
) -> ContactFieldOut:
    """Call a field otherwise, or let others be chosen."""
    return ContactFieldOut.of(
        await fields.change(
            unit, field_id, name=wish.name, choices=wish.choices, version=wish.version
        )
    )


@router.delete("/fields/{field_id}", status_code=204, responses=problems(NotFound))
async def retire_field(field_id: RowId, _agent: AnAdmin, unit: OpenUnit, now: Now) -> None:
    """Show a field no more; what was kept in it stays."""
    await fields.retire(unit, field_id, now=now)


@router.put(
    "/contacts/{contact_id}/fields",
    responses=problems(NotFound, FieldInvalid, Hidden),
    dependencies=[CONTACT_IN_SIGHT],
)
async def set_values(
    contact_id: RowId, wish: Values, agent: AnAgent, unit: OpenUnit, now: Now
) -> ContactOut:
    """Keep values of a contact; their level follows."""
    changed = await levels.set_fields(unit, contact_id, wish.values, by_id=agent.id, now=now)
    return await one(unit, [changed])


@router.get(
    "/contacts/{contact_id}/fields/history",
    responses=problems(NotFound, Hidden),
    dependencies=[CONTACT_IN_SIGHT],
)
async def read_history(
    contact_id: RowId,
    _agent: AnAgent,
    unit: ReadUnit,
    cursor: Annotated[RowNumber | None, blank_is(None)] = None,
) -> FieldHistory:
    """What became of a contact's values."""
    await contacts.get(unit, contact_id)
    found = await fields.list_changes(unit, contact_id, before=cursor, limit=PAGE + 1)
    items = await _told(unit, found[:PAGE])
    return FieldHistory(items=items, next=found[PAGE - 1].id if len(found) > PAGE else None)


@router.post(
    "/contacts/{contact_id}/fields/{field_id}/reveal",
    responses=problems(NotFound, Hidden),
    dependencies=[CONTACT_IN_SIGHT],
)
async def reveal_value(
    contact_id: RowId,
    field_id: RowId,
    agent: ASupervisor,
    unit: OpenUnit,
    now: Now,
    _body: NoBody = None,
) -> RevealedOut:
    """Show a covered number whole; who was shown it stands on the customer's timeline."""
    contact = await contacts.get(unit, contact_id)
    kept = contact.fields.get(str(field_id))
    if kept is None:
        raise NotFound(f"contact {contact_id} has no value of field {field_id}")
    contacts.note(unit, contact, ChangeKind.REVEALED, None, field_id, by_id=agent.id, now=now)
    log.info("value_revealed", contact_id=contact_id, field_id=field_id, agent_id=agent.id)
    return RevealedOut(value=kept)


async def _told(unit: Unit, found: Sequence[FieldChange]) -> list[FieldChangeOut]:
    secret = await fields.secret_ids(unit)

    def covered(each: FieldChange, value: Value) -> Value:
        covers = each.field_id in secret and isinstance(value, str)
        return fields.covered(str(value)) if covers else value

    people = await agents.by_ids(unit, {each.by_id for each in found if each.by_id})
    return [
        FieldChangeOut(
            field_id=each.field_id,
            before=covered(each, each.before),
            after=covered(each, each.after),
            by=AgentRef.of(people[each.by_id]) if each.by_id else None,
            at=each.at,
        )
        for each in found
    ]

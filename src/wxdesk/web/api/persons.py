"""Contacts that are one person's: suggested by WeChat's UnionID, joined and parted by hand."""

from collections.abc import Collection
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from wxdesk.desk import accounts, contacts, levels, routing
from wxdesk.desk.contacts import Contact, JoinInvalid, NotJoined, Wins
from wxdesk.desk.routing import Hidden, Sight
from wxdesk.errors import NotFound
from wxdesk.store import Unit
from wxdesk.web.api.contacts import ContactOut, shown
from wxdesk.web.api.conversation import AccountRef
from wxdesk.web.api.inputs import NO_NUL, NoBody, RowId, RowNumber
from wxdesk.web.api.sight import CONTACT_IN_SIGHT, TheSight
from wxdesk.web.deps import AnAgent, ASupervisor, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["contacts"])

MOST_SUGGESTED = 20

FieldKey = Annotated[str, NO_NUL, StringConstraints(pattern=r"^[0-9]{1,18}$")]


class PersonContact(BaseModel):
    """A contact of somebody, and whose follower it is."""

    contact: ContactOut
    account: AccountRef


class PersonOut(BaseModel):
    """`own`: the contact itself. `joined`: others of the same person, made so by hand.

    `suggested`: others that WeChat tells to be the same, by their UnionID; nobody has joined them.
    """

    own: PersonContact
    joined: list[PersonContact]
    suggested: list[PersonContact]


class JoinWish(BaseModel):
    """Which contacts are one person's, and whose is kept where they differ.

    `remark`, `level` and each of `fields` (by the field's number) name a contact; null, or left
    out: the first remark and value that there is, and the best level.
    """

    ids: Annotated[list[RowNumber], Field(min_length=2, max_length=contacts.MOST_JOINED)]
    remark: RowNumber | None = None
    level: RowNumber | None = None
    fields: Annotated[dict[FieldKey, RowNumber], Field(max_length=50)] = {}


@router.get(
    "/contacts/{contact_id}/person",
    responses=problems(NotFound, Hidden),
    dependencies=[CONTACT_IN_SIGHT],
)
async def read_person(
    contact_id: RowId, sight: TheSight, _agent: AnAgent, unit: ReadUnit
) -> PersonOut:
    """A contact with the others of the same person, and those who seem to be."""
    return await _person(unit, sight, contact_id)


@router.post("/persons", status_code=201, responses=problems(NotFound, JoinInvalid))
async def join_contacts(
    wish: JoinWish, agent: ASupervisor, sight: TheSight, unit: OpenUnit, now: Now
) -> PersonOut:
    """Make contacts one person's: their remark, fields, level and timeline are one from now on."""
    ids = list(dict.fromkeys(wish.ids))
    wins = Wins(remark=wish.remark, level=wish.level, fields=wish.fields)
    await levels.join(unit, ids, wins, by_id=agent.id, now=now)
    return await _person(unit, sight, ids[0])


@router.post(
    "/contacts/{contact_id}/part",
    responses=problems(NotFound, NotJoined, Hidden),
    dependencies=[CONTACT_IN_SIGHT],
)
async def part_contacts(
    contact_id: RowId,
    agent: ASupervisor,
    sight: TheSight,
    unit: OpenUnit,
    now: Now,
    _body: NoBody = None,
) -> PersonOut:
    """Undo the last joining: each contact has again what it had before."""
    await levels.part(unit, contact_id, by_id=agent.id, now=now)
    return await _person(unit, sight, contact_id)


async def _person(unit: Unit, sight: Sight, contact_id: int) -> PersonOut:
    own, *joined = await contacts.get_family(unit, contact_id)
    suggested = await contacts.same_unionid(unit, own, limit=MOST_SUGGESTED)
    hidden = await routing.hidden_of(unit, sight, [each.id for each in (*joined, *suggested)])
    everybody = [own, *(each for each in (*joined, *suggested) if each.id not in hidden)]
    told = await _told(unit, everybody)
    return PersonOut(
        own=told[own.id],
        joined=[told[each.id] for each in joined if each.id in told],
        suggested=[told[each.id] for each in suggested if each.id in told],
    )


async def _told(unit: Unit, found: Collection[Contact]) -> dict[int, PersonContact]:
    owners = await accounts.by_ids(unit, {each.account_id for each in found})
    refs = {
        each.id: AccountRef.model_validate(each, from_attributes=True) for each in owners.values()
    }
    return {
        contact.id: PersonContact(contact=out, account=refs[contact.account_id])
        for contact, out in zip(found, await shown(unit, found), strict=True)
    }

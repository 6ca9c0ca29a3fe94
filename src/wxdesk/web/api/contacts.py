"""Contacts: who writes, and what WeChat still tells of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from wxdesk.desk import contacts, fields, levels
from wxdesk.desk.contacts import Contact, LevelSource, Tag, TagKey, TagsNotSynced, TooManyTags
from wxdesk.desk.levels import Colour, Level
from wxdesk.desk.routing import Hidden
from wxdesk.errors import Invalid, NotFound
from wxdesk.store import Unit
from wxdesk.web.api.allowance import AllowanceOut
from wxdesk.web.api.inputs import NO_NUL, NoBody, RowId, RowNumber
from wxdesk.web.api.sight import CONTACT_IN_SIGHT
from wxdesk.web.deps import AnAgent, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["contacts"])

MOST_TAGS = 100
Reason = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, max_length=200)]


class TagRef(BaseModel):
    """A tag where only the name matters."""

    id: int
    name: str


class Location(BaseModel):
    """Where a follower was, as their phone told; ``precision`` in metres."""

    latitude: float
    longitude: float
    precision: float
    at: datetime


class ContactLevel(BaseModel):
    """The level that counts for a contact, and why; `until` null: until something changes."""

    id: int
    name: str
    rank: int
    colour: Colour
    source: LevelSource
    until: datetime | None

    @classmethod
    def of(cls, contact: Contact, level: Level) -> Self:
        chosen = contact.level_id == level.id
        return cls(
            id=level.id,
            name=level.name,
            rank=level.rank,
            colour=level.colour,
            source=(chosen and contact.level_source) or LevelSource.DEFAULT,
            until=contact.level_until if chosen else None,
        )


class ContactOut(BaseModel):
    """A contact as agents see them. ``name`` is what the desk calls them, if it does.

    What WeChat tells (``subscribe_scene`` and on) is as old as ``refreshed_at`` says. ``fields``:
    what the company keeps of them, by the number of the field; numbers of people are covered.
    ``person_id``: contacts with the same one are one person's.
    """

    id: int
    openid: str
    name: str | None
    remark: str
    level: ContactLevel
    following: bool
    first_seen_at: datetime
    last_seen_at: datetime
    subscribe_scene: str | None
    subscribed_at: datetime | None
    qr_scene: str | None
    language: str | None
    unionid: str | None
    platform_remark: str | None
    tags: list[TagRef]
    location: Location | None
    fields: dict[str, str | float]
    blacklisted: bool
    blacklist_reason: str | None
    refreshed_at: datetime | None
    allowance: AllowanceOut
    person_id: int | None
    version: int

    @classmethod
    def of(
        cls,
        contact: Contact,
        tags: Mapping[TagKey, Tag],
        level: Level,
        secret: Collection[int],
    ) -> Self:
        carried = [tags.get((contact.account_id, wechat_id)) for wechat_id in contact.tag_ids]
        place = contact.location
        return cls(
            id=contact.id,
            openid=contact.openid,
            name=contact.remark or contact.platform_remark or None,
            remark=contact.remark,
            level=ContactLevel.of(contact, level),
            following=contact.following,
            first_seen_at=contact.first_seen_at,
            last_seen_at=contact.last_seen_at,
            subscribe_scene=contact.subscribe_scene or None,
            subscribed_at=contact.subscribed_at,
            qr_scene=contact.qr_scene or None,
            language=contact.language or None,
            unionid=contact.unionid,
            platform_remark=contact.platform_remark or None,
            tags=[TagRef(id=tag.id, name=tag.name) for tag in carried if tag],
            location=Location.model_validate(place) if place else None,
            fields=_covered(contact.fields, secret),
            blacklisted=contact.blacklisted_at is not None,
            blacklist_reason=contact.blacklist_reason or None,
            refreshed_at=contact.refreshed_at,
            allowance=AllowanceOut.of(contact),
            person_id=contact.person_id,
            version=contact.version,
        )


class ContactChange(BaseModel):
    remark: Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, max_length=60)]


class TagChoice(BaseModel):
    tag_ids: Annotated[list[RowNumber], Field(max_length=MOST_TAGS)]


class Blacklisting(BaseModel):
    """``at_wechat`` null: as the account's setting says."""

    on: bool
    at_wechat: bool | None = None
    reason: Reason = ""


async def shown(unit: Unit, found: Collection[Contact]) -> list[ContactOut]:
    """Contacts as browsers see them, in three more statements for all."""
    await unit.session.flush()
    tags = await contacts.tags_of(unit, found)
    counting = await levels.effective(unit, found)
    secret = await fields.secret_ids(unit) if any(each.fields for each in found) else ()
    return [ContactOut.of(each, tags, counting[each.id], secret) for each in found]


def _covered(kept: Mapping[str, Any], secret: Collection[int]) -> dict[str, str | float]:
    return {
        key: fields.covered(value) if int(key) in secret and isinstance(value, str) else value
        for key, value in kept.items()
    }


@router.get(
    "/contacts/{contact_id}", responses=problems(NotFound, Hidden), dependencies=[CONTACT_IN_SIGHT]
)
async def read_contact(contact_id: RowId, _agent: AnAgent, unit: ReadUnit) -> ContactOut:
    """One contact."""
    return await one(unit, [await contacts.get(unit, contact_id)])


@router.patch(
    "/contacts/{contact_id}", responses=problems(NotFound, Hidden), dependencies=[CONTACT_IN_SIGHT]
)
async def change_contact(
    contact_id: RowId, change: ContactChange, agent: AnAgent, unit: OpenUnit, now: Now
) -> ContactOut:
    """Note what the desk calls a contact, and the other contacts of the same person."""
    changed = await contacts.set_remark(unit, contact_id, change.remark, by_id=agent.id, now=now)
    return await one(unit, [changed])


@router.put(
    "/contacts/{contact_id}/tags",
    responses=problems(NotFound, TagsNotSynced, TooManyTags, Hidden),
    dependencies=[CONTACT_IN_SIGHT],
)
async def set_tags(
    contact_id: RowId, choice: TagChoice, agent: AnAgent, unit: OpenUnit, now: Now
) -> ContactOut:
    """Give a contact these tags and no others, here and at WeChat; their level follows."""
    changed = await levels.set_tags(unit, contact_id, choice.tag_ids, by_id=agent.id, now=now)
    return await one(unit, [changed])


@router.put(
    "/contacts/{contact_id}/blacklist",
    responses=problems(NotFound, Invalid, Hidden),
    dependencies=[CONTACT_IN_SIGHT],
)
async def blacklist(
    contact_id: RowId, wish: Blacklisting, agent: AnAgent, unit: OpenUnit, now: Now
) -> ContactOut:
    """Put a contact on the blacklist, or take them off."""
    changed = await contacts.blacklist(
        unit,
        contact_id,
        on=wish.on,
        agent_id=agent.id,
        reason=wish.reason,
        at_wechat=wish.at_wechat,
        now=now,
    )
    return await one(unit, [changed])


@router.post(
    "/contacts/{contact_id}/refresh",
    responses=problems(NotFound, Hidden),
    dependencies=[CONTACT_IN_SIGHT],
)
async def refresh_contact(
    contact_id: RowId, _agent: AnAgent, unit: OpenUnit, now: Now, _body: NoBody = None
) -> ContactOut:
    """Have WeChat asked about a contact as soon as may be; the answer comes as an event."""
    return await one(unit, [await contacts.ask_refresh(unit, contact_id, now=now)])


def nobody(contact: ContactOut, number: int, since: datetime) -> ContactOut:
    """Somebody of this level, of whom nothing else is told; ``number`` is that of no contact."""
    level = contact.level.model_copy(update={"source": LevelSource.DEFAULT, "until": None})
    return ContactOut(
        id=number,
        openid="",
        name=None,
        remark="",
        level=level,
        following=True,
        first_seen_at=since,
        last_seen_at=since,
        subscribe_scene=None,
        subscribed_at=None,
        qr_scene=None,
        language=None,
        unionid=None,
        platform_remark=None,
        tags=[],
        location=None,
        fields={},
        blacklisted=False,
        blacklist_reason=None,
        refreshed_at=None,
        allowance=AllowanceOut(grants=[], reserved=0, margin_seconds=0),
        person_id=None,
        version=contact.version,
    )


async def one(unit: Unit, found: Sequence[Contact]) -> ContactOut:
    """The only one of them, as browsers see it."""
    (only,) = await shown(unit, found)
    return only

"""Contacts: who writes."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints

from wxdesk.desk import contacts
from wxdesk.desk.contacts import Contact
from wxdesk.errors import NotFound
from wxdesk.web.api.inputs import NO_NUL, RowId
from wxdesk.web.deps import AnAgent, OpenUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["contacts"])


class ContactOut(BaseModel):
    """A contact as agents see them. ``name`` is what the desk calls them, if it does."""

    id: int
    openid: str
    name: str | None
    remark: str
    level: None = None
    following: bool
    first_seen_at: datetime
    last_seen_at: datetime
    version: int

    @classmethod
    def of(cls, contact: Contact) -> Self:
        return cls(
            id=contact.id,
            openid=contact.openid,
            name=contact.remark or None,
            remark=contact.remark,
            following=contact.following,
            first_seen_at=contact.first_seen_at,
            last_seen_at=contact.last_seen_at,
            version=contact.version,
        )


class ContactChange(BaseModel):
    remark: Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, max_length=60)]


@router.patch("/contacts/{contact_id}", responses=problems(NotFound))
async def change_contact(
    contact_id: RowId, change: ContactChange, _agent: AnAgent, unit: OpenUnit
) -> ContactOut:
    """Note what the desk calls a contact."""
    return ContactOut.of(await contacts.set_remark(unit, contact_id, change.remark))

"""What WeChat still lets the desk send to a contact, with its ledger; the rules behind it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel

from wxdesk.desk import accounts, allowance, contacts, conversations
from wxdesk.desk.accounts import Account
from wxdesk.desk.allowance import Entry, Turn
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Message
from wxdesk.desk.routing import Hidden
from wxdesk.errors import Invalid, NotFound
from wxdesk.web.api.inputs import RowId, blank_is
from wxdesk.web.api.sight import CONTACT_IN_SIGHT
from wxdesk.web.deps import AnAdmin, AnAgent, ASupervisor, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems
from wxdesk.wechat import POLICIES, Trigger

router = APIRouter(tags=["allowance"])


class GrantOut(BaseModel):
    """Sends that an act of the customer's allows; `count` and `left` null: as many as one likes."""

    name: str
    trigger: Trigger
    count: int | None
    left: int | None
    opened_at: datetime
    expires_at: datetime


class AllowanceOut(BaseModel):
    """What WeChat lets the desk send, as acts and sends left it.

    `reserved` messages wait to be sent; each will use up one of the grant that expires first. So
    long before its end (`margin_seconds`, of a short grant a sixth of it) a grant counts as over.
    """

    grants: list[GrantOut]
    reserved: int
    margin_seconds: int

    @classmethod
    def of(cls, contact: Contact) -> Self:
        grants = allowance.grants_of(contact)
        return cls(
            grants=[GrantOut.model_validate(each, from_attributes=True) for each in grants],
            reserved=contact.reserved,
            margin_seconds=int(allowance.MARGIN.total_seconds()),
        )


class MessageRef(BaseModel):
    """A message where only its words matter."""

    id: int
    conversation_id: int | None
    kind: str
    text: str


class EntryOut(BaseModel):
    """One turn: the customer acted (`trigger`) or left, a message was sent, or WeChat refused."""

    id: int
    at: datetime
    turn: Turn
    trigger: Trigger | None
    message: MessageRef | None

    @classmethod
    def of(cls, entry: Entry, messages: Mapping[int, Message]) -> Self:
        message = messages.get(entry.message_id or 0)
        return cls(
            id=entry.id,
            at=entry.at,
            turn=entry.turn,
            trigger=entry.trigger,
            message=MessageRef.model_validate(message, from_attributes=True) if message else None,
        )


class LedgerOut(BaseModel):
    """`left` null: no count; `closes_at` null: nothing may be sent. Entries are newest first."""

    left: int | None
    closes_at: datetime | None
    is_spent: bool
    allowance: AllowanceOut
    entries: list[EntryOut]


@router.get(
    "/contacts/{contact_id}/allowance",
    responses=problems(NotFound, Hidden),
    dependencies=[CONTACT_IN_SIGHT],
)
async def read_ledger(
    contact_id: RowId,
    _agent: AnAgent,
    unit: ReadUnit,
    now: Now,
    limit: Annotated[int, blank_is(50), Query(ge=1, le=200)] = 50,
) -> LedgerOut:
    """What may be sent to a contact now, and how it came to that."""
    contact = await contacts.get(unit, contact_id)
    forecast = allowance.forecast_of(contact, now)
    entries = await allowance.newest_entries(unit, contact_id, limit=limit)
    sent = await _messages(unit, entries)
    return LedgerOut(
        left=forecast.left,
        closes_at=forecast.closes_at,
        is_spent=forecast.is_spent,
        allowance=AllowanceOut.of(contact),
        entries=[EntryOut.of(each, sent) for each in entries],
    )


async def _messages(unit: ReadUnit, entries: Sequence[Entry]) -> Mapping[int, Message]:
    ids = {each.message_id for each in entries if each.message_id}
    return {each.id: each for each in await conversations.messages_by_ids(unit, ids)}


class PolicyOut(BaseModel):
    """The rules an account is under; `table` as in `known`, or as they were edited."""

    name: str
    edited: bool
    table: dict[str, Any]
    known: list[dict[str, Any]]

    @classmethod
    def of(cls, account: Account) -> Self:
        return cls(
            name=account.policy,
            edited=account.policy_table is not None,
            table=account.rules.as_document(),
            known=[policy.as_document() for policy in POLICIES.values()],
        )


class PolicyIn(BaseModel):
    """`table` null: the rules of that name as they are."""

    name: str
    table: dict[str, Any] | None = None


@router.get("/accounts/{account_id}/policy", responses=problems(NotFound))
async def read_policy(account_id: RowId, _agent: ASupervisor, unit: ReadUnit) -> PolicyOut:
    """What WeChat lets an account send, as the desk believes."""
    return PolicyOut.of(await accounts.get(unit, account_id))


@router.put("/accounts/{account_id}/policy", responses=problems(NotFound, Invalid))
async def set_policy(
    account_id: RowId, wish: PolicyIn, _agent: AnAdmin, unit: OpenUnit
) -> PolicyOut:
    """Believe other rules; what was granted is worked out anew."""
    changed = await accounts.set_policy(unit, account_id, policy=wish.name, table=wish.table)
    return PolicyOut.of(changed)

"""External cards: which systems are asked about customers, and what they say."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Request
from pydantic import BaseModel, StringConstraints

from wxdesk.desk import accounts, cards, contacts, conversations
from wxdesk.desk.cards import CardSource, TooManyCards, UnknownPlaceholder
from wxdesk.desk.routing import Hidden
from wxdesk.errors import NotFound
from wxdesk.web.api.inputs import NO_NUL, RowId
from wxdesk.web.api.sight import CONVERSATION_IN_SIGHT
from wxdesk.web.api.webhooks import Address
from wxdesk.web.cards import CardShown, KeptCards
from wxdesk.web.deps import AnAdmin, AnAgent, Now, OpenUnit, ReadUnit, TheRuntime
from wxdesk.web.problems import problems

router = APIRouter(tags=["cards"])

Name = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


class CardSourceIn(BaseModel):
    """`url` may hold `{openid}`, `{contact_id}`, `{conversation_id}`, `{account}`, `{agent}`."""

    name: Name
    url: Address


class CardSourceOut(BaseModel):
    id: int
    name: str
    url: str
    created_at: datetime

    @classmethod
    def of(cls, source: CardSource) -> Self:
        return cls.model_validate(source, from_attributes=True)


class NewCardSource(CardSourceOut):
    """`secret`: shown this once."""

    secret: str


class CardSourceList(BaseModel):
    items: list[CardSourceOut]
    next: None = None


class CardRef(BaseModel):
    """A card where only the name matters."""

    id: int
    name: str


class CardRefs(BaseModel):
    items: list[CardRef]
    next: None = None


@router.get("/cards", responses=problems())
async def list_sources(_agent: AnAdmin, unit: ReadUnit) -> CardSourceList:
    """The systems that are asked."""
    return CardSourceList(items=[CardSourceOut.of(each) for each in await cards.list_sources(unit)])


@router.post("/cards", status_code=201, responses=problems(TooManyCards, UnknownPlaceholder))
async def add_source(
    wish: CardSourceIn, agent: AnAdmin, rt: TheRuntime, unit: OpenUnit, now: Now
) -> NewCardSource:
    """Ask a system about every customer whose conversation somebody opens."""
    source, secret = await cards.add(
        unit, rt.vault, name=wish.name, url=wish.url, by_id=agent.id, now=now
    )
    return NewCardSource(**CardSourceOut.of(source).model_dump(), secret=secret)


@router.put("/cards/{card_id}", responses=problems(NotFound, UnknownPlaceholder))
async def change_source(
    card_id: RowId, wish: CardSourceIn, _agent: AnAdmin, unit: OpenUnit
) -> CardSourceOut:
    """Another name or address; the secret stays."""
    cards.require_placeholders(wish.url)
    source = await cards.get(unit, card_id)
    source.name, source.url = wish.name, wish.url
    return CardSourceOut.of(source)


@router.delete("/cards/{card_id}", status_code=204, responses=problems(NotFound))
async def remove_source(card_id: RowId, _agent: AnAdmin, unit: OpenUnit) -> None:
    """It is asked no more."""
    await unit.session.delete(await cards.get(unit, card_id))


@router.get(
    "/conversations/{conversation_id}/cards",
    responses=problems(NotFound, Hidden),
    dependencies=[CONVERSATION_IN_SIGHT],
)
async def list_cards(conversation_id: RowId, _agent: AnAgent, unit: ReadUnit) -> CardRefs:  # noqa: ARG001
    """The cards that there are beside a conversation."""
    found = await cards.list_sources(unit)
    return CardRefs(items=[CardRef(id=each.id, name=each.name) for each in found])


@router.get(
    "/conversations/{conversation_id}/cards/{card_id}",
    responses=problems(NotFound, Hidden),
    dependencies=[CONVERSATION_IN_SIGHT],
)
async def read_card(
    conversation_id: RowId,
    card_id: RowId,
    agent: AnAgent,
    request: Request,
    rt: TheRuntime,
    now: Now,
) -> CardShown:
    """What a system says of the customer, asked now; `failure` says why it says nothing."""
    async with rt.db.reading() as unit:
        source = await cards.get(unit, card_id)
        conversation = await conversations.get(unit, conversation_id)
        contact = await contacts.get(unit, conversation.contact_id)
        account = (await accounts.by_ids(unit, [conversation.account_id]))[conversation.account_id]
    values = {
        "openid": contact.openid,
        "contact_id": str(contact.id),
        "conversation_id": str(conversation.id),
        "account": account.slug,
        "agent": agent.username,
    }
    kept: KeptCards = request.app.state.cards
    return await kept.read(source, values, rt.vault.open(source.sealed), now)

"""External cards: which systems know about customers, what they say, the pages they show."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Self
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, StringConstraints

from wxdesk.desk import accounts, cards, contacts, conversations
from wxdesk.desk.agents import Agent
from wxdesk.desk.cards import CardKind, CardSource, Framing, TooManyCards, UnknownPlaceholder
from wxdesk.desk.routing import Hidden
from wxdesk.errors import NotFound
from wxdesk.outbound import AddressForbidden, BadAddress, InsecurePage
from wxdesk.runtime import Runtime
from wxdesk.web.api.inputs import NO_NUL, NoBody, RowId
from wxdesk.web.api.sight import CONVERSATION_IN_SIGHT
from wxdesk.web.api.webhooks import Address
from wxdesk.web.card_frame import frame
from wxdesk.web.cards import CardShown, KeptCards
from wxdesk.web.deps import AnAdmin, AnAgent, Now, OpenUnit, ReadUnit, TheRuntime
from wxdesk.web.framing import look
from wxdesk.web.problems import problems

router = APIRouter(tags=["cards"])

Name = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


class CardSourceIn(BaseModel):
    """`url` may hold `{openid}`, `{contact_id}`, `{conversation_id}`, `{account}`, `{agent}`."""

    name: Name
    url: Address


class NewCardIn(CardSourceIn):
    """`kind`: `api`, the desk asks it; `page`, agents' browsers show it. It stays what it is."""

    kind: CardKind = CardKind.API


class CardSourceOut(BaseModel):
    """`framing`: whether a page lets the desk frame it; null until it was asked at this address.

    `framing_why`: to `refused` the header by which it does; to `elsewhere` the host to which it
    leads; to `unsure` the status that it answered; to `unreachable` why, in a word.
    """

    id: int
    kind: CardKind
    name: str
    url: str
    framing: Framing | None
    framing_why: str | None
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
    """A card beside a conversation: `kind` says how it is read.

    `framing`: `refused` where its page is known not to let itself be framed.
    """

    id: int
    kind: CardKind
    name: str
    framing: Framing | None

    @classmethod
    def of(cls, source: CardSource) -> Self:
        return cls.model_validate(source, from_attributes=True)


class CardRefs(BaseModel):
    items: list[CardRef]
    next: None = None


@router.get("/cards", responses=problems())
async def list_sources(_agent: AnAdmin, unit: ReadUnit) -> CardSourceList:
    """The systems that are asked."""
    return CardSourceList(items=[CardSourceOut.of(each) for each in await cards.list_sources(unit)])


@router.post(
    "/cards",
    status_code=201,
    responses=problems(
        TooManyCards, UnknownPlaceholder, BadAddress, InsecurePage, AddressForbidden
    ),
)
async def add_source(
    wish: NewCardIn, agent: AnAdmin, request: Request, rt: TheRuntime, now: Now
) -> NewCardSource:
    """Beside every conversation that somebody opens, show what a system says, or its page."""
    await _require_shown(rt, request, wish.kind, wish.url)
    async with rt.db.unit() as unit:
        source, secret = await cards.add(
            unit,
            rt.vault,
            kind=wish.kind,
            name=wish.name,
            url=wish.url,
            by_id=agent.id,
            now=now,
        )
    return NewCardSource(**CardSourceOut.of(source).model_dump(), secret=secret)


@router.put(
    "/cards/{card_id}",
    responses=problems(NotFound, UnknownPlaceholder, BadAddress, InsecurePage, AddressForbidden),
)
async def change_source(
    card_id: RowId, wish: CardSourceIn, _agent: AnAdmin, request: Request, rt: TheRuntime
) -> CardSourceOut:
    """Another name or address; kind and secret stay."""
    cards.require_placeholders(wish.url)
    async with rt.db.reading() as unit:
        kind = (await cards.get(unit, card_id)).kind
    await _require_shown(rt, request, kind, wish.url)
    async with rt.db.unit() as unit:
        source = await cards.get(unit, card_id)
        cards.change(source, name=wish.name, url=wish.url)
    return CardSourceOut.of(source)


@router.post("/cards/{card_id}/look", responses=problems(NotFound))
async def look_at_page(
    card_id: RowId, _agent: AnAdmin, rt: TheRuntime, now: Now, _body: NoBody = None
) -> CardSourceOut:
    """Ask a page now, about no customer, whether the desk may frame it; what it says is kept."""
    async with rt.db.reading() as unit:
        asked = await cards.get(unit, card_id, CardKind.PAGE)
    secret = rt.vault.open(asked.sealed)
    address = cards.address(asked.url, cards.NOBODY, secret, now)
    framing, why = await look(rt.outbound, address, rt.settings.base_url)
    async with rt.db.unit() as unit:
        source = await cards.get(unit, card_id)
        if source.url == asked.url:
            source.framing, source.framing_why = framing, why
    return CardSourceOut.of(source)


@router.post("/cards/{card_id}/rotate", responses=problems(NotFound))
async def rotate_card_secret(
    card_id: RowId, _agent: AnAdmin, rt: TheRuntime, unit: OpenUnit, _body: NoBody = None
) -> NewCardSource:
    """Sign by a new secret, told this once; the old one is void at once."""
    source = await cards.get(unit, card_id)
    secret = await cards.rotate(unit, rt.vault, source)
    return NewCardSource(**CardSourceOut.of(source).model_dump(), secret=secret)


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
    return CardRefs(items=[CardRef.of(each) for each in found])


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
    source, values = await _about(rt, conversation_id, card_id, agent, CardKind.API)
    kept: KeptCards = request.app.state.cards
    return await kept.read(source, values, rt.vault.open(source.sealed), now)


@router.get(
    "/conversations/{conversation_id}/cards/{card_id}/page",
    response_class=HTMLResponse,
    responses=problems(NotFound, Hidden),
    dependencies=[CONVERSATION_IN_SIGHT],
)
async def frame_page(
    conversation_id: RowId, card_id: RowId, agent: AnAgent, rt: TheRuntime, now: Now
) -> HTMLResponse:
    """A document that frames the page of a card; only the desk's own page may frame it."""
    return frame(*await _page(rt, conversation_id, card_id, agent, now))


@router.get(
    "/conversations/{conversation_id}/cards/{card_id}/open",
    status_code=303,
    response_class=RedirectResponse,
    responses=problems(NotFound, Hidden),
    dependencies=[CONVERSATION_IN_SIGHT],
)
async def open_page(
    conversation_id: RowId, card_id: RowId, agent: AnAgent, rt: TheRuntime, now: Now
) -> RedirectResponse:
    """To the page of a card, in a window of its own."""
    _, address = await _page(rt, conversation_id, card_id, agent, now)
    headers = {"cache-control": "no-store", "referrer-policy": "no-referrer"}
    return RedirectResponse(address, 303, headers=headers)


async def _page(
    rt: Runtime, conversation_id: int, card_id: int, agent: Agent, now: datetime
) -> tuple[str, str]:
    """The name of a card, and the signed address of its page."""
    source, values = await _about(rt, conversation_id, card_id, agent, CardKind.PAGE)
    secret = rt.vault.open(source.sealed)
    return source.name, cards.address(source.url, values, secret, now)


async def _about(
    rt: Runtime, conversation_id: int, card_id: int, agent: Agent, kind: CardKind
) -> tuple[CardSource, Mapping[str, str]]:
    """A card, and what its address tells of the customer and of who asks."""
    async with rt.db.reading() as unit:
        source = await cards.get(unit, card_id, kind)
        conversation = await conversations.get(unit, conversation_id)
        contact = await contacts.get(unit, conversation.contact_id)
        account = (await accounts.by_ids(unit, [conversation.account_id]))[conversation.account_id]
    return source, {
        "openid": contact.openid,
        "contact_id": str(contact.id),
        "conversation_id": str(conversation.id),
        "account": account.slug,
        "agent": agent.username,
    }


async def _require_shown(rt: Runtime, request: Request, kind: CardKind, url: str) -> None:
    """Raise unless a page may be shown: never the desk's own, which could reach around itself."""
    if kind is CardKind.PAGE:
        own = {urlsplit(each).netloc for each in (rt.settings.base_url, str(request.base_url))}
        if urlsplit(url).netloc.lower() in own:
            raise BadAddress("the desk does not show itself")
        await rt.outbound.require_page(url)

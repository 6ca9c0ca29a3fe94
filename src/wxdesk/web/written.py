"""Events as browsers read them: a fresh copy of each thing, and what of it is not for everybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from pydantic import BaseModel

from wxdesk.desk import (
    agents,
    contacts,
    conversations,
    drafts,
    imports,
    notices,
    routing,
    sheets,
    unread_marks,
    viewing,
)
from wxdesk.desk.conversations import ConversationState
from wxdesk.desk.events import Told
from wxdesk.store import Unit
from wxdesk.web.api import contacts as contacts_api
from wxdesk.web.api import conversation as conversation_api
from wxdesk.web.api import messages as messages_api
from wxdesk.web.api import notices as notices_api
from wxdesk.web.api import seats as seats_api
from wxdesk.web.api import sheet as sheet_api
from wxdesk.web.api.agents import AgentOut
from wxdesk.web.api.contacts import ContactOut
from wxdesk.web.api.conversation import ConversationOut, masked
from wxdesk.web.api.drafts import DraftOut
from wxdesk.web.api.imports import ImportOut
from wxdesk.web.api.messages import MessageOut
from wxdesk.web.api.notices import BellOut, NoticeOut
from wxdesk.web.api.sheet import SheetOut
from wxdesk.web.api.unread_marks import UnreadMarkOut
from wxdesk.web.api.viewing import ViewingOut

Key = tuple[str, int]
"""Kind and number of a thing."""


class Piece(NamedTuple):
    """One event as it is written.

    Attributes:
        masked: As those see it who may not know who waits; "": not at all.
        seen_by: The one of them who may.
        is_private: Of that agent alone: supervisors are not shown it either.
    """

    text: str
    masked: str
    seen_by: int | None
    is_private: bool = False

    def text_for(self, agent_id: int, *, sees_all: bool) -> str:
        if self.seen_by == agent_id or (sees_all and not self.is_private):
            return self.text
        return self.masked


@dataclass(frozen=True, slots=True)
class Chunk:
    """Events as they are written to a browser, and the last one's number.

    Attributes:
        pieces: The same one by one, where some of it is not for everybody; None: all of it is.
    """

    number: int
    text: str
    pieces: Sequence[Piece] | None = None

    def text_for(self, agent_id: int, *, sees_all: bool) -> str:
        """As an agent may read it."""
        if self.pieces is None:
            return self.text
        return "".join(each.text_for(agent_id, sees_all=sees_all) for each in self.pieces)


async def write_events(unit: Unit, told: Sequence[Told], now: datetime) -> Chunk:
    """Events with a fresh copy of each thing, once, at the place of its newest event."""
    newest = {(each.kind, each.thing_id): each.number for each in told}
    things = await _read_things(unit, newest, now)
    asked = await _who_is_asked(unit, things) if await routing.is_blind(unit) else {}
    pieces = [
        _piece(number, key, things[key], asked)
        for key, number in sorted(newest.items(), key=lambda entry: entry[1])
        if key in things
    ]
    text = "".join(each.text for each in pieces)
    private = any(each.is_private for each in pieces)
    return Chunk(told[-1].number, text, pieces if asked or private else None)


def _piece(number: int, key: Key, thing: BaseModel, asked: Mapping[Key, int | None]) -> Piece:
    text = _event(number, key[0], thing)
    if isinstance(thing, NoticeOut | BellOut | DraftOut | UnreadMarkOut | SheetOut):
        return Piece(text, "", thing.agent_id, is_private=True)
    if key not in asked:
        return Piece(text, text, None)
    hidden = _event(number, key[0], masked(thing)) if isinstance(thing, ConversationOut) else ""
    return Piece(text, hidden, asked[key])


def _event(number: int, kind: str, thing: BaseModel) -> str:
    return f"id: {number}\nevent: {kind}\ndata: {thing.model_dump_json()}\n\n"


async def _who_is_asked(unit: Unit, things: Mapping[Key, BaseModel]) -> Mapping[Key, int | None]:
    """What is of somebody who waits, with the agent who is asked whether they take them, if any."""
    shown = things.values()
    said = [each for each in shown if isinstance(each, MessageOut)]
    talks = await conversations.by_ids(unit, {each.conversation_id for each in said})
    waiting = {
        each.id: each.offered_to for each in talks if each.state is ConversationState.WAITING
    }
    people = {each.id for each in shown if isinstance(each, ContactOut)}
    met = await routing.waiting_of(unit, people) if people else {}
    return {
        **{
            ("conversation", each.id): each.offer.agent.id if each.offer else None
            for each in shown
            if isinstance(each, ConversationOut) and each.state is ConversationState.WAITING
        },
        **{
            ("message", each.id): waiting[each.conversation_id]
            for each in said
            if each.conversation_id in waiting
        },
        **{("contact", contact_id): asked for contact_id, asked in met.items()},
    }


async def _read_things(
    unit: Unit, wanted: dict[tuple[str, int], int], now: datetime
) -> dict[tuple[str, int], BaseModel]:
    """The things as they are now; what is gone meanwhile is left out."""
    ids = {
        kind: [thing_id for of, thing_id in wanted if of == kind]
        for kind in {kind for kind, _ in wanted}
    }
    found: dict[str, Sequence[BaseModel]] = {}
    if "message" in ids:
        rows = await conversations.messages_by_ids(unit, ids["message"])
        found["message"] = await messages_api.shown(unit, rows)
    if "conversation" in ids:
        talks = await conversations.by_ids(unit, ids["conversation"])
        found["conversation"] = await conversation_api.shown(unit, talks)
    if "contact" in ids:
        people = await contacts.by_ids(unit, ids["contact"])
        found["contact"] = await contacts_api.shown(unit, people.values())
    if "agent" in ids:
        team = await agents.by_ids(unit, ids["agent"])
        found["agent"] = [AgentOut.of(each) for each in team.values()]
    if "seat" in ids:
        found["seat"] = await seats_api.shown(unit, ids["seat"], now)
    if "viewing" in ids:
        looking = await viewing.by_agents(unit, ids["viewing"])
        found["viewing"] = [ViewingOut.of(each) for each in looking]
    if "import" in ids:
        under_way = await imports.by_ids(unit, ids["import"])
        found["import"] = [ImportOut.of(each) for each in under_way]
    found |= await _read_private(unit, ids)
    return {(kind, thing.id): thing for kind, things in found.items() for thing in things}  # type: ignore[attr-defined]


async def _read_private(
    unit: Unit, ids: Mapping[str, Sequence[int]]
) -> dict[str, Sequence[BaseModel]]:
    """Those of the things that are one agent's alone."""
    found: dict[str, Sequence[BaseModel]] = {}
    if "notice" in ids:
        found["notice"] = await notices_api.shown(unit, await notices.by_ids(unit, ids["notice"]))
    if "bell" in ids:
        found["bell"] = await notices_api.bells(unit, ids["bell"])
    if "draft" in ids:
        kept = await drafts.by_ids(unit, ids["draft"])
        found["draft"] = [DraftOut.of(each) for each in kept]
    if "unread_mark" in ids:
        marks = await unread_marks.by_ids(unit, ids["unread_mark"])
        found["unread_mark"] = [UnreadMarkOut.of(each) for each in marks]
    if "sheet" in ids:
        found["sheet"] = await sheet_api.shown(unit, await sheets.by_ids(unit, ids["sheet"]))
    return found

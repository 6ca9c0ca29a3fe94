"""What whoever asks is shown of who waits, as routes ask for it."""

from typing import Annotated

from fastapi import Depends

from wxdesk.desk import conversations, routing
from wxdesk.desk.agents import Agent, Role
from wxdesk.desk.routing import Sight
from wxdesk.store import Unit
from wxdesk.web.api.inputs import RowId
from wxdesk.web.deps import AnAgent, ReadUnit, TheRuntime


async def sight_of(unit: Unit, agent: Agent) -> Sight:
    return await routing.sight_of(unit, agent.id, chooses=chooses(agent))


def chooses(agent: Agent) -> bool:
    """Whether they take whom they like, and so see everybody."""
    return agent.role.includes(Role.SUPERVISOR)


async def _sight(agent: AnAgent, unit: ReadUnit) -> Sight:
    return await sight_of(unit, agent)


TheSight = Annotated[Sight, Depends(_sight)]
"""Of whoever asks."""


# What writes has a unit of its own later: these give theirs back at once.


async def _contact_in_sight(contact_id: RowId, agent: AnAgent, rt: TheRuntime) -> None:
    async with rt.db.reading() as unit:
        await routing.require_contact(unit, await sight_of(unit, agent), contact_id)


async def _conversation_in_sight(conversation_id: RowId, agent: AnAgent, rt: TheRuntime) -> None:
    async with rt.db.reading() as unit:
        sight = await sight_of(unit, agent)
        sight.require(await conversations.get(unit, conversation_id))


async def _file_in_sight(media_id: RowId, agent: AnAgent, rt: TheRuntime) -> None:
    async with rt.db.reading() as unit:
        await routing.require_file(unit, await sight_of(unit, agent), media_id)


CONTACT_IN_SIGHT = Depends(_contact_in_sight)
"""Of a route about a contact: refused while they wait and the caller may not know who they are."""

CONVERSATION_IN_SIGHT = Depends(_conversation_in_sight)
"""The same of a route about a conversation."""

FILE_IN_SIGHT = Depends(_file_in_sight)
"""The same of what they sent."""

"""Who works at the desk."""

from typing import Self

from fastapi import APIRouter
from pydantic import BaseModel

from wxdesk.desk import agents, words
from wxdesk.desk.agents import Agent, Role
from wxdesk.web.deps import AnAgent, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["agents"])


class AgentOut(BaseModel):
    """An agent as colleagues see them.

    `alias`: what customers call them; empty: their name. `picture`: what `/api/agents/7/picture/…`
    shows of them; null: nothing. `find`: pinyin of the name, and its initials.
    """

    id: int
    username: str
    name: str
    alias: str
    picture: str | None
    role: Role
    find: str
    version: int

    @classmethod
    def of(cls, agent: Agent) -> Self:
        return cls(
            id=agent.id,
            username=agent.username,
            name=agent.name,
            alias=agent.alias,
            picture=agent.picture_sha256,
            role=agent.role,
            find=words.found_by(agent.name),
            version=agent.version,
        )


class AgentRef(BaseModel):
    """An agent where only the name matters."""

    id: int
    name: str

    @classmethod
    def of(cls, agent: Agent) -> Self:
        return cls(id=agent.id, name=agent.name)


class AgentList(BaseModel):
    items: list[AgentOut]
    next: None = None


@router.get("/agents", responses=problems())
async def list_agents(_agent: AnAgent, unit: ReadUnit) -> AgentList:
    """Everybody who works at the desk, by name."""
    return AgentList(items=[AgentOut.of(each) for each in await agents.list_all(unit)])

"""API tokens: programs that act as an agent."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints

from wxdesk.desk import agents
from wxdesk.desk.agents import ApiToken, TooManyTokens
from wxdesk.errors import Conflict, NotFound
from wxdesk.web.api.agents import AgentRef
from wxdesk.web.api.inputs import NO_NUL, RowId, RowNumber
from wxdesk.web.deps import AnAdmin, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["tokens"])

Name = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


class TokenIn(BaseModel):
    """`agent_id`: as whom the program acts. `read_only`: it may look, and change nothing."""

    name: Name
    agent_id: RowNumber
    read_only: bool = False


class TokenOut(BaseModel):
    """A token. `last_used_at`: to the hour."""

    id: int
    name: str
    agent: AgentRef
    read_only: bool
    created_at: datetime
    last_used_at: datetime | None


class NewToken(TokenOut):
    """`token`: shown this once."""

    token: str


class TokenList(BaseModel):
    items: list[TokenOut]
    next: None = None


@router.get("/tokens", responses=problems())
async def list_tokens(_agent: AnAdmin, unit: ReadUnit) -> TokenList:
    """Those that open something."""
    found = await agents.list_tokens(unit)
    return TokenList(items=[_shown(*each) for each in found])


@router.post("/tokens", status_code=201, responses=problems(NotFound, TooManyTokens, Conflict))
async def add_token(wish: TokenIn, _agent: AnAdmin, unit: OpenUnit, now: Now) -> NewToken:
    """Let a program act as an agent; its token is told this once."""
    agent = await agents.get(unit, wish.agent_id)
    kept, token = await agents.create_token(
        unit, agent, name=wish.name, read_only=wish.read_only, now=now
    )
    return NewToken(**_shown(kept, agent).model_dump(), token=token)


@router.delete("/tokens/{token_id}", status_code=204, responses=problems(NotFound))
async def revoke_token(token_id: RowId, _agent: AnAdmin, unit: OpenUnit) -> None:
    """It opens nothing any more."""
    await agents.revoke_token(unit, token_id)


def _shown(kept: ApiToken, agent: agents.Agent) -> TokenOut:
    return TokenOut(
        id=kept.id,
        name=kept.name,
        agent=AgentRef.of(agent),
        read_only=kept.read_only,
        created_at=kept.created_at,
        last_used_at=kept.last_used_at,
    )

"""Agents' own pictures (头像), by which colleagues know them; customers see none of them."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from wxdesk.desk import agents, media
from wxdesk.desk.media import NotAPicture
from wxdesk.errors import Invalid, NotFound
from wxdesk.store.files import TooLarge, drafting
from wxdesk.web.api.inputs import RowId
from wxdesk.web.api.session import SessionOut
from wxdesk.web.deps import AnAgent, OpenUnit, ReadUnit, TheRuntime
from wxdesk.web.problems import problems
from wxdesk.web.ranges import answer_file
from wxdesk.web.receiving import receive

router = APIRouter(tags=["agents"])

MOST_BYTES = 10 * 1024 * 1024
"""As telephones take them; a small one is made of it."""

Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{1,64}$")]


@router.post(
    "/session/picture",
    responses=problems(Invalid, TooLarge, NotAPicture),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"image/*": {"schema": {"format": "binary"}}},
        }
    },
)
async def set_picture(request: Request, agent: AnAgent, rt: TheRuntime) -> SessionOut:
    """Show colleagues a picture of oneself: the body is the picture.

    A small JPEG is made of it, without what the camera noted; nothing else of it is kept.
    """
    async with drafting(rt.drafts, most_bytes=MOST_BYTES) as draft:
        await receive(request, draft)
        sha256 = await media.keep_small(rt.files, rt.sandbox, draft)
    async with rt.db.unit() as unit:
        return SessionOut.of(await agents.set_picture(unit, agent.id, sha256), rt)


@router.delete("/session/picture", responses=problems())
async def remove_picture(agent: AnAgent, rt: TheRuntime, unit: OpenUnit) -> SessionOut:
    """Be shown by the first letter of one's name again."""
    return SessionOut.of(await agents.set_picture(unit, agent.id, None), rt)


@router.get(
    "/agents/{agent_id}/picture/{sha256}", response_class=Response, responses=problems(NotFound)
)
async def get_picture(
    agent_id: RowId,
    sha256: Sha256,
    request: Request,
    rt: TheRuntime,
    _agent: AnAgent,
    unit: ReadUnit,
) -> Response:
    """The picture that an agent shows now, as `picture` names it."""
    shown = (await agents.get(unit, agent_id)).picture_sha256
    if shown != sha256:
        raise NotFound(f"agent {agent_id} does not show this picture")
    return await answer_file(request, rt.files, sha256, content_type="image/jpeg")

"""Pictures, voice and video: brought by agents, shown to whoever is signed in."""

from typing import Annotated, Self

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, StringConstraints

from wxdesk.codec import CannotConvert, ending_of
from wxdesk.desk import media
from wxdesk.desk.media import As, AttachmentState, File, Problem
from wxdesk.desk.routing import Hidden
from wxdesk.errors import Invalid, NotFound
from wxdesk.runtime import Runtime
from wxdesk.store.files import TooLarge, drafting
from wxdesk.web.api.inputs import NO_NUL, NoBody, RowId, blank_is
from wxdesk.web.api.sight import FILE_IN_SIGHT
from wxdesk.web.deps import AnAgent, Now, TheRuntime
from wxdesk.web.problems import problems
from wxdesk.web.ranges import answer_file
from wxdesk.web.receiving import receive

router = APIRouter(tags=["media"])

FileName = Annotated[str, NO_NUL, StringConstraints(max_length=255)]


class MediaOut(BaseModel):
    """A file as messages and answers show it; all but its state may be missing."""

    id: int | None
    state: AttachmentState
    content_type: str | None = None
    size_bytes: int | None = None
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    thumb: bool | None = None
    play: bool | None = None
    name: str | None = None


class UploadOut(MediaOut):
    """A file that an agent brought, and whether WeChat would take it as it is."""

    kind: As
    usable: bool
    problem: Problem | None

    @classmethod
    def of(cls, file: File, kind: As, name: str | None) -> Self:
        problem = media.problem_of(file, kind)
        facts = file.facts | {"name": name or file.name}
        return cls(**facts, kind=kind, usable=problem is None, problem=problem)


class LimitOut(BaseModel):
    """What WeChat takes of one kind, and of what the desk makes it.

    ``made_of`` are other types that the desk makes fit; of no file it takes more than
    ``max_upload_bytes``.
    """

    types: list[str]
    max_bytes: int
    max_seconds: int | None
    made_of: list[str]
    max_upload_bytes: int


@router.get("/media/limits", responses=problems())
async def media_limits(rt: TheRuntime, _agent: AnAgent) -> dict[As, LimitOut]:
    """What WeChat takes of each kind, for checks before an upload."""
    return {
        kind: LimitOut(
            types=list(limit.types),
            max_bytes=limit.max_bytes,
            max_seconds=limit.max_seconds,
            made_of=sorted(media.MADE_OF[kind] - set(limit.types)),
            max_upload_bytes=rt.settings.media_max_bytes,
        )
        for kind, limit in media.LIMITS.items()
    }


@router.post(
    "/media",
    status_code=201,
    responses=problems(Invalid, TooLarge),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"format": "binary"}}},
        }
    },
)
async def upload_media(
    request: Request,
    rt: TheRuntime,
    _agent: AnAgent,
    now: Now,
    kind: As,
    name: Annotated[FileName | None, blank_is(None), Query()] = None,
) -> UploadOut:
    """Bring a file to be sent: the body is the file, whatever it says that it is.

    What WeChat would not take is made fit where that loses nothing; a picture that is too large is
    kept, for `smaller`.
    """
    async with drafting(rt.drafts, most_bytes=rt.settings.media_max_bytes) as draft:
        await receive(request, draft)
        async with media.fitted(rt.sandbox, kind, draft) as fit:
            kept = await media.keep(rt.files, rt.sandbox, fit)
    async with rt.db.unit() as unit:
        file = await media.add_file(unit, kept, name=name, now=now)
    answer = UploadOut.of(file, kind, name)
    if answer.problem and not (kind is As.IMAGE and file.thumb_sha256):
        raise _unusable(answer)
    return answer


@router.post(
    "/media/{media_id}/smaller",
    status_code=201,
    responses=problems(NotFound, Invalid, Hidden),
    dependencies=[FILE_IN_SIGHT],
)
async def make_smaller(
    media_id: RowId, rt: TheRuntime, _agent: AnAgent, now: Now, _body: NoBody = None
) -> UploadOut:
    """The same picture, small enough for WeChat."""
    file = await _find(rt, media_id)
    async with drafting(rt.drafts, most_bytes=file.size_bytes) as draft:
        await draft.fill(rt.files.read(file.sha256, 0, file.size_bytes - 1))
        async with media.smaller(rt.sandbox, draft) as small:
            kept = await media.keep(rt.files, rt.sandbox, small)
    async with rt.db.unit() as unit:
        made = await media.add_file(unit, kept, name=file.name, now=now)
    return UploadOut.of(made, As.IMAGE, file.name)


@router.get(
    "/media/{media_id}",
    response_class=Response,
    responses=problems(NotFound, Hidden),
    dependencies=[FILE_IN_SIGHT],
)
async def get_media(media_id: RowId, request: Request, rt: TheRuntime, _agent: AnAgent) -> Response:
    """The file itself, or a range of it."""
    file = await _find(rt, media_id)
    name = file.name or f"{media_id}.{ending_of(file.content_type)}"
    return await answer_file(
        request, rt.files, file.sha256, content_type=file.content_type, name=name
    )


@router.get(
    "/media/{media_id}/thumb",
    response_class=Response,
    responses=problems(NotFound, Hidden),
    dependencies=[FILE_IN_SIGHT],
)
async def get_thumb(media_id: RowId, request: Request, rt: TheRuntime, _agent: AnAgent) -> Response:
    """A small picture of a picture, or of the beginning of a video."""
    file = await _find(rt, media_id)
    if file.thumb_sha256 is None:
        raise NotFound(f"media {media_id} has no small picture")
    return await answer_file(request, rt.files, file.thumb_sha256, content_type="image/jpeg")


@router.get(
    "/media/{media_id}/play",
    response_class=Response,
    responses=problems(NotFound, Hidden),
    dependencies=[FILE_IN_SIGHT],
)
async def play_media(
    media_id: RowId, request: Request, rt: TheRuntime, _agent: AnAgent
) -> Response:
    """The sound or the video as browsers play it."""
    file = await _find(rt, media_id)
    if file.play_sha256:
        return await answer_file(request, rt.files, file.play_sha256, content_type="audio/mpeg")
    if file.playable:
        return await answer_file(request, rt.files, file.sha256, content_type=file.content_type)
    raise NotFound(f"media {media_id} is nothing that plays")


async def _find(rt: Runtime, media_id: int) -> File:
    async with rt.db.reading() as unit:
        return await media.get_file(unit, media_id)


def _unusable(answer: UploadOut) -> CannotConvert:
    limit = media.LIMITS[answer.kind]
    return CannotConvert(
        f"WeChat does not take this as {answer.kind}: {answer.problem}",
        problem=str(answer.problem),
        max_bytes=limit.max_bytes,
        max_seconds=limit.max_seconds,
    )

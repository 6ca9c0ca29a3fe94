"""QR codes with scenes (带参数二维码)."""

from datetime import datetime, timedelta
from typing import Annotated, Self

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from wxdesk.desk import accounts, qrcodes
from wxdesk.desk.qrcodes import QrCode, SceneTaken
from wxdesk.errors import NotFound
from wxdesk.web import qr
from wxdesk.web.api.inputs import NO_NUL, RowId, RowNumber, blank_is
from wxdesk.web.api.speaking import account_and_client
from wxdesk.web.deps import AnAdmin, ASupervisor, Now, OpenUnit, ReadUnit, TheRuntime
from wxdesk.web.problems import BY_WECHAT, problems
from wxdesk.wechat import limits

router = APIRouter(tags=["qrcodes"])


class QrCodeOut(BaseModel):
    """A code, where it leads, and who came by it. Followers by it are among its scans."""

    id: int
    name: str
    scene: str
    url: str
    expires_at: datetime | None
    scans: int
    follows: int
    last_scanned_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, code: QrCode) -> Self:
        return cls.model_validate(code, from_attributes=True)


class QrCodePage(BaseModel):
    """Newest first; ``next`` is the ``cursor`` of the page of older ones."""

    items: list[QrCodeOut]
    next: int | None


class QrCodeIn(BaseModel):
    """``days`` 1 to 30, or null for ever, of which an account has 100 000."""

    name: Annotated[
        str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)
    ]
    scene: Annotated[
        str,
        NO_NUL,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=limits.QR_SCENE_CHARS),
    ]
    days: Annotated[int, Field(ge=1, le=limits.QR_LIFETIME.days)] | None


@router.get("/accounts/{account_id}/qrcodes", responses=problems(NotFound))
async def list_qrcodes(
    account_id: RowId,
    _agent: ASupervisor,
    unit: ReadUnit,
    cursor: Annotated[RowNumber | None, blank_is(None)] = None,
    limit: Annotated[int, blank_is(100), Query(ge=1, le=100)] = 100,
) -> QrCodePage:
    """An account's codes, newest first."""
    await accounts.get(unit, account_id)
    found = await qrcodes.list_newest(unit, account_id, before=cursor, limit=limit + 1)
    page = found[:limit]
    return QrCodePage(
        items=[QrCodeOut.of(each) for each in page],
        next=page[-1].id if len(found) > limit else None,
    )


@router.post(
    "/accounts/{account_id}/qrcodes",
    status_code=201,
    responses=problems(NotFound, SceneTaken, *BY_WECHAT),
)
async def add_qrcode(
    account_id: RowId, wish: QrCodeIn, _agent: AnAdmin, rt: TheRuntime, now: Now
) -> QrCodeOut:
    """Have WeChat make a code."""
    account, client = await account_and_client(rt, account_id)
    async with rt.db.reading() as unit:
        await qrcodes.require_free(unit, account.id, wish.scene)
    lasts = timedelta(days=wish.days) if wish.days else None
    made = await client.qrcodes.create(wish.scene, lasts)
    async with rt.db.unit() as unit:
        code = await qrcodes.add(
            unit,
            account.id,
            name=wish.name,
            scene=wish.scene,
            url=made.url,
            ticket=made.ticket,
            expires_at=now + made.expires_in if made.expires_in else None,
            now=now,
        )
        return QrCodeOut.of(code)


@router.delete("/qrcodes/{qrcode_id}", status_code=204, responses=problems(NotFound))
async def forget_qrcode(qrcode_id: RowId, _agent: AnAdmin, unit: OpenUnit) -> None:
    """Take it off the list; what is printed goes on working."""
    await qrcodes.forget(unit, qrcode_id)


@router.get("/qrcodes/{qrcode_id}/picture", response_class=Response, responses=problems(NotFound))
async def draw_qrcode(
    qrcode_id: RowId,
    _agent: ASupervisor,
    unit: ReadUnit,
    size: Annotated[int, blank_is(430), Query(ge=100, le=2000)] = 430,
) -> Response:
    """The code as PNG, at least so many pixels wide: every module is a whole number of them."""
    code = await qrcodes.get(unit, qrcode_id)
    headers = {
        "content-disposition": f'inline; filename="qrcode-{code.id}.png"',
        "cache-control": "private, max-age=86400",
        "x-content-type-options": "nosniff",
    }
    return Response(qr.drawn(code.url, size=size), media_type="image/png", headers=headers)

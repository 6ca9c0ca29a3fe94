"""What WeChat had posted, for those who run the desk."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from wxdesk import logs
from wxdesk.desk import intake
from wxdesk.desk.intake import PushForgotten
from wxdesk.errors import NotFound
from wxdesk.web.api.inputs import NoBody, RowId
from wxdesk.web.deps import AnAdmin, Now, OpenUnit
from wxdesk.web.problems import problems
from wxdesk.wechat import without_secrets

router = APIRouter(tags=["messages"])

log = logs.get(__name__)


class PushOut(BaseModel):
    """A push as it was kept: decrypted. `body`: XML or JSON, with `****` for its secrets."""

    id: int
    kind: str
    openid: str
    msg_id: str | None
    received_at: datetime
    body: str


@router.post("/messages/{message_id}/push", responses=problems(NotFound, PushForgotten))
async def show_push(
    message_id: RowId, agent: AnAdmin, unit: OpenUnit, now: Now, _body: NoBody = None
) -> PushOut:
    """Show the push that a message came with; who was shown it stands on the timeline.

    Pushes are kept for 30 days (`push_forgotten`).
    """
    push = await intake.show(unit, message_id, by_id=agent.id, now=now)
    log.info("push_shown", message_id=message_id, push_id=push.id, agent_id=agent.id)
    return PushOut(
        id=push.id,
        kind=push.kind,
        openid=push.openid,
        msg_id=push.msg_id,
        received_at=push.received_at,
        body=without_secrets(push.body),
    )

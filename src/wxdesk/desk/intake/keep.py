"""A push as the row that the group commit writes."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table

from wxdesk.desk.intake.model import KeptPush
from wxdesk.wechat import PayFeedback, Push

COLUMNS = ("account_id", "openid", "key", "msg_id", "kind", "body", "received_at")
TABLE = cast(Table, KeptPush.__table__)
LOOP = "intake"
FROM_PAY = "payfeedback/"
"""How the kind of a push begins that came from WeChat Pay, which has an address of its own."""


def kept_row(account_id: int, push: Push, body: bytes, *, now: datetime) -> tuple[Any, ...]:
    """The values of ``COLUMNS``."""
    msg_id = None if push.msg_id is None else str(push.msg_id)
    return account_id, push.openid, push.key, msg_id, push.kind, body, now


def kept_feedback_row(
    account_id: int, feedback: PayFeedback, body: bytes, *, now: datetime
) -> tuple[Any, ...]:
    """The same for a complaint that came from WeChat Pay."""
    kind = f"{FROM_PAY}{feedback.stage}"
    return account_id, feedback.openid, feedback.key, None, kind, body, now

"""A kept push, read."""

from dataclasses import dataclass
from datetime import datetime

from wxdesk.desk.contacts import Follower
from wxdesk.desk.intake.model import Claimed
from wxdesk.desk.intake.understand import Line
from wxdesk.wechat import Push, Trigger


@dataclass(frozen=True, slots=True)
class Received:
    """A kept push, read.

    Attributes:
        push: None where it came from WeChat Pay.
        line: None where an agent has nothing to read.
        trigger: What it lets us send, if anything.
    """

    kept: Claimed
    push: Push | None
    line: Line | None
    sent_at: datetime
    trigger: Trigger | None = None

    @property
    def follower(self) -> Follower:
        return self.kept.account_id, self.kept.openid

    @property
    def content(self) -> object:
        return self.push.content if self.push else None

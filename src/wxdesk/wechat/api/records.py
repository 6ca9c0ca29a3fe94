"""What was said in WeChat's own customer-service tool; what is sent by API is not in it.

Source: doc/service/api/customer/message/api_getmsglist.
"""

from dataclasses import dataclass
from datetime import datetime

from wxdesk.wechat import limits
from wxdesk.wechat.answer import Answer
from wxdesk.wechat.caller import Caller
from wxdesk.wechat.errors import OverLimit

_PER_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a chat.

    Attributes:
        operation: 2002 the agent sent, 2003 the agent received; old ones also 1000 to 1005, 2001.
        text: ``[image]``, ``[voice]``, ``[video]`` for what is no text.
    """

    openid: str
    kf_account: str
    operation: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Some records. ``next`` is what to go on after, None after the last page."""

    records: tuple[Record, ...]
    next: int | None


class Records:
    """``client.records``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def list(
        self, start: datetime, end: datetime, after: int = 1, limit: int = _PER_PAGE
    ) -> RecordPage:
        """A page of what was said in at most a day.

        Raises:
            OverLimit: More than a day, or more than ``limits.RECORDS_PER_PAGE`` at once.
        """
        if not start <= end <= start + limits.RECORDS_SPAN:
            raise OverLimit("chat records are told for 24 hours at a time")
        if not 0 < limit <= limits.RECORDS_PER_PAGE:
            raise OverLimit(f"a page has 1 to {limits.RECORDS_PER_PAGE} records")
        wanted = {
            "starttime": int(start.timestamp()),
            "endtime": int(end.timestamp()),
            "msgid": after,
            "number": limit,
        }
        said = await self._caller.read(
            "/customservice/msgrecord/getmsglist", wanted, max_bytes=limits.MAX_TEXTS_BYTES
        )
        records = tuple(map(_record, said.parts("recordlist")))
        return RecordPage(records, said.integer("msgid") if len(records) >= limit else None)


def _record(said: Answer) -> Record:
    return Record(
        said.text("openid"),
        said.text("worker", ""),
        said.integer("opercode"),
        said.text("text", ""),
        said.moment("time"),
    )

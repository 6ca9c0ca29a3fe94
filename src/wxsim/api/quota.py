"""How often a path may be called.

Source: "Quotas" (接口调用额度), figures of a newly registered account, 2025.
"""

from collections import Counter
from datetime import datetime

from wxsim.codes import Refused
from wxsim.faults import Switches
from wxsim.tokens import CHINA

A_DAY = {
    "/cgi-bin/token": 2_000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/message/custom/send": 500_000,
}
A_MINUTE = {"/cgi-bin/stable_token": 10_000}
_TOKEN_CALLS = {"/cgi-bin/token", "/cgi-bin/stable_token"}


class Quota:
    """Counts the calls of each path by China's day and by minute."""

    def __init__(self) -> None:
        self._today = self._minute = ""
        self._of_today: Counter[str] = Counter()
        self._of_minute: Counter[str] = Counter()

    def spend(self, path: str, switches: Switches, now: datetime) -> None:
        """Count one call; the switches' limits do not concern the calls that give tokens.

        Raises:
            Refused: 45009 or 45011.
        """
        self._turn_page(now)
        mine = path not in _TOKEN_CALLS
        day = switches.daily_quota if mine else None
        minute = switches.minute_quota if mine else None
        self._of_today[path] += 1
        self._of_minute[path] += 1
        if _over(self._of_today[path], day, A_DAY.get(path)):
            raise Refused(45009)
        if _over(self._of_minute[path], minute, A_MINUTE.get(path)):
            raise Refused(45011)

    def clear(self) -> None:
        self._of_today.clear()
        self._of_minute.clear()

    def _turn_page(self, now: datetime) -> None:
        local = now.astimezone(CHINA)
        today, minute = local.strftime("%Y%m%d"), local.strftime("%Y%m%d%H%M")
        if today != self._today:
            self._of_today.clear()
        if minute != self._minute:
            self._of_minute.clear()
        self._today, self._minute = today, minute


def _over(count: int, switched: int | None, documented: int | None) -> bool:
    limit = switched if switched is not None else documented
    return limit is not None and count > limit

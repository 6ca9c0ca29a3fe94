"""How often a path may be called, and how often its counter may be cleared.

Source: "Quotas" (接口调用额度), figures of a newly registered account, 2025. Paths that the page
does not name have no limit here.
"""

from collections import Counter
from datetime import datetime

from wxsim.codes import Refused
from wxsim.store import Store
from wxsim.switches import Switches
from wxsim.tokens import CHINA

A_DAY = {
    "/cgi-bin/token": 2_000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/menu/create": 1_000,
    "/cgi-bin/menu/get": 10_000,
    "/cgi-bin/menu/delete": 1_000,
    "/cgi-bin/media/upload": 100_000,
    "/cgi-bin/media/get": 200_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/qrcode/create": 100_000,
    "/cgi-bin/user/get": 500,
    "/cgi-bin/user/info": 5_000_000,
    "/cgi-bin/user/info/updateremark": 10_000,
    "/cgi-bin/message/template/send": 100_000,
}
A_MINUTE = {"/cgi-bin/stable_token": 10_000}
CLEARS_A_MONTH = 10
# What the switches' limits leave alone: without these nobody could see or end a quota.
_ALWAYS = {
    "/cgi-bin/token",
    "/cgi-bin/stable_token",
    "/cgi-bin/clear_quota",
    "/cgi-bin/clear_quota/v2",
    "/cgi-bin/openapi/quota/clear",
    "/cgi-bin/openapi/quota/get",
}


class Quota:
    """Counts the calls of each path by China's day and by minute."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._minute = ""
        self._of_minute: Counter[str] = Counter()
        self._today: str = store.get("state", "quota day") or ""
        self._of_today: Counter[str] = Counter(dict(store.all("used")))

    def spend(self, path: str, switches: Switches, now: datetime) -> None:
        """Count one call; the switches' limits do not concern ``_ALWAYS``.

        Raises:
            Refused: 45009 or 45011.
        """
        self._turn_page(now)
        self._of_minute[path] += 1
        self._count(path, self._of_today[path] + 1)
        if self._of_today[path] > self.daily_limit(path, switches):
            raise Refused(45009)
        switched = None if path in _ALWAYS else switches.minute_quota
        if _over(self._of_minute[path], switched, A_MINUTE.get(path)):
            raise Refused(45011)

    def daily_limit(self, path: str, switches: Switches) -> float:
        if switches.daily_quota is not None and path not in _ALWAYS:
            return switches.daily_quota
        return A_DAY.get(path, float("inf"))

    def used(self, path: str, now: datetime) -> int:
        self._turn_page(now)
        return self._of_today[path]

    def clear(self, now: datetime, path: str | None = None) -> None:
        """Begin to count anew, one path or all.

        Raises:
            Refused: 48006, ten times this month already.
        """
        month = now.astimezone(CHINA).strftime("%Y%m")
        kept = self._store.get("state", "quota clears") or [month, 0]
        cleared = kept[1] if kept[0] == month else 0
        if cleared >= CLEARS_A_MONTH:
            raise Refused(48006)
        self._store.put("state", "quota clears", [month, cleared + 1])
        for one in [path] if path else list(self._of_today):
            self._count(one, 0)
            self._of_minute[one] = 0

    def _count(self, path: str, used: int) -> None:
        self._of_today[path] = used
        self._store.put("used", path, [path, used])

    def _turn_page(self, now: datetime) -> None:
        local = now.astimezone(CHINA)
        today, minute = local.strftime("%Y%m%d"), local.strftime("%Y%m%d%H%M")
        if minute != self._minute:
            self._of_minute.clear()
            self._minute = minute
        if today != self._today:
            for path in list(self._of_today):
                self._count(path, 0)
            self._today = today
            self._store.put("state", "quota day", today)


def _over(count: int, switched: int | None, documented: int | None) -> bool:
    limit = switched if switched is not None else documented
    return limit is not None and count > limit

"""How far our clock is from WeChat's, as the time in the address of each push tells."""

from datetime import datetime, timedelta

import prometheus_client

from wxdesk import logs

NOTABLE = timedelta(minutes=2)
ENOUGH = 3  # pushes in a row, so that one that was slow alarms nobody
SAY_EVERY = timedelta(minutes=10)
DIGITS = 10

OFFSET = prometheus_client.Gauge(
    "wxdesk_clock_offset_seconds", "Our clock less WeChat's, as the last push told."
)

log = logs.get(__name__)


class Skew:
    """Notices that the clock of this machine is wrong: windows and promises are counted by it."""

    def __init__(self) -> None:
        self._in_a_row = 0
        self._offset = timedelta(0)
        self._said_at: datetime | None = None
        OFFSET.set_function(self._seconds)  # asked for, not told: every push comes by here

    @property
    def notable(self) -> timedelta | None:
        """Our clock less WeChat's, where that is worth telling somebody."""
        return self._offset if self._in_a_row >= ENOUGH else None

    def _seconds(self) -> float:
        return self._offset.total_seconds()

    def note(self, told: str, now: datetime) -> None:
        """A push of WeChat's said what time it is: Unix seconds, in digits."""
        if not told.isdigit() or len(told) > DIGITS:
            return
        self._offset = timedelta(seconds=now.timestamp() - int(told))
        self._in_a_row = self._in_a_row + 1 if abs(self._offset) >= NOTABLE else 0
        if self.notable and (self._said_at is None or now - self._said_at >= SAY_EVERY):
            self._said_at = now
            log.warning("clock_is_off", seconds=int(self._offset.total_seconds()))

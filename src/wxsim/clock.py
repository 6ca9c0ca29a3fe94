"""The platform's clock: the real one, plus what it was moved forward by."""

from datetime import UTC, datetime, timedelta

FARTHEST = timedelta(days=3650)


class Clock:
    """Tells the time by which tokens expire and reply windows close."""

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        """The moment, in UTC."""
        return datetime.now(UTC) + self.ahead

    def advance(self, by: timedelta) -> None:
        """Move forward; a clock that ran backwards would bring dead tokens back.

        Raises:
            ValueError: It would go back, or ten years past the real time.
        """
        if by < timedelta() or self.ahead + by > FARTHEST:
            raise ValueError("advance_seconds goes forward only, ten years at most")
        self.ahead += by


def iso(moment: datetime) -> str:
    """As the control API writes moments: ``2026-01-02T02:01:01.500Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

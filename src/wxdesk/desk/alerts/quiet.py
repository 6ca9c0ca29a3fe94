"""Quiet hours of an agent. Pure."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Quiet:
    """From one time of day until another, maybe beyond midnight, by a time zone."""

    begins: time
    ends: time
    timezone: str

    def covers(self, moment: datetime) -> bool:
        at = moment.astimezone(ZoneInfo(self.timezone)).time()
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends

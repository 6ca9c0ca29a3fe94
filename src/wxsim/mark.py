"""MarkFail: a server at which POST after POST fails is left alone for a while.

Source: "Interface alarms" (接口报警), 2025: one minute; after how many is not said.
"""

from datetime import datetime, timedelta

from wxsim.switches import Switches


class FailureMark:
    """Counts failures in a row, and stands for a while after too many."""

    def __init__(self) -> None:
        self._in_a_row = 0
        self._until: datetime | None = None

    def note(self, switches: Switches, now: datetime, *, failed: bool) -> None:
        """One more POST."""
        self._in_a_row = self._in_a_row + 1 if failed else 0
        if switches.mark_fail_after and self._in_a_row >= switches.mark_fail_after:
            self._until = now + timedelta(seconds=switches.mark_fail_s)
            self._in_a_row = 0

    def stands(self, now: datetime) -> bool:
        return self._until is not None and now < self._until

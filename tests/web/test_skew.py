"""Whether our clock is noticed to be wrong."""

from datetime import timedelta

from wxdesk.web.skew import Skew


def test_one_slow_push_alarms_nobody(clock):
    skew, now = Skew(), clock.now()
    for seconds in (300, 0, 300, 300):
        skew.note(f"{now.timestamp() - seconds:.0f}", now)
        assert skew.notable is None

    skew.note(f"{now.timestamp() - 300:.0f}", now)
    assert skew.notable == timedelta(minutes=5)

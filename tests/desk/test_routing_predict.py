"""How long somebody will wait, how fast things happen, and whether customers are told."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxdesk.desk.routing.calibrate import (
    FEWEST_OUTCOMES,
    Calibration,
    NoNumber,
    Outcome,
    Range,
    by_head,
    calibrated,
    step,
    told,
)
from wxdesk.desk.routing.predict import Discipline, LevelLine, Wait, predicted
from wxdesk.desk.routing.rates import Arrivals, Gaps, Patience

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PACE = 1 / 12
TARGETS = {1: 30, 2: 60, 3: 120, 4: 300}


def lines(arrivals=0.0, **since):
    """Those who wait, by level: ``r4=[0, 0]``."""
    return [
        LevelLine(
            rank=rank,
            target=target,
            hard=4 * target,
            arrivals=arrivals,
            since=sorted(since.get(f"r{rank}", [])),
        )
        for rank, target in TARGETS.items()
    ]


def wait(rank=4, pace=PACE, now=0.0, arrivals=0.0, known=None, **options):
    since = options.pop("waiting", {})
    return predicted(lines(arrivals, **since), rank, now=now, pace=pace, since=known, **options)


def test_in_order_of_arrival_it_is_all_who_wait_by_the_pace():
    found = wait(waiting={"r4": [0.0] * 9}, discipline=Discipline.FIFO)

    assert found.mean == pytest.approx(120)
    assert found.sd == pytest.approx(math.sqrt(10) * 12)
    assert found.q90 == pytest.approx(120 + 1.2816 * found.sd)


def test_the_upper_levels_do_not_wait_for_the_lower():
    crowd = {"r4": [-9.0] * 40}

    assert wait(1, waiting=crowd).mean < wait(4, waiting=crowd).mean / 3


def test_late_ones_of_a_lower_level_are_before_somebody_in_time_only_as_long_as_that_is_so():
    """VIP3 is in time for 15 s; in these one normal one is served, who is late already."""
    late = {"r4": [-200.0] * 40}

    assert wait(1, waiting=late).mean == pytest.approx(12 + 15, rel=0.01)


def test_the_guard_puts_an_upper_level_first_at_once():
    late = {"r4": [-200.0] * 40}

    assert wait(1, waiting=late, guard=30).mean == pytest.approx(12, rel=0.01)


def test_those_far_too_late_are_served_once_in_ten():
    dead = {"r4": [-5000.0] * 400, "r1": [0.0] * 99}

    behind = wait(1, waiting=dead, guard=30).mean
    without = wait(1, waiting={"r1": [0.0] * 99}, guard=30).mean

    assert behind == pytest.approx(without / 0.9, rel=0.01)


def test_later_arrivals_of_better_levels_overtake():
    crowd = {"r4": [0.0] * 20}

    assert wait(4, waiting=crowd, arrivals=0.01).mean > wait(4, waiting=crowd).mean * 1.1


def test_nobody_overtakes_the_best_level():
    crowd = {"r1": [0.0] * 5}

    assert wait(1, waiting=crowd, arrivals=0.05).mean == pytest.approx(wait(1, waiting=crowd).mean)


def test_those_who_give_up_make_room():
    crowd = {"r4": [0.0] * 100}

    patient, impatient = wait(waiting=crowd), wait(waiting=crowd, abandonment=1 / 1800)

    assert impatient.mean < patient.mean * 0.8
    assert impatient.sd < patient.sd


def test_where_far_more_give_up_than_are_served_it_falls_back_to_the_queue_alone():
    assert wait(pace=0.001, abandonment=1.0).mean == pytest.approx(1000)


@pytest.mark.parametrize("pace", [0.0, -1.0])
def test_without_a_pace_there_is_no_number(pace):
    assert wait(pace=pace) is None


def test_of_somebody_who_waits_already_only_those_before_them_count():
    crowd = {"r4": [0.0, 5.0, 10.0, 15.0]}

    assert wait(waiting=crowd, now=20, known=5.0).mean == pytest.approx(24, rel=1e-3)
    assert wait(waiting=crowd, now=20).mean == pytest.approx(60, rel=1e-3)


CROWDS = st.fixed_dictionaries(
    {f"r{rank}": st.lists(st.floats(-3000, 0), max_size=20) for rank in TARGETS}
)


@given(
    CROWDS,
    st.sampled_from(sorted(TARGETS)),
    st.floats(0.001, 2),
    st.floats(0, 0.1),
    st.floats(0, 0.01),
    st.floats(0, 300),
    st.sampled_from(Discipline),
)
def test_a_wait_is_always_a_sound_number(crowd, rank, pace, arrivals, abandonment, guard, of):
    found = wait(
        rank,
        pace,
        arrivals=arrivals,
        abandonment=abandonment,
        guard=guard,
        discipline=of,
        waiting=crowd,
    )

    assert 0 < found.mean <= found.q90 < math.inf
    assert found.sd > 0


@given(CROWDS, st.sampled_from(sorted(TARGETS)), st.floats(0.01, 2))
def test_one_more_before_never_makes_it_shorter(crowd, rank, pace):
    own = f"r{rank}"
    more = crowd | {own: [*crowd[own], 0.0]}

    slack = 1e-3 * (1 + wait(rank, pace, waiting=more).mean)
    assert wait(rank, pace, waiting=more).mean >= wait(rank, pace, waiting=crowd).mean - slack


# --- paces


def test_a_pace_is_measured_only_while_somebody_waits():
    gaps = Gaps(10.0)
    for second in (0, 20, 40):
        gaps = gaps.after(NOON + timedelta(seconds=second))
    assert gaps.count == 2
    assert gaps.mean == pytest.approx(10 + 0.02 * 10 + 0.02 * (10 - 0.02 * 10))

    later = gaps.after_calm().after(NOON + timedelta(hours=5))

    assert later.mean == gaps.mean
    assert later.per_second == pytest.approx(1 / gaps.mean)


def test_arrivals_count_less_the_longer_ago_they_were():
    steady = Arrivals()
    for second in range(0, 7200, 10):
        steady = steady.after(NOON + timedelta(seconds=second))
    at = steady.at

    assert steady.now(at) == pytest.approx(0.1, rel=0.01)
    assert steady.now(at + timedelta(minutes=15)) == pytest.approx(steady.now(at) / math.e)
    assert Arrivals().now(NOON) == 0.0


def test_patience_is_unknown_until_enough_gave_up():
    patience = Patience()
    for _ in range(29):
        patience = patience.after(timedelta(seconds=100), gave_up=True)
    assert patience.per_second == 0.0

    patience = patience.after(timedelta(seconds=100), gave_up=True)

    assert patience.per_second == pytest.approx(0.01)


# --- what is told


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [(0, 1), (1, 1), (60, 1), (61, 2), (181, 5), (300, 5), (601, 15), (1800, 30), (1801, None)],
)
def test_minutes_are_rounded_up_in_steps_and_never_below_one(seconds, minutes):
    assert step(seconds) == minutes


def outcomes(ratio, count=300):
    """Waits spread evenly up to ``ratio`` times what was said to hold for nine in ten."""
    return [
        Outcome(100.0, 100 * ratio * (number * 37 % count + 1) / count) for number in range(count)
    ]


@pytest.mark.parametrize(
    ("ratio", "factor"), [(1 / 0.9, 1.0), (2 / 0.9, 2.0), (0.1, 0.5), (90.0, 3.0)]
)
def test_what_was_said_is_corrected_by_what_happened_within_bounds(ratio, factor):
    assert calibrated(outcomes(ratio)).factor == pytest.approx(factor, rel=0.02)


def test_the_share_that_held_is_told_as_it_was():
    assert calibrated(outcomes(1 / 0.9)).coverage == pytest.approx(0.9, abs=0.01)
    assert calibrated(outcomes(2 / 0.9)).coverage == pytest.approx(0.45, abs=0.01)


def test_customers_are_told_where_it_was_usually_right():
    reliable = calibrated(outcomes(1 / 0.9))

    assert reliable.is_usually_right
    assert told(Wait(70, 40, 125), reliable, anybody_online=True) == Range(2, 3)


def test_they_are_not_where_it_became_wrong_lately():
    changed = outcomes(1 / 0.9) + outcomes(4.0, 150)

    assert not calibrated(changed).is_usually_right


@pytest.mark.parametrize("ratio", [90.0])
def test_they_are_not_where_no_bounded_correction_helps(ratio):
    assert not calibrated(outcomes(ratio)).is_usually_right


def test_they_are_not_while_too_little_is_known():
    few = calibrated(outcomes(1 / 0.9, FEWEST_OUTCOMES - 1))

    assert (few.factor, few.is_usually_right) == (1.0, False)
    assert told(Wait(70, 40, 125), few, anybody_online=True) is NoNumber.UNRELIABLE


def test_there_is_no_number_where_nobody_is_there_or_the_pace_is_unknown():
    reliable = calibrated(outcomes(1 / 0.9))

    assert told(Wait(9, 9, 9), reliable, anybody_online=False) is NoNumber.NOBODY_ONLINE
    assert told(None, reliable, anybody_online=True) is NoNumber.UNKNOWN


def test_a_very_long_wait_is_said_to_be_longer_than_the_last_step():
    reliable = Calibration(count=99, coverage=0.9, tested=0.9)

    assert told(Wait(1500, 600, 2300), reliable, anybody_online=True) == Range(30, None)


def test_where_the_pace_is_unknown_the_head_of_the_line_says_something():
    assert by_head(NOON, NOON - timedelta(seconds=90)).mean == 90
    assert by_head(NOON, NOON + timedelta(seconds=5)).mean == 0
    assert by_head(NOON, None) is None

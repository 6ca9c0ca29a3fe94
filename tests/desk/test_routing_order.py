"""Promises, bands and the order of those who wait, as decisions."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxdesk.desk.routing.order import (
    Band,
    band,
    guard,
    in_order,
    is_pressed,
    since_a_after,
)
from wxdesk.desk.routing.promise import NEVER, Level, Target, after_level_change, promised
from wxdesk.desk.routing.snapshot import Moment, Waiting

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
EXAMPLES = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "routing_examples.json").read_text()
)["due_order"]


def seconds(number):
    return timedelta(seconds=number)


def level(rank=4, first=300, **others):
    return Level(name=f"level {rank}", rank=rank, first=seconds(first), **others)


VIP3, VIP2, VIP1, NORMAL = level(1, 30), level(2, 60), level(3, 120), level(4, 300)


def waiting(name, of=NORMAL, since=0, **others):
    since_at = NOON + seconds(since)
    return Waiting(
        id=name, rank=of.rank, waiting_since=since_at, promise=promised(of, since_at), **others
    )


def moment(at=0, **others):
    return Moment(now=NOON + seconds(at), **others)


def ids(ordered):
    return "".join(str(one.id) for one in ordered)


# --- promises


def test_a_promise_has_three_instants():
    promise = promised(NORMAL, NOON)

    assert promise.warn_at == NOON + seconds(150)
    assert promise.due_at == NOON + seconds(300)
    assert promise.hard_at == NOON + seconds(1200)


def test_later_replies_have_twice_the_time_unless_the_level_says_otherwise():
    assert promised(NORMAL, NOON, target=Target.NEXT).due_at == NOON + seconds(600)
    own = level(next=seconds(90))
    assert promised(own, NOON, target=Target.NEXT).due_at == NOON + seconds(90)


def test_only_open_time_counts():
    opens = NOON + timedelta(hours=20)

    promise = promised(NORMAL, NOON, lambda _since, length: opens + seconds(length))

    assert promise.due_at == opens + seconds(300)


def test_an_hour_before_the_reply_window_ends_it_is_far_too_late_whatever_the_calendar_says():
    opens = NOON + timedelta(days=5)
    until = NOON + timedelta(hours=48)

    promise = promised(
        NORMAL, NOON, lambda _since, length: opens + seconds(length), window_until=until
    )

    assert promise.hard_at == until - timedelta(hours=1)
    assert promise.due_at == opens + seconds(300)


def test_a_wide_window_changes_nothing():
    until = NOON + timedelta(hours=48)

    assert promised(NORMAL, NOON, window_until=until) == promised(NORMAL, NOON)


def test_a_calendar_without_any_open_hour_promises_nothing_and_breaks_nothing():
    promise = promised(NORMAL, NOON, lambda _since, _length: None)
    one = Waiting(id="a", rank=4, waiting_since=NOON, promise=promise)

    assert promise.due_at == NEVER
    at = moment(10**7, usual_guard=seconds(60))
    assert band(one, at) is Band.C
    assert ids(in_order([one, waiting("b", since=10**7)], at)) == "ba"


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_the_head_start_says_when_a_wait_gets_late(share):
    assert promised(level(first=300, head_start=share), NOON).warn_at == NOON + seconds(
        300 * (1 - share)
    )


# --- a level changes


def test_a_better_level_counts_from_when_they_began_to_wait():
    kept = promised(NORMAL, NOON)

    rank, promise = after_level_change(4, kept, VIP3, promised(VIP3, NOON))

    assert rank == 1
    assert promise == promised(VIP3, NOON)


def test_a_worse_level_changes_nothing_while_they_wait():
    kept = promised(VIP3, NOON)

    assert after_level_change(1, kept, NORMAL, promised(NORMAL, NOON)) == (1, kept)


def test_who_is_on_a_deleted_level_is_kept_as_promised():
    """They get the default level with their next conversation."""
    kept = promised(VIP2, NOON)

    assert after_level_change(2, kept, NORMAL, promised(NORMAL, NOON)) == (2, kept)


LEVELS = st.builds(
    level,
    st.integers(1, 5),
    st.integers(1, 5000),
    head_start=st.floats(0, 1),
    hard_factor=st.floats(1, 8),
)


@given(st.lists(LEVELS, min_size=1, max_size=6))
def test_no_change_of_level_ever_makes_a_place_worse(changes):
    first, *others = changes
    rank, promise = first.rank, promised(first, NOON)

    for other in others:
        old_rank, old = rank, promise
        rank, promise = after_level_change(rank, promise, other, promised(other, NOON))
        assert rank <= old_rank
        assert promise.warn_at <= old.warn_at
        assert promise.due_at <= old.due_at
        assert promise.hard_at <= old.hard_at


# --- bands and order


@pytest.mark.parametrize(
    ("at", "expected"), [(149, "C"), (150, "B"), (1199, "B"), (1200, "A"), (9999, "A")]
)
def test_a_wait_passes_through_the_bands(at, expected):
    assert band(waiting("a"), moment(at)).value == expected


@pytest.mark.parametrize(
    ("guarded", "at", "expected"),
    [(0, 149, "C"), (151, 149, "B"), (151, 148, "C"), (300, 0, "B"), (1000, 0, "B")],
)
def test_who_is_due_within_the_guard_is_as_good_as_late(guarded, at, expected):
    assert band(waiting("a"), moment(at, usual_guard=seconds(guarded))).value == expected


def test_each_pool_has_its_own_guard():
    at = moment(guards={"slow": seconds(300)})

    assert band(waiting("a", pool="slow"), at) is Band.B
    assert band(waiting("b", pool="fast"), at) is Band.C


def test_the_guard_is_four_releases_and_the_time_to_write():
    assert guard(seconds(14), seconds(25)) == seconds(81)


@pytest.mark.parametrize("case", EXAMPLES["cases"], ids=lambda case: case["name"])
def test_each_instant_and_band_of_the_examples(case):
    known = {row[0]: level(row[1], row[2], head_start=row[4]) for row in EXAMPLES["levels"]}
    at = moment(case["now"], usual_guard=seconds(case["guard"]))
    for row in case["waiting"]:
        one = waiting(row["id"], known[row["level"]], row["waiting_since"])
        assert one.promise.warn_at == NOON + seconds(row["warn_at"])
        assert one.promise.due_at == NOON + seconds(row["due_at"])
        assert one.promise.hard_at == NOON + seconds(row["hard_at"])
        assert band(one, at).value == row["band"]


def test_when_everybody_is_overdue_the_best_level_is_first():
    crowd = [waiting("n"), waiting("1", VIP1), waiting("3", VIP3), waiting("2", VIP2)]

    assert ids(in_order(crowd, moment(10**5))) == "321n"


def test_far_too_late_counts_as_late_until_its_turn():
    crowd = [waiting("a"), waiting("v", VIP3, since=1300)]

    assert ids(in_order(crowd, moment(1320))) == "va"
    assert ids(in_order(crowd, moment(1320, since_a=8))) == "va"
    assert ids(in_order(crowd, moment(1320, since_a=9))) == "av"


def test_of_those_far_too_late_the_one_that_is_so_longest_is_first():
    crowd = [waiting("v", VIP3, since=900), waiting("n"), waiting("m", since=-5)]

    assert ids(in_order(crowd, moment(1300, since_a=9))) == "vmn"


def test_in_time_the_better_level_wins_a_tie():
    patient = level(4, 300, head_start=0)

    assert ids(in_order([waiting("n", patient, since=-180), waiting("v", VIP1)], moment())) == "vn"


def test_at_the_same_moment_the_lower_id_is_first():
    assert ids(in_order([waiting(12), waiting(2)], moment())) == "212"


def test_the_counter_goes_back_when_band_a_is_served():
    assert since_a_after(4, Band.B) == 5
    assert since_a_after(4, Band.C) == 5
    assert since_a_after(9, Band.A) == 0


def test_the_desk_is_pressed_once_anybody_gets_late():
    heads = [waiting("n"), waiting("v", VIP1)]

    assert not is_pressed(heads, moment(59))
    assert is_pressed(heads, moment(60))
    assert not is_pressed([], moment(60))


CROWDS = st.lists(
    st.tuples(st.sampled_from([VIP3, VIP2, VIP1, NORMAL]), st.integers(-3000, 0)), max_size=30
)


@given(CROWDS, st.integers(0, 12), st.integers(0, 200))
def test_inside_a_level_whoever_came_first_is_first(crowd, since_a, guarded):
    everybody = [waiting(number, of, since) for number, (of, since) in enumerate(crowd)]

    ordered = in_order(everybody, moment(since_a=since_a, usual_guard=seconds(guarded)))

    for rank in range(1, 5):
        mine = [(one.waiting_since, one.id) for one in ordered if one.rank == rank]
        assert mine == sorted(mine)


@given(CROWDS, st.integers(0, 12))
def test_the_first_of_all_is_the_first_of_the_heads(crowd, since_a):
    everybody = [waiting(number, of, since) for number, (of, since) in enumerate(crowd)]
    at = moment(since_a=since_a)
    heads = [
        min(
            (one for one in everybody if one.rank == rank),
            key=lambda one: (one.waiting_since, one.id),
        )
        for rank in {one.rank for one in everybody}
    ]

    assert in_order(heads, at)[:1] == in_order(everybody, at)[:1]

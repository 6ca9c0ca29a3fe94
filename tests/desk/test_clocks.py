"""What clocks do, without a database: by table, and against a model that knows no replies."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wxdesk.desk.calendars import Calendar, Span, always
from wxdesk.desk.sla import Key, Kind, Terms
from wxdesk.desk.sla.course import Course
from wxdesk.desk.sla.decide import Clock, Reply, Situation, asks_for_replies, decide

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
OFFICE = Calendar("UTC", ((Span(9 * 60, 18 * 60),),) * 5 + ((), ()))
CLOSED = Calendar("UTC", ((),) * 7)
TERMS = Terms(key=Key(1, 2), first=300, next=600, resolution=3600)
ALWAYS = always()
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
EVENING, MORNING = NOON + timedelta(hours=6), NOON + timedelta(hours=21)
MONDAY = MORNING + 6 * DAY


def at(**after):
    return NOON + timedelta(**after)


# --- the course of one clock


@pytest.mark.parametrize(
    ("starts", "seconds", "calendar", "warned", "due"),
    [
        (at(), 300, ALWAYS, at(seconds=225), at(seconds=300)),
        (at(), 300, OFFICE, at(seconds=225), at(seconds=300)),
        # the target ends with the day: it is due at closing time, not the next morning
        (EVENING - MINUTE * 5, 300, OFFICE, EVENING - MINUTE * 1.25, EVENING),
        # it goes on the next morning
        (EVENING - MINUTE * 2, 300, OFFICE, MORNING + MINUTE * 1.75, MORNING + MINUTE * 3),
        # over a weekend
        (EVENING + DAY * 4.5, 60, OFFICE, MONDAY + MINUTE * 0.75, MONDAY + MINUTE),
        (at(), 300, CLOSED, None, None),
        (at(), 0, ALWAYS, at(), at()),
    ],
)
def test_a_target_is_used_up_in_open_hours(starts, seconds, calendar, warned, due):
    course = Course.begin(starts, seconds, calendar)

    assert (course.warn_at, course.due_at) == (warned, due)
    assert course.next_at == warned


def test_a_pause_keeps_what_is_left():
    course = Course.begin(at(), 3600, ALWAYS).pause(at(minutes=20), ALWAYS)
    assert (course.left_seconds, course.due_at, course.next_at) == (2400, None, None)

    course = course.go_on(at(hours=5), ALWAYS)

    assert course.due_at == at(hours=5, minutes=40)
    assert course.warn_at == at(hours=5, minutes=25)


def test_a_pause_over_night_costs_nothing_of_office_hours():
    course = Course.begin(at(hours=5), 2 * 3600, OFFICE)
    assert course.due_at == at(hours=22)

    course = course.pause(at(hours=10), OFFICE).go_on(at(hours=20), OFFICE)

    assert course.due_at == at(hours=22)


def test_pausing_and_going_on_twice_are_once():
    once = Course.begin(at(), 3600, ALWAYS).pause(at(minutes=1), ALWAYS)
    assert once.pause(at(minutes=9), ALWAYS) == once

    on = once.go_on(at(minutes=10), ALWAYS)
    assert on.go_on(at(minutes=20), ALWAYS) == on


@pytest.mark.parametrize(
    ("after", "warned", "late"),
    [(225, False, False), (226, True, False), (300, True, False), (301, True, True)],
)
def test_what_is_noticed_and_when(after, warned, late):
    course = Course.begin(at(), 300, ALWAYS).notice(at(seconds=after))

    assert (course.warned_at is not None) is warned
    assert course.breached_at == (at(seconds=300) if late else None)
    assert course.notice(at(seconds=after)) == course


def test_it_is_warned_of_once_and_late_once():
    course = Course.begin(at(), 300, ALWAYS).notice(at(seconds=230))
    assert course.next_at == at(seconds=300)

    assert course.notice(at(seconds=250)) == course

    late = course.notice(at(hours=2))
    assert (late.warned_at, late.breached_at) == (at(seconds=230), at(seconds=300))
    assert late.next_at is None
    assert late.notice(at(hours=3)) == late


@pytest.mark.parametrize(("after", "late"), [(299, False), (300, False), (301, True)])
def test_an_answer_at_the_last_moment_is_in_time(after, late):
    stopped = Course.begin(at(), 300, ALWAYS).stop(at(seconds=after))

    assert (stopped.breached_at is not None) is late
    assert stopped.next_at is None
    assert stopped.stop(at(hours=1)) == stopped


def test_whoever_comes_back_is_due_when_they_were():
    course = Course.begin(at(), 300, ALWAYS)

    assert course.stop(at(seconds=100)).reopen() == course


def test_what_was_late_stays_late():
    late = Course.begin(at(), 300, ALWAYS).stop(at(seconds=400))

    assert late.reopen().breached_at == at(seconds=300)
    assert late.recount(9000, ALWAYS) == late
    assert late.reopen().recount(9000, ALWAYS) == late.reopen()
    assert late.reopen().improve(10, ALWAYS) == late.reopen()


def test_a_pause_does_not_make_up_for_being_late():
    late = Course.begin(at(), 300, ALWAYS).pause(at(seconds=400), ALWAYS)
    assert late.left_seconds == 0
    assert late.due_at == late.breached_at == at(seconds=300)

    assert late.go_on(at(hours=1), ALWAYS).due_at == at(seconds=300)


@pytest.mark.parametrize(
    ("seconds", "calendar", "due"),
    [
        (600, ALWAYS, at(seconds=600)),
        (100, ALWAYS, at(seconds=100)),
        (300, Calendar("UTC", ((Span(13 * 60, 14 * 60),),) * 7), at(hours=1, seconds=300)),
    ],
)
def test_other_hours_and_targets_count_from_the_start(seconds, calendar, due):
    assert Course.begin(at(), 300, ALWAYS).recount(seconds, calendar).due_at == due


def test_what_ran_before_a_pause_stays_counted():
    course = Course.begin(at(), 3600, ALWAYS).pause(at(minutes=20), ALWAYS)

    shorter = course.recount(1800, ALWAYS)
    assert (shorter.left_seconds, shorter.due_at) == (600, None)
    assert course.recount(60, ALWAYS).left_seconds == 0

    assert shorter.go_on(at(hours=1), ALWAYS).due_at == at(hours=1, minutes=10)


@pytest.mark.parametrize(("seconds", "due"), [(100, 100), (300, 300), (600, 300)])
def test_a_promise_is_only_made_better(seconds, due):
    course = Course.begin(at(), 300, ALWAYS)

    assert course.improve(seconds, ALWAYS).due_at == at(seconds=due)
    assert course.pause(at(seconds=50), ALWAYS).improve(seconds, ALWAYS).left_seconds == due - 50


def test_what_never_came_due_can_be_promised():
    assert Course.begin(at(), 300, CLOSED).improve(100, ALWAYS).due_at == at(seconds=100)


MINUTES = st.lists(st.integers(1, 900), max_size=8)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 7 * 24 * 60), st.integers(1, 1200), MINUTES)
def test_a_course_is_what_counting_minutes_gives(starts, target, gaps):
    """Pauses and resumes in turn, at whole minutes; the model counts every minute by itself."""
    begins = NOON + timedelta(minutes=starts)
    course, now, bounds = Course.begin(begins, target * 60, OFFICE), begins, [begins]
    for turn, gap in enumerate(gaps):
        now += timedelta(minutes=gap)
        bounds.append(now)
        course = course.go_on(now, OFFICE) if turn % 2 else course.pause(now, OFFICE)

    used, minute, due = 0, begins, None
    while due is None and minute < begins + timedelta(days=60):
        turns = sum(bound <= minute for bound in bounds)
        if turns % 2 and OFFICE.is_open(minute):
            used += 1
        minute += timedelta(minutes=1)
        if used == target:
            due = minute
        if len(bounds) % 2 == 0 and minute > now:
            break  # paused for good

    assume(due not in bounds)  # then it is due when it goes on
    if course.breached_at:
        assert course.breached_at == due < now
    elif course.paused_at:
        assert course.left_seconds == (target - used) * 60
    else:
        assert course.due_at == due


# --- which clocks there are


@dataclass
class Desk:
    """One conversation with its messages, as the desk reckons what is owed, and its clocks."""

    terms: Terms = TERMS
    now: datetime = NOON
    owed: datetime | None = None
    closed: datetime | None = None
    rests: bool = False
    asked: list[datetime] = field(default_factory=list)
    replies: dict[int, datetime] = field(default_factory=dict)
    lost: set[int] = field(default_factory=set)
    clocks: dict[int, Clock] = field(default_factory=dict)
    given: int = 0

    def later(self, seconds):
        self.now += timedelta(seconds=seconds)
        return self

    def ask(self):
        self.asked.append(self.now)
        self.owed = self.owed or self.now
        return self.follow()

    def reply(self):
        self.given += 1
        self.replies[self.given] = self.now
        self.owed = None
        return self.follow()

    def lose(self, reply):
        """It failed, was taken back or parked."""
        self.lost.add(reply)
        answered = max([at for at, _ in self.sound], default=datetime.min.replace(tzinfo=UTC))
        self.owed = min((each for each in self.asked if each > answered), default=None)
        return self.follow()

    def resend(self, reply):
        self.lost.discard(reply)
        self.owed = None
        return self.follow()

    def lay_aside(self, rests=True):
        self.rests = rests
        return self.follow()

    def close(self):
        self.closed = self.now
        return self.follow()

    def follow(self):
        """Decide by what the database would be asked for, and no more."""
        decided = self.decide()
        for each in decided.forgotten:
            del self.clocks[each.id]
        for each in decided.clocks:
            key = each.id or max(self.clocks, default=0) + 1
            self.clocks[key] = replace(each, id=key, lost=False)
        return self

    def decide(self):
        seen = [
            replace(each, lost=each.reply_id in self.lost)
            for each in self.clocks.values()
            if self._concerns(each)
        ]
        it = Situation(
            opened_at=NOON, owed_since=self.owed, closed_at=self.closed, rests=self.rests
        )
        if asks_for_replies(seen, it, taken=bool(self.given)):
            it = replace(it, replies=self.sound)
        return decide(seen, it, self.terms, self.now)

    @property
    def sound(self):
        """The replies that are any."""
        kept = [Reply(at, key) for key, at in self.replies.items() if key not in self.lost]
        return sorted(kept)

    def _concerns(self, clock):
        course = clock.course
        returned = self.owed is None or course.started_at >= self.owed
        lost = clock.reply_id in self.lost
        return not course.is_over or clock.kind is Kind.FIRST or (returned and lost)

    def of(self, kind):
        return [each for _, each in sorted(self.clocks.items()) if each.kind is kind]

    @property
    def first(self):
        (clock,) = self.of(Kind.FIRST)
        return clock

    @property
    def responds(self):
        return [
            each
            for each in self.clocks.values()
            if each.kind is not Kind.RESOLUTION and not each.course.is_over
        ]


def test_the_first_clock_runs_from_the_opening_to_the_first_reply():
    desk = Desk().ask().later(100)
    assert desk.first.course.due_at == at(seconds=300)

    desk.reply()

    assert (desk.first.course.stopped_at, desk.first.reply_id) == (at(seconds=100), 1)
    assert desk.responds == []


def test_several_messages_do_not_restart_a_clock():
    desk = Desk().ask().later(50).ask().later(50).ask()

    assert [each.course.due_at for each in desk.responds] == [at(seconds=300)]


def test_the_next_clock_runs_from_the_oldest_message_without_an_answer():
    desk = Desk().ask().later(10).reply().later(50).ask().later(20).ask().later(30).reply()

    (clock,) = desk.of(Kind.NEXT)
    assert (clock.course.started_at, clock.course.stopped_at) == (at(seconds=60), at(seconds=110))
    assert clock.course.seconds == 600


def test_what_is_owed_to_nobody_runs_no_clock():
    assert Desk().follow().clocks == {}


def test_whoever_has_replied_before_is_not_asked_for_a_first_reply():
    """A conversation from before there were clocks."""
    desk = Desk(asked=[NOON], replies={1: at(seconds=5)}, given=1).later(60).ask()

    assert [each.kind for each in desk.clocks.values()] == [Kind.NEXT]


def test_a_reply_that_failed_stopped_nothing():
    desk = Desk().ask().later(100).reply().later(20).lose(1)

    (clock,) = desk.responds
    assert clock == desk.first
    assert (clock.course.due_at, clock.reply_id) == (at(seconds=300), None)

    desk.later(30).resend(1)
    assert desk.first.course.stopped_at == at(seconds=150)


def test_a_next_reply_that_failed_stopped_nothing_either():
    desk = Desk().ask().later(10).reply().later(10).ask().later(10).reply().later(10).lose(2)

    (clock,) = desk.responds
    assert (clock.kind, clock.course.started_at) == (Kind.NEXT, at(seconds=20))


def test_what_was_begun_for_a_later_debt_is_forgotten_when_the_first_comes_back():
    desk = Desk().ask().later(10).reply().later(10).ask().later(10).lose(1)

    assert [each.kind for each in desk.responds] == [Kind.FIRST]
    assert desk.of(Kind.NEXT) == []


def test_a_debt_that_is_older_than_what_runs_has_a_clock_of_its_own():
    """What was sent again stands where it was written: it did not answer what came after."""
    desk = Desk().ask().later(1).reply().later(1).ask().later(1).lose(1).later(1).resend(1)
    desk.later(1).ask().later(1).reply().later(1).lose(2)

    assert [each.course.started_at for each in desk.responds] == [desk.owed] == [at(seconds=2)]
    assert len(desk.of(Kind.NEXT)) == 1


def test_but_not_if_it_was_late():
    desk = Desk().ask().later(10).reply().later(10).ask().later(700).lose(1)

    assert [each.kind for each in desk.responds] == [Kind.FIRST]
    (late,) = desk.of(Kind.NEXT)
    assert (late.course.breached_at, late.reply_id) == (at(seconds=620), None)


def test_where_one_reply_failed_the_next_one_answered():
    desk = Desk().ask().later(100).reply().later(20).reply().later(5).lose(1)

    assert desk.responds == []
    assert (desk.first.course.stopped_at, desk.first.reply_id) == (at(seconds=120), 2)


def test_so_it_is_where_something_else_is_owed_meanwhile():
    desk = Desk().ask().later(100).reply().later(20).reply().later(5).ask().later(5).lose(1)

    assert desk.first.reply_id == 2
    assert [each.kind for each in desk.responds] == [Kind.NEXT]


def test_a_failure_after_the_due_time_is_a_breach():
    desk = Desk().ask().later(100).reply().later(900).lose(1)
    assert desk.first.course.next_at == at(seconds=225)

    desk.later(1).resend(1)

    assert desk.first.course.breached_at == at(seconds=300)


@pytest.mark.parametrize(("after", "late"), [(100, False), (400, True)])
def test_a_conversation_closed_without_an_answer_ends_its_clock_unanswered(after, late):
    desk = Desk().ask().later(after).close()

    course = desk.first.course
    assert (course.stopped_at, desk.first.reply_id) == (at(seconds=after), None)
    assert (course.breached_at is not None) is late


def test_a_reply_that_is_lost_after_the_end_was_none():
    desk = Desk().ask().later(100).reply().later(10).close().later(500).lose(1)

    assert (desk.first.course.stopped_at, desk.first.reply_id) == (at(seconds=110), None)


def test_the_resolution_runs_from_the_opening_to_the_end():
    desk = Desk().ask().later(600)
    (clock,) = desk.of(Kind.RESOLUTION)
    assert clock.course.due_at == at(hours=1)

    desk.close()

    (clock,) = desk.of(Kind.RESOLUTION)
    assert clock.course.stopped_at == at(seconds=600)


def test_the_resolution_stands_still_while_the_customer_is_to_answer():
    desk = Desk().ask().later(600).reply().later(86400).ask()

    (clock,) = desk.of(Kind.RESOLUTION)
    assert clock.course.due_at == at(days=1, hours=1)


def test_the_resolution_runs_on_where_that_is_set():
    desk = Desk(terms=replace(TERMS, pause_while_waiting=False)).ask().later(600).reply()

    (clock,) = desk.of(Kind.RESOLUTION)
    assert clock.course.due_at == at(hours=1)


def test_the_resolution_stands_still_while_it_is_laid_aside():
    desk = Desk().ask().later(600).lay_aside().later(3600).lay_aside(rests=False)

    (clock,) = desk.of(Kind.RESOLUTION)
    assert clock.course.due_at == at(hours=2)


def test_where_no_end_is_promised_there_is_no_clock_of_it():
    assert Desk(terms=replace(TERMS, resolution=None)).ask().of(Kind.RESOLUTION) == []


@pytest.mark.parametrize(("opens", "seconds"), [(9, 300), (13, 3600)])
def test_what_is_left_while_nobody_is_there_has_its_own_target(opens, seconds):
    hours = Calendar("UTC", ((Span(opens * 60, 18 * 60),),) * 7)
    desk = Desk(terms=replace(TERMS, calendar=hours)).ask()

    assert desk.first.course.seconds == seconds
    assert desk.first.course.due_at == max(NOON, at(hours=opens - 12)) + timedelta(seconds=seconds)


STEPS = st.lists(
    st.tuples(
        st.integers(1, 500),
        st.sampled_from(["ask", "ask", "reply", "reply", "lose", "resend", "notice", "rest"]),
        st.integers(0, 9),
    ),
    max_size=30,
)


class Debts:
    """What is owed, as a list of debts; a reply is nothing but the end of owing."""

    def __init__(self):
        self.running: datetime | None = None
        self.ended: dict[datetime, datetime] = {}
        self.late: set[datetime] = set()

    def see(self, owed, now, target):
        if self.running is not None and now > self.running + target(self.running):
            self.late.add(self.running)
        if self.running is not None and owed is None:
            self.ended[self.running] = now
        if owed is not None and self.running in self.late and owed < self.running:
            self.ended[self.running] = now
        if self.running is None or owed is None or owed < self.running:
            self.running = owed
        if self.running is not None:
            self.ended.pop(self.running, None)


def target_of(start):
    return timedelta(seconds=TERMS.first if start == NOON else TERMS.next)


@settings(max_examples=600, deadline=None)
@given(STEPS, st.booleans())
def test_the_clocks_are_the_debts(steps, closes):
    desk, debts, lost_once, breaches = Desk().ask(), Debts(), set(), {}
    debts.see(desk.owed, desk.now, target_of)
    for gap, what, number in steps:
        desk.later(gap)
        match what:
            case "ask" | "reply":
                getattr(desk, what)()
            case "lose" if desk.replies.keys() - desk.lost:
                sound = sorted(desk.replies.keys() - desk.lost)
                lost_once.add(sound[number % len(sound)])
                desk.lose(sound[number % len(sound)])
            case "resend" if desk.lost:
                desk.resend(sorted(desk.lost)[number % len(desk.lost)])
            case "rest":
                desk.lay_aside(rests=bool(number % 2))
            case _:
                desk.clocks = {
                    key: replace(each, course=each.course.notice(desk.now))
                    for key, each in desk.clocks.items()
                }
        debts.see(desk.owed, desk.now, target_of)
        _require_sound(desk, debts, breaches)
    if not lost_once:
        ended = [each.course for each in _ended(desk)]
        assert {each.started_at: each.stopped_at for each in ended} == debts.ended
        late = {each.started_at for each in ended if each.breached_at}
        assert late == debts.late & debts.ended.keys()
    if closes:
        desk.later(1).close()
        assert all(each.course.is_over for each in desk.clocks.values())


def _require_sound(desk, debts, breaches):
    running = desk.responds
    begun = [debts.running] if debts.running else []
    assert [each.course.started_at for each in running] == begun
    for each in running:
        assert each.course.due_at == each.course.started_at + target_of(each.course.started_at)
        assert (each.kind is Kind.FIRST) == (each.course.started_at == NOON)
    assert len(desk.of(Kind.FIRST)) == 1
    (until_closed,) = desk.of(Kind.RESOLUTION)
    assert (until_closed.course.paused_at is not None) == (desk.owed is None or desk.rests)
    for each in desk.clocks.values():
        if each.course.breached_at:
            assert breaches.setdefault(each.id, each.course.breached_at) == each.course.breached_at
    assert all(desk.clocks[key].course.breached_at == at for key, at in breaches.items())
    again = desk.decide()
    assert not again.forgotten
    assert all(desk.clocks[each.id] == each for each in again.clocks)


def _ended(desk):
    return [
        each
        for each in desk.clocks.values()
        if each.kind is not Kind.RESOLUTION and each.course.is_over
    ]

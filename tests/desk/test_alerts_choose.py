"""Whom to tell by which way: the table, and what comes before it."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from wxdesk.desk.alerts import Kind, Quiet, Situation, Way, choose

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PUSH, ADDRESS = Way.PUSH, Way.ADDRESS
BOTH = frozenset({PUSH, ADDRESS})
NOBODY = frozenset()


def ago(**by):
    return NOW - timedelta(**by)


LOOKED_AT = {"visible_until": NOW + timedelta(minutes=3), "seen_at": ago(seconds=5)}
JUST_HIDDEN = {"visible_until": ago(seconds=2), "seen_at": ago(seconds=1)}
HIDDEN = {"visible_until": ago(seconds=20), "seen_at": ago(seconds=5)}
JUST_GONE = {"visible_until": ago(seconds=50), "seen_at": ago(seconds=50)}
GONE = {"visible_until": ago(minutes=9), "seen_at": ago(minutes=9)}
NEVER_HERE = {"visible_until": None, "seen_at": None}
DIED = {"visible_until": NOW + timedelta(minutes=3), "seen_at": ago(seconds=50)}


def situation(kind, where, **other):
    seen = Situation(kind=kind, raised_at=NOW, until=NOW + timedelta(hours=1), ways=BOTH, **where)
    return replace(seen, **other)


TABLE = [
    # what, where the agent is, by which ways they are told at once
    (Kind.OFFER, LOOKED_AT, set()),
    (Kind.OFFER, JUST_HIDDEN, {PUSH, ADDRESS}),
    (Kind.OFFER, HIDDEN, {PUSH, ADDRESS}),
    (Kind.OFFER, GONE, {PUSH, ADDRESS}),
    (Kind.OFFER, NEVER_HERE, {PUSH, ADDRESS}),
    (Kind.OFFER, DIED, {PUSH, ADDRESS}),
    (Kind.MESSAGE, LOOKED_AT, set()),
    (Kind.MESSAGE, JUST_HIDDEN, set()),
    (Kind.MESSAGE, HIDDEN, {PUSH}),
    (Kind.MESSAGE, JUST_GONE, {PUSH}),
    (Kind.MESSAGE, GONE, {PUSH, ADDRESS}),
    (Kind.WARNING, LOOKED_AT, {ADDRESS}),
    (Kind.WARNING, HIDDEN, {PUSH, ADDRESS}),
    (Kind.BREACH, LOOKED_AT, {PUSH, ADDRESS}),
    (Kind.BREACH, GONE, {PUSH, ADDRESS}),
    (Kind.WINDOW, LOOKED_AT, {PUSH, ADDRESS}),
    (Kind.HANDED_OVER, LOOKED_AT, {ADDRESS}),
    (Kind.HANDED_OVER, HIDDEN, {PUSH, ADDRESS}),
    (Kind.MENTION, LOOKED_AT, set()),
    (Kind.MENTION, HIDDEN, {PUSH}),
    (Kind.MENTION, GONE, {PUSH}),
    (Kind.TEAM_BREACH, LOOKED_AT, {PUSH, ADDRESS}),
    (Kind.TEAM_WAITING, LOOKED_AT, {PUSH, ADDRESS}),
]


@pytest.mark.parametrize(("kind", "where", "ways"), TABLE)
def test_the_table(kind, where, ways):
    assert choose(situation(kind, where), NOW).tell == ways


def test_every_kind_is_in_the_table():
    assert {kind for kind, _, _ in TABLE} == set(Kind)


@pytest.mark.parametrize(
    ("why", "other"),
    [
        ("it is settled", {"stands": False}),
        ("it is worthless by now", {"until": NOW}),
        ("they have left", {"left": True}),
        ("they do not want to hear of it", {"muted": frozenset({Kind.OFFER})}),
        ("it is their night, and they are not here", {"quiet": True, "online": False}),
    ],
)
def test_what_ends_it(why, other):
    assert choose(situation(Kind.OFFER, GONE, **other), NOW) == (NOBODY, None), why


def test_in_quiet_hours_whoever_is_here_is_still_asked_and_told_of_nothing_else():
    assert choose(situation(Kind.OFFER, GONE, quiet=True), NOW).tell == BOTH
    assert choose(situation(Kind.MESSAGE, GONE, quiet=True), NOW).tell == BOTH
    assert choose(situation(Kind.BREACH, GONE, quiet=True), NOW) == (NOBODY, None)


def test_whoever_works_within_wechat_is_told_there_and_not_at_an_address_too():
    assert choose(situation(Kind.OFFER, GONE, in_chat=True), NOW).tell == {PUSH}
    assert choose(situation(Kind.MESSAGE, GONE, in_chat=True), NOW).tell == {PUSH}
    assert choose(situation(Kind.BREACH, GONE, in_chat=True), NOW).tell == BOTH


def test_a_way_that_nobody_has_is_not_gone():
    only_push = situation(Kind.OFFER, GONE, ways=frozenset({PUSH}))
    assert choose(only_push, NOW).tell == {PUSH}
    assert choose(situation(Kind.OFFER, GONE, ways=NOBODY), NOW).tell == NOBODY


def test_what_was_told_is_not_told_again_until_it_is_raised_again_and_not_too_soon():
    told = situation(Kind.MESSAGE, GONE, told=BOTH, told_at=NOW)
    assert choose(told, NOW) == (NOBODY, told.until)

    more = situation(Kind.MESSAGE, GONE, told_at=ago(seconds=10))
    assert choose(more, NOW) == (NOBODY, NOW + timedelta(seconds=20))
    assert choose(more, NOW + timedelta(seconds=20)).tell == BOTH

    team = situation(Kind.TEAM_BREACH, GONE, told_at=ago(seconds=60))
    assert choose(team, NOW) == (NOBODY, NOW + timedelta(minutes=4))


def test_it_is_looked_at_again_when_something_may_be_due():
    assert choose(situation(Kind.MESSAGE, JUST_HIDDEN), NOW).again_at == NOW + timedelta(seconds=3)
    assert choose(situation(Kind.MESSAGE, HIDDEN), NOW).again_at == NOW + timedelta(seconds=55)
    assert choose(situation(Kind.OFFER, LOOKED_AT), NOW).again_at == NOW + timedelta(seconds=15)
    over_soon = situation(Kind.OFFER, LOOKED_AT, until=NOW + timedelta(seconds=4))
    assert choose(over_soon, NOW).again_at == NOW + timedelta(seconds=4)


@pytest.mark.parametrize(
    ("begins", "ends", "at", "covered"),
    [
        (time(22), time(8), "2026-03-02T15:00:00Z", True),  # 23:00 in Shanghai
        (time(22), time(8), "2026-03-02T23:59:00Z", True),
        (time(22), time(8), "2026-03-03T00:00:00Z", False),
        (time(22), time(8), "2026-03-02T13:59:59Z", False),
        (time(12), time(13), "2026-03-02T04:30:00Z", True),
        (time(12), time(13), "2026-03-02T05:00:00Z", False),
        (time(8), time(8), "2026-03-02T05:00:00Z", False),
    ],
)
def test_quiet_hours_may_reach_beyond_midnight(begins, ends, at, covered):
    assert Quiet(begins, ends, "Asia/Shanghai").covers(datetime.fromisoformat(at)) is covered

"""When agents are told: gathered, no more than WeChat takes, the last says what opens more."""

from datetime import timedelta

import pytest

from conftest import NOON
from wxdesk.desk.agent_chat.pace import SHIFT, Standing, Way, decide, within_reach

LATER = NOON + timedelta(hours=40)


def standing(*, ago=5.0, first_ago=None, left=5, closes_at=LATER, urgent=False, template=False):
    newest = NOON - timedelta(seconds=ago)
    oldest = NOON - timedelta(seconds=first_ago if first_ago is not None else ago)
    return Standing(
        urgent=urgent,
        oldest_at=oldest,
        newest_at=newest,
        left=left,
        closes_at=closes_at,
        has_template=template,
    )


def test_no_news_is_not_told():
    nothing = Standing(urgent=False, oldest_at=None, newest_at=None, left=5, closes_at=LATER)
    assert decide(nothing, NOON) is Way.NONE


@pytest.mark.parametrize(
    ("ago", "first_ago", "left", "way"),
    [
        (1, 1, 5, Way.LATER),
        (2.9, 2.9, 5, Way.LATER),
        (3, 3, 5, Way.TEXT),
        (1, 8, 5, Way.LATER),
        (1, 9, 5, Way.TEXT),
        (3, 3, None, Way.TEXT),
        (3, 3, 3, Way.TEXT),
        (3, 3, 2, Way.LATER),
        (15, 15, 2, Way.TEXT),
        (1, 45, 2, Way.TEXT),
        (3, 3, 1, Way.LATER),
        (15, 15, 1, Way.LAST),
    ],
)
def test_news_are_gathered_for_longer_as_less_is_left(ago, first_ago, left, way):
    assert decide(standing(ago=ago, first_ago=first_ago, left=left), NOON) is way


@pytest.mark.parametrize(("left", "way"), [(5, Way.TEXT), (2, Way.TEXT), (1, Way.LAST)])
def test_what_is_urgent_is_told_at_once(left, way):
    assert decide(standing(ago=0, left=left, urgent=True), NOON) is way


@pytest.mark.parametrize("template", [True, False])
@pytest.mark.parametrize(("left", "closes_at"), [(0, LATER), (0, None), (5, None), (None, None)])
@pytest.mark.parametrize("urgent", [True, False])
def test_where_nothing_may_be_sent_a_template_reaches_them_or_nothing(
    left, closes_at, template, urgent
):
    found = decide(
        standing(ago=0, left=left, closes_at=closes_at, urgent=urgent, template=template), NOON
    )
    assert found is (Way.TEMPLATE if template else Way.QUIET)


def test_within_reach_as_long_as_something_would_arrive_and_no_longer_than_a_shift():
    soon = NOON + timedelta(minutes=1)
    assert within_reach(5, LATER, has_template=False, now=NOON) == NOON + SHIFT
    assert within_reach(3, soon, has_template=False, now=NOON) == soon
    assert within_reach(0, LATER, has_template=False, now=NOON) is None
    assert within_reach(None, None, has_template=False, now=NOON) is None
    assert within_reach(0, None, has_template=True, now=NOON) == NOON + SHIFT

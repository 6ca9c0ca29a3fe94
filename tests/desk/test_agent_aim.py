"""Whom an agent's line is for: somebody they named or turned to, or nobody before it is asked."""

import itertools
from dataclasses import replace

import pytest

from wxdesk.desk.agent_chat.aim import (
    HIGHEST_NUMBER,
    Card,
    Doubt,
    Question,
    Standing,
    aim,
    next_number,
    only_offer,
)


def card(number, standing=Standing.MINE):
    return Card(
        number=number,
        conversation_id=100 + number,
        contact_id=200 + number,
        account_id=1,
        name=f"客户{number}",
        standing=standing,
    )


MINE, OFFERED, OVER = Standing.MINE, Standing.OFFERED, Standing.OVER


@pytest.mark.parametrize("standings", list(itertools.product([MINE, OFFERED, OVER], repeat=3)))
@pytest.mark.parametrize("current", [None, 101, 102, 103, 999])
def test_a_plain_line_is_for_the_current_customer_or_the_only_one_and_else_it_is_asked(
    standings, current
):
    cards = [card(number, each) for number, each in enumerate(standings, start=1)]
    mine = [each for each in cards if each.standing is MINE]

    found = aim(cards, current)

    if any(each.conversation_id == current for each in mine):
        assert isinstance(found, Card)
        assert found.conversation_id == current
    elif current is None and len(mine) == 1:
        assert found == mine[0]
    else:
        assert isinstance(found, Question)
        assert (found.doubt is Doubt.NOBODY) == (not mine)


@pytest.mark.parametrize("current", [None, 101, 102])
@pytest.mark.parametrize("number", range(1, 6))
def test_a_number_is_for_whoever_has_it(current, number):
    cards = [card(1), card(2), card(3, OFFERED), card(4, OVER)]

    found = aim(cards, current, number)

    if number <= 3:
        assert found == cards[number - 1]
    else:
        assert isinstance(found, Question)
        assert found.doubt is (Doubt.OVER if number == 4 else Doubt.NO_SUCH)
        assert found.number == number


def test_where_the_current_customer_is_gone_the_next_one_is_not_guessed():
    gone = [replace(card(1), standing=OVER), card(2)]

    found = aim(gone, 101)

    assert isinstance(found, Question)
    assert (found.doubt, [each.number for each in found.about]) == (Doubt.WAS_OVER, [2])


def test_the_only_offer_is_meant_and_of_several_none():
    assert only_offer([card(1)]) is None
    assert only_offer([card(1), card(2, OFFERED)]) == card(2, OFFERED)
    assert isinstance(only_offer([card(1, OFFERED), card(2, OFFERED)]), Question)


def test_numbers_come_again_only_when_all_others_have_had_their_turn():
    given, last = [], 0
    for _ in range(HIGHEST_NUMBER):
        last = next_number(last, [])
        given.append(last)
    assert given == list(range(1, HIGHEST_NUMBER + 1))
    assert next_number(last, [1, 2]) == 3
    assert next_number(0, list(range(1, HIGHEST_NUMBER + 1))) == HIGHEST_NUMBER + 1

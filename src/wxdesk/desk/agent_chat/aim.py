"""Whom a line of an agent is for. Pure: it answers a customer, or a question; it never guesses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wxdesk.desk.agent_chat.command import Say

HIGHEST_NUMBER = 99


class Standing(StrEnum):
    """How an agent stands to a customer."""

    MINE = "mine"
    OFFERED = "offered"
    OVER = "over"  # it has ended, or somebody else has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A customer as an agent's chat names them: ``#3 张女士``.

    Attributes:
        level: The name of their level, where it is not everybody's.
        waits_since: Since when they wait for an answer; None: they do not.
        left: Messages that WeChat still takes to them; None: without a count.
        closes_at: Until when it does; None: it takes none.
    """

    number: int
    conversation_id: int
    contact_id: int
    account_id: int
    name: str
    standing: Standing
    level: str = ""
    waits_since: datetime | None = None
    due_at: datetime | None = None
    left: int | None = None
    closes_at: datetime | None = None


class Doubt(StrEnum):
    """Why a line is for nobody as it stands."""

    NOBODY = "nobody"  # there is no customer
    WHICH = "which"  # several, and none was chosen
    WAS_OVER = "was_over"  # the one who was chosen is gone, and there are others
    NO_SUCH = "no_such"  # nobody has this number; the line may begin with one
    OVER = "over"  # whoever has this number is gone


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be asked first.

    Attributes:
        number: The number that was typed.
        about: Whom it may be for.
    """

    doubt: Doubt
    about: Sequence[Card] = ()
    number: int | None = None


def aim(
    cards: Sequence[Card], current_id: int | None, number: int | None = None
) -> Card | Question:
    """Whom something is for.

    Args:
        cards: Of the agent, those that are over as well.
        current_id: The conversation that they turned to last.
        number: Whom they named.
    """
    mine = [card for card in cards if card.standing is Standing.MINE]
    if number is not None:
        return _numbered(cards, mine, number)
    current = next((card for card in mine if card.conversation_id == current_id), None)
    if current:
        return current
    if not mine:
        return Question(Doubt.NOBODY, [card for card in cards if card.standing is Standing.OFFERED])
    if current_id is not None:
        return Question(Doubt.WAS_OVER, mine)
    return mine[0] if len(mine) == 1 else Question(Doubt.WHICH, mine)


def _numbered(cards: Sequence[Card], mine: Sequence[Card], number: int) -> Card | Question:
    found = next((card for card in cards if card.number == number), None)
    if found is None:
        return Question(Doubt.NO_SUCH, mine, number)
    if found.standing is Standing.OVER:
        return Question(Doubt.OVER, [found], number)
    return found


def only_offer(cards: Sequence[Card]) -> Card | Question | None:
    """What ``接`` means: the only offer; None: there is none."""
    offered = [card for card in cards if card.standing is Standing.OFFERED]
    if len(offered) > 1:
        return Question(Doubt.WHICH, offered)
    return offered[0] if offered else None


def as_written(said: Say) -> str:
    """The whole line, its number included, where that turns out to be a part of it."""
    return said.text if said.number is None else f"{said.number} {said.text}"


def next_number(last: int, taken: Sequence[int]) -> int:
    """The number of one more customer: no number comes again before all others had their turn.

    So a line that was typed for somebody who has left reaches nobody else.
    """
    following = [1 + (last + step) % HIGHEST_NUMBER for step in range(HIGHEST_NUMBER)]
    return next((number for number in following if number not in taken), HIGHEST_NUMBER + 1)

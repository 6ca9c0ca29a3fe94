"""A line of an agent under way: whose it is, what they see, whom it may be for."""

from dataclasses import dataclass
from datetime import datetime

from wxdesk.desk.agent_chat.aim import Card, Question, aim
from wxdesk.desk.agent_chat.reading import Desk, read
from wxdesk.desk.bindings import Bound
from wxdesk.store import Unit


@dataclass(frozen=True, slots=True)
class Heard:
    """A line under way.

    Attributes:
        push_id: The push that brought it.
        sent_at: WeChat's time of it.
        base_url: Where customers reach the desk.
    """

    unit: Unit
    bound: Bound
    desk: Desk
    push_id: int
    sent_at: datetime
    base_url: str
    now: datetime

    @property
    def agent_id(self) -> int:
        return self.bound.agent.id

    def aim(self, number: int | None = None) -> Card | Question:
        return aim(self.desk.cards, self.desk.chat.current_id, number)

    def turn_to(self, card: Card) -> None:
        """From now on plain lines are for this customer."""
        self.desk.chat.current_id = card.conversation_id
        self.desk.chat.asked = None

    def turn_from(self, card: Card) -> None:
        """They have let the customer go themselves: whoever is left needs no asking for."""
        if self.desk.chat.current_id == card.conversation_id:
            self.desk.chat.current_id = None

    async def again(self, conversation_id: int) -> Card:
        """A customer's card as it is by now."""
        found = (await read(self.unit, self.bound, self.now)).of(conversation_id)
        assert found is not None  # cards stay
        return found

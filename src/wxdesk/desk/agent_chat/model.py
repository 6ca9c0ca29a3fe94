"""How each agent's chat stands, the cards in it, and the notice for when sends are spent."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.store import Base


class Chat(Base):
    """How the chat of a binding stands.

    Attributes:
        current_id: The conversation that the agent turned to last.
        last_number: The number that was given last; see ``aim.next_number``.
        asked: What the agent wrote and was asked about: ``pending.Pending``.
        customer_since: Since when they write as a customer; None: they do not.
        heard_at: When they wrote last.
        quiet_until: Nothing can be told until then, or until they write: sends are spent.
    """

    __tablename__ = "agent_chats"

    binding_id: Mapped[int] = mapped_column(
        ForeignKey("agent_bindings.id"), primary_key=True, autoincrement=False
    )
    current_id: Mapped[int | None]
    last_number: Mapped[int] = mapped_column(default=0)
    asked: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    customer_since: Mapped[datetime | None]
    heard_at: Mapped[datetime | None]
    quiet_until: Mapped[datetime | None]


class CardRow(Base):
    """A conversation under its number in an agent's chat; one day the number is another's.

    Attributes:
        told_up_to: The customer's newest message that the agent was told of.
        told: They were told that they have it, or are asked to take it.
        reply_id: The agent's newest reply by the chat, until what became of it is told.
    """

    __tablename__ = "agent_cards"
    __table_args__ = (UniqueConstraint("binding_id", "conversation_id"),)

    binding_id: Mapped[int] = mapped_column(
        ForeignKey("agent_bindings.id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    told_up_to: Mapped[int] = mapped_column(default=0)
    told: Mapped[bool] = mapped_column(default=False)
    reply_id: Mapped[int | None]


class NoticeTemplate(Base):
    """What reaches the agents of an account whose sends are spent.

    Attributes:
        template_id: WeChat's.
        values: By field, words with ``{客户}``, ``{消息}``, ``{时间}`` or ``{数量}`` in them.
    """

    __tablename__ = "agent_notice_templates"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    template_id: Mapped[str]
    values: Mapped[dict[str, Any]] = mapped_column(JSON)

"""What happened to the allowances of contacts, turn by turn: the ledger that agents are shown."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.desk.allowance.history import Happening, Turn
from wxdesk.store import Base, Id
from wxdesk.wechat import Trigger


class Entry(Base):
    """One turn. The grants that follow from all of a contact's are kept on the contact."""

    __tablename__ = "allowance_entries"
    __table_args__ = (Index(None, "contact_id", "at"),)

    id: Mapped[Id]
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    at: Mapped[datetime]
    turn: Mapped[Turn]
    trigger: Mapped[Trigger | None]
    push_id: Mapped[int | None]
    message_id: Mapped[int | None]

    @property
    def happening(self) -> Happening:
        return Happening(self.turn, self.at, self.trigger)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a follower did; no trigger: they left. Of ``at`` see ``Happening``."""

    contact_id: int
    push_id: int
    at: datetime
    trigger: Trigger | None

    @property
    def happening(self) -> Happening:
        return Happening(Turn.ACT if self.trigger else Turn.LEFT, self.at, self.trigger)

"""Fields of contacts, and what became of their values."""

import re
from datetime import date, datetime
from enum import StrEnum
from math import isfinite
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.errors import Conflict, Invalid
from wxdesk.store import Base, Id

LONGEST_TEXT = 500
LARGEST = 1e15

Value = str | float
"""A text, a number, a date as ``2026-03-01``, or one of the choices."""


class FieldInvalid(Invalid):
    """A field, or a value for it, cannot be right; ``problem`` says why."""

    code = "field_invalid"


class FieldNameTaken(Conflict):
    """Another field is called so."""

    code = "field_name_taken"


class FieldsChanged(Conflict):
    """Somebody has changed the fields meanwhile: read them again."""

    code = "fields_changed"


class TooManyFields(Conflict):
    """There are as many as there may be."""

    code = "too_many_fields"


class Kind(StrEnum):
    """What values a field takes. It never changes: what is kept stays readable."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    CARD_NUMBER = "card_number"


SECRET = frozenset({Kind.PHONE, Kind.ID_NUMBER, Kind.CARD_NUMBER})
"""Kinds of numbers that are shown covered (``covering``)."""

_NUMBERS = {
    Kind.PHONE: re.compile(r"\+?[0-9][0-9 -]{3,22}[0-9]"),
    Kind.ID_NUMBER: re.compile(r"[0-9A-Za-z]{5,29}[0-9A-Za-z]"),
    Kind.CARD_NUMBER: re.compile(r"[0-9][0-9 -]{6,28}[0-9]"),
}


class Field(Base):
    """A field.

    Attributes:
        choices: Of a choice: what there is to choose from.
        place: In the operator's order.
        retired_at: It is shown no more; what was kept in it stays.
    """

    __tablename__ = "fields"

    id: Mapped[Id]
    name: Mapped[str]
    kind: Mapped[Kind]
    choices: Mapped[list[str]] = mapped_column(JSON, default=list)
    place: Mapped[int]
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    def read(self, value: Any) -> Value | None:
        """A value as it is kept; None: nothing is.

        Raises:
            FieldInvalid: This field takes no such value.
        """
        if value is None or value == "":
            return None
        if not self._takes(value):
            raise FieldInvalid("this field takes no such value", problem="value", field_id=self.id)
        stripped = self.kind is Kind.TEXT or self.kind in SECRET
        return value.strip() if stripped else value  # type: ignore[no-any-return]

    def _takes(self, value: Any) -> bool:
        match self.kind, value:
            case Kind.NUMBER, int() | float() if not isinstance(value, bool):
                return isfinite(value) and abs(value) <= LARGEST
            case Kind.TEXT, str():
                return len(value) <= LONGEST_TEXT
            case Kind.DATE, str():
                return _is_date(value)
            case Kind.CHOICE, str():
                return value in self.choices
            case Kind.PHONE | Kind.ID_NUMBER | Kind.CARD_NUMBER, str():
                return _NUMBERS[self.kind].fullmatch(value.strip()) is not None
        return False


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


class FieldChange(Base):
    """A value of a contact became another.

    Attributes:
        by_id: Who changed it.
    """

    __tablename__ = "field_changes"
    __table_args__ = (Index(None, "contact_id", "id"),)

    id: Mapped[Id]
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    field_id: Mapped[int] = mapped_column(ForeignKey("fields.id"))
    before: Mapped[Any] = mapped_column(JSON, nullable=True)
    after: Mapped[Any] = mapped_column(JSON, nullable=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    at: Mapped[datetime]

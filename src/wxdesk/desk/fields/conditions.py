"""What the value of a contact's field has to be. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from wxdesk.desk.fields.model import Value


class Test(StrEnum):
    """How a value is held against another: dates and numbers by size."""

    IS = "is"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that the value of a field has to be."""

    field_id: int
    test: Test
    value: Value

    def holds(self, fields: Mapping[str, Any]) -> bool:
        """Whether it is, in what is kept of a contact, by the field's number as text."""
        kept = fields.get(str(self.field_id))
        if kept is None or isinstance(kept, str) != isinstance(self.value, str):
            return False
        match self.test:
            case Test.IS:
                return bool(kept == self.value)
            case Test.AT_LEAST:
                return bool(kept >= self.value)
            case Test.AT_MOST:
                return bool(kept <= self.value)

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Self:
        return cls(kept["field_id"], Test(kept["test"]), kept["value"])

    def as_json(self) -> dict[str, Any]:
        return {"field_id": self.field_id, "test": self.test.value, "value": self.value}

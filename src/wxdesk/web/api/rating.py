"""A rating of a conversation, as it is shown."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel

from wxdesk.desk.ratings import Rating, Score, Way


class RatingOut(BaseModel):
    """What a customer was asked, and told: 3 content, 2 so-so, 1 not; null: not yet."""

    way: Way
    invited_at: datetime
    score: Score | None
    rated_at: datetime | None
    comment: str

    @classmethod
    def of(cls, kept: Rating | None) -> Self | None:
        """None where they were not asked."""
        return cls.model_validate(kept, from_attributes=True) if kept else None

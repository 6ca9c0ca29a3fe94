"""Ratings of conversations (评价): who was asked, what they said, and how an account asks."""

from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.errors import Conflict, NotFound
from wxdesk.store import Base

CHANGEABLE = timedelta(minutes=10)
"""So long a customer may rate otherwise, and say what was bad."""

LONGEST_COMMENT = 500
LONGEST_TEXT = 200

_RATED, _ASKED = text("rated_at IS NOT NULL"), text("comment_until IS NOT NULL")


class Score(IntEnum):
    """How it was."""

    BAD = 1  # 不满意
    FAIR = 2  # 一般
    GOOD = 3  # 满意


class Way(StrEnum):
    """How a customer is asked."""

    MENU = "menu"  # lines to touch
    LINK = "link"  # a page of the desk's, for accounts that cannot send menus


class AlreadyInvited(Conflict):
    """A conversation is rated once, and its customer asked once."""

    code = "already_invited"


class NoSuchInvitation(NotFound):
    """Nobody was given this link, or it was used."""

    code = "no_such_invitation"


class Rating(Base):
    """A customer was asked how a conversation was; perhaps they have told.

    Attributes:
        invited_by: None: by the account's setting.
        message_id: The invitation.
        digest: Of the secret in the link; None: they were sent a menu.
        score: ``Score``; None: they have not told.
        comment_until: What they write until then is kept as the comment; None: nothing is.
        asked: They were asked for it: so it is no new question.
    """

    __tablename__ = "ratings"
    __table_args__ = (
        Index(None, "rated_at", sqlite_where=_RATED, postgresql_where=_RATED),
        Index(
            "ix_ratings_comment",
            "contact_id",
            sqlite_where=_ASKED,
            postgresql_where=_ASKED,
        ),
    )

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    way: Mapped[Way]
    invited_at: Mapped[datetime]
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    message_id: Mapped[int]
    digest: Mapped[str | None] = mapped_column(unique=True)
    score: Mapped[int | None]
    rated_at: Mapped[datetime | None]
    comment: Mapped[str] = mapped_column(default="")
    comment_until: Mapped[datetime | None]
    asked: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    def takes(self, at: datetime) -> bool:
        """Whether what is told now counts: the first time does, and a while it may be changed."""
        return self.rated_at is None or at < self.rated_at + CHANGEABLE

    def rate(self, score: Score, at: datetime) -> None:
        self.rated_at = self.rated_at or at
        self.score = score
        self.comment_until = at + CHANGEABLE if score is Score.BAD and not self.comment else None

    def say(self, comment: str) -> None:
        self.comment, self.comment_until = comment[:LONGEST_COMMENT], None


class RatingSettings(Base):
    """How an account asks, and what it says.

    Attributes:
        after_closing: It asks by itself whenever an agent ends a conversation.
        head: What stands above the lines to touch, or before the link.
        thanks: Said to who has rated.
        ask: Said instead to who was not content.
    """

    __tablename__ = "rating_settings"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    way: Mapped[Way]
    after_closing: Mapped[bool]
    head: Mapped[str]
    thanks: Mapped[str]
    ask: Mapped[str]

    @classmethod
    def as_default(cls, account_id: int) -> "RatingSettings":
        """What holds before anybody has decided anything."""
        return cls(
            account_id=account_id,
            way=Way.MENU,
            after_closing=False,
            head="请问您对这次服务满意吗？",
            thanks="感谢您的评价。",
            ask="很抱歉没能让您满意。哪里没做好，请直接回复告诉我们。",
        )

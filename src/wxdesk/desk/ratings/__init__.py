"""Ratings (评价): customers are asked once how a conversation was, and tell (ADR 26)."""

from wxdesk.desk.ratings.invite import (
    PATH,
    invite,
    invite_after_closing,
    set_settings,
    settings_of,
    settings_of_contact,
)
from wxdesk.desk.ratings.model import (
    LONGEST_COMMENT,
    LONGEST_TEXT,
    AlreadyInvited,
    NoSuchInvitation,
    Rating,
    RatingSettings,
    Score,
    Way,
)
from wxdesk.desk.ratings.queries import list_rated, of, open_comments
from wxdesk.desk.ratings.rate import comment, find_invitation, rate_by_link, record
from wxdesk.desk.ratings.taps import LINES, Tap, tap_of

__all__ = [
    "LINES",
    "LONGEST_COMMENT",
    "LONGEST_TEXT",
    "PATH",
    "AlreadyInvited",
    "NoSuchInvitation",
    "Rating",
    "RatingSettings",
    "Score",
    "Tap",
    "Way",
    "comment",
    "find_invitation",
    "invite",
    "invite_after_closing",
    "list_rated",
    "of",
    "open_comments",
    "rate_by_link",
    "record",
    "set_settings",
    "settings_of",
    "settings_of_contact",
    "tap_of",
]

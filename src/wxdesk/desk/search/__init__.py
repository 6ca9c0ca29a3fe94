"""Search (搜索): what was said, what was noted, and who people are, found by any two characters."""

from wxdesk.desk.search.asked import Asked, SearchUnclear, understand
from wxdesk.desk.search.finding import (
    MOST_COUNTED,
    Search,
    count_messages,
    count_people,
    count_within,
    messages,
    people,
    prepare,
    within,
)
from wxdesk.desk.search.pieces import Part, snippet
from wxdesk.desk.search.queries import Counted
from wxdesk.desk.search.upkeep import catch_up, is_behind, left
from wxdesk.desk.search.wording import text_of

__all__ = [
    "MOST_COUNTED",
    "Asked",
    "Counted",
    "Part",
    "Search",
    "SearchUnclear",
    "catch_up",
    "count_messages",
    "count_people",
    "count_within",
    "is_behind",
    "left",
    "messages",
    "people",
    "prepare",
    "snippet",
    "text_of",
    "understand",
    "within",
]

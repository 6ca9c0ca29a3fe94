"""Summaries of conversations (小结): what it was about, how it ended, who owes one."""

from wxdesk.desk.summaries.actions import close, give
from wxdesk.desk.summaries.categories import add, bring_back, put_in_order, rename, retire
from wxdesk.desk.summaries.model import (
    LONGEST_NAME,
    LONGEST_NOTE,
    MOST_CATEGORIES,
    CategoriesChanged,
    Category,
    CategoryInvalid,
    CategoryNameTaken,
    Given,
    NotEnded,
    Result,
    Summary,
    SummaryForbidden,
    SummaryInvalid,
    SummaryRequired,
    TooManyCategories,
)
from wxdesk.desk.summaries.queries import list_categories, list_owed, of, paths_of, recent_of, uses

__all__ = [
    "LONGEST_NAME",
    "LONGEST_NOTE",
    "MOST_CATEGORIES",
    "CategoriesChanged",
    "Category",
    "CategoryInvalid",
    "CategoryNameTaken",
    "Given",
    "NotEnded",
    "Result",
    "Summary",
    "SummaryForbidden",
    "SummaryInvalid",
    "SummaryRequired",
    "TooManyCategories",
    "add",
    "bring_back",
    "close",
    "give",
    "list_categories",
    "list_owed",
    "of",
    "paths_of",
    "put_in_order",
    "recent_of",
    "rename",
    "retire",
    "uses",
]

"""Groups of agents (技能组): who is in them, when they are there, who helps them."""

from wxdesk.desk.groups.actions import (
    MOST_GROUPS,
    MOST_MEMBERS,
    MOST_TARGETS,
    add,
    change,
    put_in_order,
    remove,
    set_members,
)
from wxdesk.desk.groups.model import (
    CHANGED,
    Group,
    GroupInvalid,
    GroupNameTaken,
    GroupsChanged,
    Membership,
    Targets,
    TooManyGroups,
)
from wxdesk.desk.groups.oddities import Oddity, oddities_of
from wxdesk.desk.groups.queries import by_ids, groups_of, list_groups, members_of

__all__ = [
    "CHANGED",
    "MOST_GROUPS",
    "MOST_MEMBERS",
    "MOST_TARGETS",
    "Group",
    "GroupInvalid",
    "GroupNameTaken",
    "GroupsChanged",
    "Membership",
    "Oddity",
    "Targets",
    "TooManyGroups",
    "add",
    "by_ids",
    "change",
    "groups_of",
    "list_groups",
    "members_of",
    "oddities_of",
    "put_in_order",
    "remove",
    "set_members",
]

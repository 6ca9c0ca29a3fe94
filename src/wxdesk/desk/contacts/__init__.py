"""Contacts: the followers of an account, as the desk knows them.

Since 2021 WeChat tells neither name nor picture of a follower: what a contact is called comes
from the agents. What WeChat still tells is taken in when it is asked, and asked again when stale.
"""

from wxdesk.desk.contacts.actions import (
    REFRESH,
    TagsNotSynced,
    TooManyTags,
    ask_refresh,
    blacklist,
    fitting_remark,
    give_up_errand,
    meet,
    record_errand_done,
    record_facts,
    record_followers,
    set_remark,
    set_tags,
)
from wxdesk.desk.contacts.backoff import wait_after
from wxdesk.desk.contacts.errands import ERRANDS, claim_errands, postpone_errand
from wxdesk.desk.contacts.facts import Lesson
from wxdesk.desk.contacts.model import (
    Contact,
    Errand,
    ErrandKind,
    Follower,
    LevelSource,
    Place,
    Tag,
)
from wxdesk.desk.contacts.queries import (
    by_ids,
    claim_stale,
    find,
    get,
    postpone,
    record_places,
    record_seen,
)
from wxdesk.desk.contacts.tags import (
    TAGS,
    TagKey,
    add_tag,
    delete_tag,
    get_tag,
    list_tags,
    record_tags,
    tags_by_ids,
    tags_of,
)

__all__ = [
    "ERRANDS",
    "REFRESH",
    "TAGS",
    "Contact",
    "Errand",
    "ErrandKind",
    "Follower",
    "Lesson",
    "LevelSource",
    "Place",
    "Tag",
    "TagKey",
    "TagsNotSynced",
    "TooManyTags",
    "add_tag",
    "ask_refresh",
    "blacklist",
    "by_ids",
    "claim_errands",
    "claim_stale",
    "delete_tag",
    "find",
    "fitting_remark",
    "get",
    "get_tag",
    "give_up_errand",
    "list_tags",
    "meet",
    "postpone",
    "postpone_errand",
    "record_errand_done",
    "record_facts",
    "record_followers",
    "record_places",
    "record_seen",
    "record_tags",
    "set_remark",
    "set_tags",
    "tags_by_ids",
    "tags_of",
    "wait_after",
]

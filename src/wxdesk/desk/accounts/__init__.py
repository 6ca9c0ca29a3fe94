"""The Official Accounts served, their credentials, settings and access tokens."""

from wxdesk.desk.accounts.actions import (
    add,
    change,
    move,
    rotate_aes_key,
    set_hours,
    set_pay_sign_key,
    set_policy,
)
from wxdesk.desk.accounts.hours import hours_of, is_between
from wxdesk.desk.accounts.model import (
    CHANGED,
    RECOUNT,
    WECHAT,
    Account,
    AccountExists,
    Credentials,
    KeptToken,
    Kind,
)
from wxdesk.desk.accounts.queries import by_ids, get, get_by_slug, list_all, lock
from wxdesk.desk.accounts.tokens import claim_renewal, find_token, keep_token, release_renewal

__all__ = [
    "CHANGED",
    "RECOUNT",
    "WECHAT",
    "Account",
    "AccountExists",
    "Credentials",
    "KeptToken",
    "Kind",
    "add",
    "by_ids",
    "change",
    "claim_renewal",
    "find_token",
    "get",
    "get_by_slug",
    "hours_of",
    "is_between",
    "keep_token",
    "list_all",
    "lock",
    "move",
    "release_renewal",
    "rotate_aes_key",
    "set_hours",
    "set_pay_sign_key",
    "set_policy",
]

"""Bindings: which follower of which account is an agent, since they scanned a code for it.

An agent has one at most, and a follower is one agent at most. None is ever deleted: who was bound
when, and who ended it, stays; so does the log of what was asked and refused.
"""

from wxdesk.desk.bindings.actions import (
    LASTS,
    ask,
    is_scene,
    new_scene,
    note,
    redeem,
    revoke,
    use_login,
    withdraw_codes,
)
from wxdesk.desk.bindings.model import (
    Binding,
    BindingCode,
    BindingNote,
    Bound,
    CodeState,
    LoginUsed,
    Redeemed,
    What,
)
from wxdesk.desk.bindings.queries import (
    agents_among,
    agents_of_accounts,
    all_bound,
    find_bound,
    find_by_contact,
    find_of_agent,
    get,
    get_code,
    list_notes,
    newest_code,
)

__all__ = [
    "LASTS",
    "Binding",
    "BindingCode",
    "BindingNote",
    "Bound",
    "CodeState",
    "LoginUsed",
    "Redeemed",
    "What",
    "agents_among",
    "agents_of_accounts",
    "all_bound",
    "ask",
    "find_bound",
    "find_by_contact",
    "find_of_agent",
    "get",
    "get_code",
    "is_scene",
    "list_notes",
    "new_scene",
    "newest_code",
    "note",
    "redeem",
    "revoke",
    "use_login",
    "withdraw_codes",
]

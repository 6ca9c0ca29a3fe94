"""Agents (客服): who they are, how they sign in, what each may do."""

from wxdesk.desk.agents.actions import (
    add,
    authenticate_token,
    begin_session,
    create_token,
    end_session,
    record_sign_in_failure,
    record_sign_in_success,
    require_may_try,
    require_password,
    resume_session,
    set_password,
    set_preferences,
    unlock,
)
from wxdesk.desk.agents.errors import AgentExists, SignInLocked, TooManyTries
from wxdesk.desk.agents.model import Agent, Role
from wxdesk.desk.agents.passwords import hash_password, verify_password
from wxdesk.desk.agents.queries import (
    by_ids,
    find_by_username,
    forget_tries_before,
    get_by_username,
    list_all,
)

__all__ = [
    "Agent",
    "AgentExists",
    "Role",
    "SignInLocked",
    "TooManyTries",
    "add",
    "authenticate_token",
    "begin_session",
    "by_ids",
    "create_token",
    "end_session",
    "find_by_username",
    "forget_tries_before",
    "get_by_username",
    "hash_password",
    "list_all",
    "record_sign_in_failure",
    "record_sign_in_success",
    "require_may_try",
    "require_password",
    "resume_session",
    "set_password",
    "set_preferences",
    "unlock",
    "verify_password",
]

"""Speaking from the web and from workers: to WeChat, for an account, and to agents elsewhere.

Below are a runtime and the desk, which knows no network; above are those who have something to
say. Nobody says it while a unit is open.
"""

from wxdesk.speaking.beside import normal_address, push_keys, push_to, say_to, takes_silence
from wxdesk.speaking.check import Finding, callback_url, check_account
from wxdesk.speaking.client import client_of
from wxdesk.speaking.tokens import TokenKeeper

__all__ = [
    "Finding",
    "TokenKeeper",
    "callback_url",
    "check_account",
    "client_of",
    "normal_address",
    "push_keys",
    "push_to",
    "say_to",
    "takes_silence",
]

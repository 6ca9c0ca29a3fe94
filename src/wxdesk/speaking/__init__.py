"""Speaking to WeChat in the name of an account the desk serves, from the web and from workers.

Below are a runtime and the desk, which knows no network; above are those who have something to
say. Nobody says it while a unit is open.
"""

from wxdesk.speaking.check import Finding, callback_url, check_account
from wxdesk.speaking.client import client_of
from wxdesk.speaking.tokens import TokenKeeper

__all__ = ["Finding", "TokenKeeper", "callback_url", "check_account", "client_of"]

"""Who calls WeChat for an account."""

from datetime import timedelta

from wxdesk.desk.accounts import Account
from wxdesk.runtime import Runtime
from wxdesk.speaking.tokens import TokenKeeper
from wxdesk.wechat import Client


def client_of(rt: Runtime, account: Account) -> Client:
    """A client that keeps to the time a sender has: see the settings' lease."""
    timeout = timedelta(seconds=rt.settings.send_timeout_seconds)
    return Client(rt.http, account.api_base, TokenKeeper(rt, account), timeout)

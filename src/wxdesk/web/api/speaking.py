"""What routes have in common that ask WeChat: the account, and a client, with no unit open."""

from wxdesk.desk import accounts
from wxdesk.desk.accounts import Account
from wxdesk.runtime import Runtime
from wxdesk.speaking import client_of
from wxdesk.wechat import Client


async def account_and_client(rt: Runtime, account_id: int) -> tuple[Account, Client]:
    """The account as it is now, and who calls WeChat for it.

    Raises:
        NotFound: There is no such account.
    """
    async with rt.db.reading() as unit:
        account = await accounts.get(unit, account_id)
    return account, client_of(rt, account)

"""The accounts as the front door knows them: in memory, since every push asks."""

from dataclasses import dataclass, field
from datetime import timedelta

from wxdesk.bus import forever
from wxdesk.desk import accounts
from wxdesk.desk.accounts import Account
from wxdesk.runtime import Runtime
from wxdesk.wechat import Callback


@dataclass(frozen=True, slots=True)
class Served:
    """One account and what may come in at its callback URL.

    Attributes:
        pay_sign_key: Of WeChat Pay; None: nobody can tell whether a complaint is its.
        answers: The desk may say something by itself, so the answers to pushes wait for that.
    """

    account_id: int
    callback: Callback
    pay_sign_key: str | None = field(default=None, repr=False)
    answers: bool = False


class Directory:
    """Accounts by slug; read again when told that one changed, and now and then all the same."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._served: dict[str, Served] = {}

    def find(self, slug: str) -> Served | None:
        return self._served.get(slug)

    async def read(self) -> None:
        """Take the accounts as they are now."""
        async with self._rt.db.reading() as unit:
            self._served = {
                account.slug: self._serve(account) for account in await accounts.list_all(unit)
            }

    async def follow(self) -> None:
        """Stay up to date until cancelled; what is known is kept while the database is away."""
        await forever(self._rt.bus, accounts.CHANGED, self.read)

    def _serve(self, account: Account) -> Served:
        vault = self._rt.vault
        skew = timedelta(seconds=self._rt.settings.push_skew_seconds) or None
        key = account.credentials(vault).pay_sign_key
        callback = account.callback(vault, max_skew=skew)
        return Served(account.id, callback, key, answers=account.speaks_by_itself)

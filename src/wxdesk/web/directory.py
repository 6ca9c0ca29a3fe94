"""The accounts as the front door knows them: in memory, since every push asks."""

from dataclasses import dataclass, field
from datetime import timedelta

from wxdesk.bus import forever
from wxdesk.desk import accounts, bindings, ratings
from wxdesk.desk.accounts import Account
from wxdesk.runtime import Runtime
from wxdesk.wechat import Callback, Push, Scanned, Subscribed


@dataclass(frozen=True, slots=True)
class Served:
    """One account and what may come in at its callback URL.

    Attributes:
        pay_sign_key: Of WeChat Pay; None: nobody can tell whether a complaint is its.
        answers: The desk may say something by itself, so the answers to pushes wait for that.
        agents: Followers who are agents: what they write is answered, too.
    """

    account_id: int
    callback: Callback
    pay_sign_key: str | None = field(default=None, repr=False)
    answers: bool = False
    agents: frozenset[str] = frozenset()

    def may_answer(self, push: Push) -> bool:
        """Whether the answer to a push may have something to carry."""
        if self.answers or ratings.tap_of(push):
            return True
        return push.openid in self.agents or _is_for_agents(push)


def _is_for_agents(push: Push) -> bool:
    content = push.content
    return isinstance(content, Scanned | Subscribed) and bindings.is_scene(content.scene)


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
            agents = await bindings.agents_of_accounts(unit)
            self._served = {
                account.slug: self._serve(account, agents.get(account.id, frozenset()))
                for account in await accounts.list_all(unit)
            }

    async def follow(self) -> None:
        """Stay up to date until cancelled; what is known is kept while the database is away."""
        await forever(self._rt.bus, accounts.CHANGED, self.read)

    def _serve(self, account: Account, agents: frozenset[str]) -> Served:
        vault = self._rt.vault
        skew = timedelta(seconds=self._rt.settings.push_skew_seconds) or None
        key = account.credentials(vault).pay_sign_key
        callback = account.callback(vault, max_skew=skew)
        speaks = account.speaks_by_itself
        return Served(account.id, callback, key, answers=speaks, agents=agents)

"""Whether an account works, in sentences: each finding is fine, or says what to do."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from secrets import token_hex

import aiohttp

from wxdesk.desk.accounts import Account
from wxdesk.runtime import Runtime
from wxdesk.speaking.client import client_of
from wxdesk.speaking.tokens import TokenKeeper
from wxdesk.wechat import CallFailed, Client, Meaning, Refused, signature

PATIENCE = timedelta(seconds=5)
CUSTOM_SEND = "/cgi-bin/message/custom/send"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check.

    Attributes:
        name: A stable word that pages translate.
        detail: What was found.
        fix: What to do; None where nothing is.
    """

    name: str
    detail: str
    fix: str | None = None

    @property
    def vital(self) -> bool:
        """Without it nobody can be answered; the rest depends on the kind of account."""
        return self.name in ("token", "messages", "callback")

    @property
    def ok(self) -> bool:
        return self.fix is None


async def check_account(rt: Runtime, account: Account) -> AsyncIterator[Finding]:
    """What can be found out about one account from here; nothing is changed by it.

    Without a token the rest of WeChat cannot be asked, so only the callback follows then.
    """
    token = await _check_token(rt, account)
    yield token
    if token.ok:
        async for finding in _check_rights(client_of(rt, account)):
            yield finding
    yield await _check_callback(rt, account)
    yield _check_complaints(rt, account)


async def _check_token(rt: Runtime, account: Account) -> Finding:
    try:
        await TokenKeeper(rt, account).current()
    except Refused as error:
        said = f"WeChat refuses ({error.errcode} {error.errmsg})"
        fix = "Compare AppID and AppSecret with the account's page."
        if "whitelist" in error.errmsg:
            fix = "Put the address it names on the account's IP whitelist (IP白名单)."
        return Finding("token", said, fix)
    except CallFailed as error:
        fix = "Let this machine reach it, and see whether the address is right."
        return Finding("token", f"{account.api_base} does not answer: {error}", fix)
    return Finding("token", "WeChat gives an access token")


async def _check_rights(client: Client) -> AsyncIterator[Finding]:
    """Ask each group of calls for something harmless: only reading."""
    asked: tuple[tuple[str, Callable[[], Awaitable[object]]], ...] = (
        ("ip_list", client.account.callback_ips),
        ("messages", partial(client.account.quota, CUSTOM_SEND)),
        ("kf_accounts", client.kf.list),
        ("users", client.users.list),
        ("tags", client.tags.list),
        ("blacklist", client.blacklist.list),
        ("menu", client.menu.get),
        ("materials", client.materials.count),
        ("templates", client.templates.list),
        ("callback_check", client.account.check_callback),
    )
    for name, ask in asked:
        yield await _check_right(name, ask)


async def _check_right(name: str, ask: Callable[[], Awaitable[object]]) -> Finding:
    try:
        await ask()
    except Refused as error:
        return Finding(name, f"{error.errcode} {error.errmsg}", _fix_of(error))
    except CallFailed as error:
        return Finding(name, str(error), "Try again; WeChat may be busy.")
    return Finding(name, "WeChat answers")


def _fix_of(error: Refused) -> str:
    match error.meaning:
        case Meaning.NOT_PERMITTED:
            return (
                "The account may not: it has to be verified (认证), or its kind has no such right."
            )
        case Meaning.QUOTA_SPENT | Meaning.TOO_FAST:
            return "The quota is used up: wait, or clear it on the account's page."
        case Meaning.ACCOUNT_BLOCKED:
            return "WeChat has blocked it: the account's page says why."
    return "Look the code up in WeChat's list of return codes."


async def _check_callback(rt: Runtime, account: Account) -> Finding:
    """Ask for the callback URL as WeChat does when the configuration is saved."""
    url = callback_url(rt, account.slug)
    token = account.credentials(rt.vault).token
    timestamp, nonce, echostr = f"{rt.clock.now().timestamp():.0f}", token_hex(5), token_hex(8)
    query = {
        "signature": signature(token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "echostr": echostr,
    }
    patience = aiohttp.ClientTimeout(PATIENCE.total_seconds())
    try:
        async with rt.http.get(url, params=query, timeout=patience) as answer:
            right = answer.status == HTTPStatus.OK and await answer.text() == echostr
            said = f"{url} answers {answer.status}"
    except (aiohttp.ClientError, TimeoutError, UnicodeDecodeError):
        right, said = False, f"{url} cannot be reached from here"
    fix = "See that the desk runs and that WXDESK_PUBLIC_URL is how it is reached."
    return Finding("callback", said, None if right else fix)


def _check_complaints(rt: Runtime, account: Account) -> Finding:
    """Not wrong: most accounts have no key of WeChat Pay's second version."""
    if account.credentials(rt.vault).pay_sign_key:
        return Finding("complaints", "only those that WeChat Pay has signed are believed")
    return Finding("complaints", "those of known followers are believed; there is no key to check")


def callback_url(rt: Runtime, slug: str) -> str:
    """What is entered as the URL of the account's server configuration."""
    return f"{rt.settings.base_url}/wechat/{slug}"

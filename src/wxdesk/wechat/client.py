"""The API calls we make in the name of one account."""

from datetime import timedelta

import aiohttp

from wxdesk.wechat.api.account import AccountCalls
from wxdesk.wechat.api.blacklist import Blacklist
from wxdesk.wechat.api.jssdk import JsSdk
from wxdesk.wechat.api.kf import KfAccounts
from wxdesk.wechat.api.materials import Materials
from wxdesk.wechat.api.media import Media
from wxdesk.wechat.api.menu import Menus
from wxdesk.wechat.api.notices import Notices
from wxdesk.wechat.api.qrcodes import QrCodes
from wxdesk.wechat.api.records import Records
from wxdesk.wechat.api.sessions import Sessions
from wxdesk.wechat.api.tags import Tags
from wxdesk.wechat.api.templates import Templates
from wxdesk.wechat.api.users import Users
from wxdesk.wechat.caller import Caller
from wxdesk.wechat.limits import CALL_PATIENCE, TRANSFER_PATIENCE
from wxdesk.wechat.messages import Message
from wxdesk.wechat.tokens import TokenSource


class Client:
    """Calls WeChat for one account.

    What went wrong is a ``CallFailed``: every call may raise

    * ``OverLimit``: it was not made, WeChat's documentation says that it would be refused;
    * ``Refused``: WeChat said no, nothing was done; ``meaning`` and ``advice`` tell what follows;
    * ``Unreached``: WeChat was not asked, safe to repeat;
    * ``Unanswered`` (calls that only read or upload): no trustworthy answer, safe to repeat;
    * ``Uncertain`` (all others): no trustworthy answer, it may have been done.

    Args:
        http: Where connections are kept; shared by all accounts. Its connector says how many there
            may be; whoever finds none free within the timeout is ``Unreached``.
        api_base: ``https://api.weixin.qq.com``, or where the simulator is.
        tokens: The keeper of this account's access token.
        timeout: How long to wait for a connection, and as long again for the answer. A call
            takes at most four times this and the time to get tokens.
        transfer: How long a file may take, beside that; it must also never stand still for as long
            as the timeout.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        api_base: str,
        tokens: TokenSource,
        timeout: timedelta = CALL_PATIENCE,
        transfer: timedelta = TRANSFER_PATIENCE,
    ) -> None:
        caller = Caller(http, api_base, tokens, timeout, transfer)
        self._caller = caller
        self.media = Media(caller)
        self.materials = Materials(caller)
        self.kf = KfAccounts(caller)
        self.sessions = Sessions(caller)
        self.records = Records(caller)
        self.users = Users(caller)
        self.tags = Tags(caller)
        self.blacklist = Blacklist(caller)
        self.qrcodes = QrCodes(caller)
        self.menu = Menus(caller)
        self.templates = Templates(caller)
        self.notices = Notices(caller)
        self.account = AccountCalls(caller)
        self.jssdk = JsSdk(caller)

    async def send(
        self, openid: str, message: Message, kf_account: str | None = None, *, ai: bool = False
    ) -> None:
        """Send a customer-service message; on return WeChat has accepted it.

        Args:
            openid: Who gets it.
            message: What; ``problems_of`` tells beforehand whether WeChat would take it.
            kf_account: In whose name.
            ai: WeChat says under it that an AI made it.

        Raises:
            Refused: WeChat does not take it; nothing was sent.
            Unreached: Nothing was sent; safe to repeat.
            Uncertain: It may have been sent, and repeating it may show it twice.
        """
        await self._caller.do(
            "/cgi-bin/message/custom/send", message.body(openid, kf_account, ai=ai)
        )

    async def typing(self, openid: str, *, on: bool = True) -> None:
        """Show that somebody writes, for 15 seconds or until a message is sent, or no longer.

        It is cosmetic: whatever it raises is worth a line in the log at most.
        """
        command = "Typing" if on else "CancelTyping"
        await self._caller.do(
            "/cgi-bin/message/custom/typing", {"touser": openid, "command": command}
        )

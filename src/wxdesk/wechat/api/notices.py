"""Subscription notifications: a message to somebody who agreed to it, in an article or on a page.

Source: doc/service/api/notify/notify/api_sendsubscribemsg (bizsend).
"""

from collections.abc import Mapping
from typing import Any

from wxdesk.wechat.api.templates import MiniProgram, as_values, template_problems
from wxdesk.wechat.caller import Caller
from wxdesk.wechat.errors import OverLimit


class Notices:
    """``client.notices``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def send(
        self,
        openid: str,
        template_id: str,
        data: Mapping[str, str],
        page: str | None = None,
        mini_program: MiniProgram | None = None,
    ) -> None:
        """Send one; what became of it is pushed later as ``NoticeSent``.

        Args:
            openid: Who agreed.
            template_id: To what.
            data: Its values by their keys.
            page: The page it opens.
            mini_program: What it opens instead.

        Raises:
            OverLimit: A value is too long; see ``template_problems``.
            Refused: WeChat does not take it; 43101: there is no agreement left.
            Unreached: Nothing was sent; safe to repeat.
            Uncertain: It may have been sent.
        """
        if problems := template_problems(data):
            raise OverLimit("; ".join(problems))
        message: dict[str, Any] = {"touser": openid, "template_id": template_id}
        if page is not None:
            message["page"] = page
        if mini_program is not None:
            message["miniprogram"] = mini_program.to_json()
        message["data"] = as_values(data)
        await self._caller.do("/cgi-bin/message/subscribe/bizsend", message)

"""Customer-service messages, as typed values.

Source: "Send customer-service message" (doc/service/api/customer/message/api_sendcustommessage).
"""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextMessage:
    """A text of at most ``limits.TEXT_BYTES``; longer ones go through ``split_text`` first.

    WeChat shows ``<a>`` as a link and everything else as it is, so nothing is escaped.
    """

    text: str

    def body(self, openid: str, kf_account: str | None = None) -> bytes:
        """What is posted, in the name of ``kf_account`` if one is given."""
        return _body(openid, "text", {"content": self.text}, kf_account)


Message = TextMessage


def _body(openid: str, msgtype: str, content: dict[str, str], kf_account: str | None) -> bytes:
    """Raw UTF-8: JSON's escapes of it are refused by WeChat, or shown to the follower."""
    message: dict[str, object] = {"touser": openid, "msgtype": msgtype, msgtype: content}
    if kf_account is not None:
        message["customservice"] = {"kf_account": kf_account}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()

"""Speaking WeChat: pushes in, customer-service messages out. Stands alone."""

from wxdesk.wechat import limits
from wxdesk.wechat.callback import Callback, Mode, read_query
from wxdesk.wechat.client import Client
from wxdesk.wechat.codes import Meaning, meaning_of
from wxdesk.wechat.elements import cdata, read_elements
from wxdesk.wechat.envelope import Envelope, signature
from wxdesk.wechat.errors import (
    BadPush,
    CallFailed,
    Forged,
    Malformed,
    Refused,
    TokenRefused,
    Uncertain,
    Unreached,
    WeChatError,
)
from wxdesk.wechat.messages import Message, TextMessage
from wxdesk.wechat.push import Content, Push, Subscribed, Text, Unknown, Unsubscribed, parse
from wxdesk.wechat.split import split_text
from wxdesk.wechat.tokens import AccessToken, TokenSource, fetch_stable_token

__all__ = [
    "AccessToken",
    "BadPush",
    "CallFailed",
    "Callback",
    "Client",
    "Content",
    "Envelope",
    "Forged",
    "Malformed",
    "Meaning",
    "Message",
    "Mode",
    "Push",
    "Refused",
    "Subscribed",
    "Text",
    "TextMessage",
    "TokenRefused",
    "TokenSource",
    "Uncertain",
    "Unknown",
    "Unreached",
    "Unsubscribed",
    "WeChatError",
    "cdata",
    "fetch_stable_token",
    "limits",
    "meaning_of",
    "parse",
    "read_elements",
    "read_query",
    "signature",
    "split_text",
]

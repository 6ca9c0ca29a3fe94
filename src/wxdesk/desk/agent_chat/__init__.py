"""Agents at work within WeChat: their customers in their own chat with the account.

What a bound follower writes is a line of an agent and never a customer's message, unless they ask
for that. What an agent is told counts against their own allowance, so answers leave in the answer
to their push, and news are gathered (ADR 25).
"""

from wxdesk.desk.agent_chat.hearing import Line, hear, hold_customers, is_customer
from wxdesk.desk.agent_chat.model import CardRow, Chat, NoticeTemplate
from wxdesk.desk.agent_chat.pace import Way
from wxdesk.desk.agent_chat.queries import find_template, set_template, with_news
from wxdesk.desk.agent_chat.revoking import revoke
from wxdesk.desk.agent_chat.telling import LOOP, tell

__all__ = [
    "LOOP",
    "CardRow",
    "Chat",
    "Line",
    "NoticeTemplate",
    "Way",
    "find_template",
    "hear",
    "hold_customers",
    "is_customer",
    "revoke",
    "set_template",
    "tell",
    "with_news",
]

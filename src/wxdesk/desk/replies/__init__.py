"""Agents' replies: from the browser to the outbox, or parked until WeChat takes messages again."""

from wxdesk.desk.replies.parked import change, discard, list_parked, release, release_all
from wxdesk.desk.replies.reply import MediaUnusable, Reply, parts_of
from wxdesk.desk.replies.send import Manner, resend, send, send_text, take_back

__all__ = [
    "Manner",
    "MediaUnusable",
    "Reply",
    "change",
    "discard",
    "list_parked",
    "parts_of",
    "release",
    "release_all",
    "resend",
    "send",
    "send_text",
    "take_back",
]

"""Agents' replies: from the browser to the outbox, or parked until WeChat takes messages again."""

from wxdesk.desk.replies.own import Own, Slot, files_for, say
from wxdesk.desk.replies.parked import change, discard, list_parked, release, release_all
from wxdesk.desk.replies.reply import MediaUnusable, Reply, check_files, needed_by
from wxdesk.desk.replies.send import Manner, resend, send, send_text, take_back

__all__ = [
    "Manner",
    "MediaUnusable",
    "Own",
    "Reply",
    "Slot",
    "change",
    "check_files",
    "discard",
    "files_for",
    "list_parked",
    "needed_by",
    "release",
    "release_all",
    "resend",
    "say",
    "send",
    "send_text",
    "take_back",
]

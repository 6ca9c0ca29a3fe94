"""Agents are reached beside their pages: what stands of their alerts, and in what words it goes."""

from wxdesk.desk.reaching.looking import look, note_ways
from wxdesk.desk.reaching.noticing import notice
from wxdesk.desk.reaching.words import Contents, Note, test_note, written

__all__ = ["Contents", "Note", "look", "note_ways", "notice", "test_note", "written"]

"""Rows and transactions."""

from wxdesk.store.base import Base, Id, Moment, Number
from wxdesk.store.database import Database
from wxdesk.store.group import GroupInsert
from wxdesk.store.unit import Unit
from wxdesk.store.vault import Vault

__all__ = ["Base", "Database", "GroupInsert", "Id", "Moment", "Number", "Unit", "Vault"]

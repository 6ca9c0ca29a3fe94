"""What WeChat tells about an account itself: results of mass sends, verification, other systems.

Nobody has to answer it, but an operator has to know it.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.store import Base, Id, Unit

_DATA_ID = re.compile(r"[?&]mid=(\d{1,20})(?:&|$)")


class LogEntry(Base):
    """One thing that WeChat told."""

    __tablename__ = "account_log"
    __table_args__ = (Index(None, "account_id", "id"),)

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    push_id: Mapped[int] = mapped_column(unique=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    content: Mapped[dict[str, Any]]


class SentArticle(Base):
    """An article of a mass message, so that who writes from it is understood.

    Source: a message from an article carries ``MsgDataId`` and ``Idx``; the result of the mass
    message gives each article's address, whose ``mid`` is that data id.
    """

    __tablename__ = "sent_articles"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    data_id: Mapped[str] = mapped_column(primary_key=True)
    index: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]


ArticleKey = tuple[int, str, int]
"""An account's id, the data id of a mass message, and which of its articles, from 1."""


@dataclass(frozen=True, slots=True)
class Note:
    """What is written down: stable words that pages translate."""

    kind: str
    content: dict[str, Any]


def write(unit: Unit, noted: Iterable[tuple[int, int, datetime, Note]]) -> None:
    """Write down what pushes told: account, push, when, what."""
    unit.session.add_all(
        LogEntry(
            account_id=account_id, push_id=push_id, at=at, kind=note.kind, content=note.content
        )
        for account_id, push_id, at, note in noted
    )


async def remember_articles(
    unit: Unit, account_id: int, articles: Iterable[tuple[int, str]]
) -> None:
    """Note the addresses of a mass message's articles, each with its place in it."""
    for index, url in articles:
        found = _DATA_ID.search(url)
        if found:
            await unit.session.merge(
                SentArticle(account_id=account_id, data_id=found[1], index=index, url=url)
            )


async def article_urls(unit: Unit, keys: Collection[ArticleKey]) -> dict[ArticleKey, str]:
    """Where the articles are that the desk has seen sent."""
    key = tuple_(SentArticle.account_id, SentArticle.data_id, SentArticle.index)
    found = await unit.session.scalars(select(SentArticle).where(key.in_(keys)))
    return {(each.account_id, each.data_id, each.index): each.url for each in found}


async def list_entries(
    unit: Unit, account_id: int, *, before: int | None, limit: int
) -> Sequence[LogEntry]:
    """What was told, newest first."""
    query = (
        select(LogEntry)
        .where(LogEntry.account_id == account_id)
        .order_by(LogEntry.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(LogEntry.id < before)
    return (await unit.session.scalars(query)).all()

"""What every table has in common: the declarative base, ids, moments in UTC."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Enum, Integer, MetaData
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import DeclarativeBase, mapped_column

Number = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts rows by itself only in a column of type INTEGER."""

Id = Annotated[int, mapped_column(Number, primary_key=True)]


class _TextInUtc(sqlite.DATETIME):
    """SQLite knows no time zones: the text of a moment in UTC, without saying so."""

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], str | None]:  # noqa: ARG002
        return _text_of

    def result_processor(
        self,
        dialect: Dialect,  # noqa: ARG002
        coltype: object,  # noqa: ARG002
    ) -> Callable[[str | None], datetime | None]:
        return _moment_of


def _text_of(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(" ", "microseconds").removesuffix("+00:00")


def _moment_of(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + "+00:00")


Moment = DateTime(timezone=True).with_variant(_TextInUtc(), "sqlite")  # type: ignore[no-untyped-call]
"""An aware datetime in UTC, on SQLite as well."""


def _values(kind: type[StrEnum]) -> list[str]:
    return [str(member) for member in kind]


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        int: Number,
        datetime: Moment,
        dict[str, Any]: JSON(),
        StrEnum: Enum(StrEnum, native_enum=False, length=16, values_callable=_values),
    }

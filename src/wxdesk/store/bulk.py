"""Many rows of one table in one statement, where the ORM would send one for each.

For the road where rows come by the hundred: intake. Everywhere else the session does it.
"""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, update

from wxdesk.store.base import Base
from wxdesk.store.unit import Unit

Rows = Sequence[Any]
"""Rows of one table that has an ``id`` and a ``version``."""


async def insert_all(unit: Unit, rows: Rows, columns: Sequence[str], *, key: str) -> None:
    """Insert new rows, and give them their ids; they do not join the session.

    Args:
        unit: Of the transaction.
        rows: In the order in which ids are given.
        columns: What is written. The others are null, or have defaults in the database.
        key: The one of them by which a row is found again: databases answer in any order.
    """
    if not rows:
        return
    table = _table_of(rows)
    answer = await unit.session.execute(
        insert(table).returning(table.c[key], table.c.id),
        [{"version": 1} | {name: getattr(row, name) for name in columns} for row in rows],
    )
    ids = {row[0]: row[1] for row in answer}
    for row in rows:
        row.id, row.version = ids[getattr(row, key)], 1


async def update_all(unit: Unit, rows: Rows, columns: Sequence[str]) -> None:
    """Write some columns of rows that this unit has locked, and count their versions.

    They leave the session: what is changed on them afterwards is not written.
    """
    if not rows:
        return
    for row in rows:
        unit.session.expunge(row)
    table = _table_of(rows)
    await unit.session.execute(
        update(table).where(table.c.id == bindparam("row_id")).values(version=table.c.version + 1),
        [{"row_id": row.id} | {name: getattr(row, name) for name in columns} for row in rows],
    )


def _table_of(rows: Rows) -> Table:
    row: Base = rows[0]
    return cast(Table, row.__table__)

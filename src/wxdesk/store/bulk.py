"""Many rows of one table in one statement, where the ORM would send one for each.

For the road where rows come by the hundred: intake. Everywhere else the session does it.

PostgreSQL is given an array for each column, and plans and answers once; SQLite, which is in this
process, runs its statement row by row.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnClause,
    ColumnElement,
    Insert,
    Result,
    Table,
    TableValuedAlias,
    Update,
    bindparam,
    column,
    func,
    insert,
    select,
    update,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.ext.asyncio import AsyncSession

from wxdesk.store.base import Base
from wxdesk.store.unit import Unit

Rows = Sequence[Any]
"""Rows of one table."""


async def insert_all(unit: Unit, kind: type[Base], rows: Rows, *, key: str) -> None:
    """Insert new rows, and give them their ids; they do not join the session.

    Args:
        unit: Of the transaction.
        kind: Whose rows they become.
        rows: Of that kind, or anything that has its facts by the names of the columns; in the order
            in which ids are given, all made alike: what is set on the first is written, the rest is
            null, or has defaults.
        key: The column by which a row is found again: databases answer in any order.
    """
    if not rows:
        return
    table = _table(kind)
    returning = table.c[key], table.c.id
    answer = await insert_values(unit.session, table, _values(table, rows), returning)
    ids = {row[0]: row[1] for row in answer}
    for row in rows:
        row.id, row.version = ids[getattr(row, key)], 1


async def add_all(unit: Unit, rows: Rows) -> None:
    """Insert new rows whose ids nobody asks for, all made alike; they do not join the session."""
    if rows:
        table = _table(type(rows[0]))
        await insert_values(unit.session, table, _values(table, rows))


async def insert_values(
    session: AsyncSession,
    table: Table,
    values: Sequence[Mapping[str, Any]],
    returning: tuple[Column[Any], ...] = (),
) -> Result[*tuple[Any, ...]]:
    """Insert rows that are given by name, all by the same names, and at least one."""
    names = tuple(values[0])
    if _is_postgres(session):
        arrays = {f"given_{name}": [row[name] for row in values] for name in names}
        return await session.execute(_insert_arrays(table, names, returning), arrays)
    query = insert(table).returning(*returning) if returning else insert(table)
    return await session.execute(query, values)


async def update_all(unit: Unit, rows: Rows, columns: Sequence[str], *, key: str = "id") -> None:
    """Write some columns of rows that this unit has locked or made, and count their versions.

    They leave the session: what is changed on them afterwards is not written.
    """
    for row in rows:
        if row in unit.session:
            unit.session.expunge(row)
    if not rows:
        return
    table, names = _table(type(rows[0])), tuple(columns)
    if _is_postgres(unit.session):
        arrays = {f"given_{name}": [_fact(row, name) for row in rows] for name in (key, *names)}
        await unit.session.execute(_update_arrays(table, key, names), arrays)
        return
    await unit.session.execute(
        update(table).where(table.c[key] == bindparam("_key")).values(version=table.c.version + 1),
        [{"_key": _fact(row, key)} | {name: _fact(row, name) for name in names} for row in rows],
    )


@cache
def _insert_arrays(
    table: Table, names: tuple[str, ...], returning: tuple[Column[Any], ...]
) -> Insert:
    query = insert(table).from_select(names, select(*_given(table, names).c))
    return query.returning(*returning) if returning else query


@cache
def _update_arrays(table: Table, key: str, names: tuple[str, ...]) -> Update:
    given = _given(table, (key, *names))
    values: dict[str, Any] = {name: given.c[name] for name in names}
    changed = values | {"version": table.c.version + 1}
    return update(table).where(table.c[key] == given.c[key]).values(changed)


def _given(table: Table, names: Sequence[str]) -> TableValuedAlias:
    """Arrays of values, one for each column, as rows: the parameter of ``id`` is ``given_id``."""
    columns = [column(name, table.c[name].type) for name in names]
    arrays = [_array(each) for each in columns]
    return func.unnest(*arrays).table_valued(*columns).render_derived(name="given")


def _array(of: ColumnClause[Any]) -> ColumnElement[Any]:
    kind: ARRAY[Any] = ARRAY(of.type, dimensions=1)  # a list in JSON is a value, not a dimension
    return sql_cast(bindparam(f"given_{of.name}", type_=kind), kind)


def _values(table: Table, rows: Rows) -> list[dict[str, Any]]:
    names = [each.name for each in table.c if each.name in vars(rows[0])]
    first = {"version": 1} if "version" in table.c else {}
    return [first | {name: _fact(row, name) for name in names} for row in rows]


def _fact(row: Any, name: str) -> Any:
    """What is there is read past the ORM, which takes ten times as long."""
    facts = vars(row)
    return facts[name] if name in facts else getattr(row, name)


def _table(kind: type[Base]) -> Table:
    return cast(Table, kind.__table__)


def _is_postgres(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "postgresql"

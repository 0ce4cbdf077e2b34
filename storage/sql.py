"""Statements: written once, compiled once for each database.

`Sql("UPDATE lane SET fence = fence + 1 WHERE lane = :lane RETURNING fence")`: parameters are named `:so`. A statement that
takes a list says `= ANY(:name)` and names it in `lists`; SQLite reads it by json_each.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from sqlalchemy import Table, text
from sqlalchemy.dialects import postgresql, sqlite

Params: TypeAlias = Mapping[str, Any]
Values: TypeAlias = tuple[Any, ...]
"""Parameters by place, in the order of `Sql.names`."""
Found: TypeAlias = dict[str, Any]
"""A row as read."""

SQLITE, POSTGRES = "sqlite", "postgresql"
_LOCKS = re.compile(r"\s+FOR (UPDATE|SHARE|NO KEY UPDATE)\b( SKIP LOCKED)?")
_ANY = re.compile(r"= ANY\(:(\w+)\)")


class Sql:
    """One statement. lists: names of the parameters that are lists; parts: pieces of SQL put in for `{name}`.

    FOR UPDATE and FOR SHARE are left out on SQLite, where there is one writer anyway. sqlite_many, postgres_many, names: for a row
    per run, whose values are taken by place: binding them by name takes a quarter longer.
    """

    __slots__ = ("lists", "names", "postgres", "postgres_many", "sqlite", "sqlite_many")

    def __init__(self, statement: str, **parts: str) -> None:
        statement = statement.format(**parts) if parts else statement
        self.lists = tuple(_ANY.findall(statement))
        lite = _ANY.sub(r"IN (SELECT value FROM json_each(:\1))", _LOCKS.sub("", statement))
        self.sqlite = str(text(lite).compile(dialect=sqlite.dialect(paramstyle="named")))
        placed = text(lite).compile(dialect=sqlite.dialect(paramstyle="qmark"))
        self.sqlite_many, self.names = str(placed), tuple(getattr(placed, "positiontup", None) or ())
        self.postgres = str(text(statement).compile(dialect=postgresql.dialect(paramstyle="pyformat")))  # type: ignore[no-untyped-call]
        self.postgres_many = str(text(statement).compile(dialect=postgresql.dialect(paramstyle="format")))  # type: ignore[no-untyped-call]


def insert(table: Table, ignore: bool = False) -> Sql:
    """Insert whole rows; ignore: leave a row alone that is there already."""
    return Sql(_insert(table) + (" ON CONFLICT DO NOTHING" if ignore else ""))


def upsert(table: Table, changes: Iterable[str] = (), where: str = "", **formulas: str) -> Sql:
    """Insert whole rows, or change those that are there (and only `where` that holds): all columns (or `changes`) to the new value,
    `formulas` as given."""
    keys = [column.name for column in table.primary_key]
    plain = list(changes) or [c.name for c in table.c if c.name not in keys and c.name not in formulas]
    sets = [f"{name} = excluded.{name}" for name in plain] + [f"{name} = {how}" for name, how in formulas.items()]
    return Sql(
        f"{_insert(table)} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {', '.join(sets)}{where and f' WHERE {where}'}"
    )


def _insert(table: Table) -> str:
    names = [column.name for column in table.c]
    values = ", ".join(f":{name}" for name in names)
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({values})"  # noqa: S608 (names of our own tables)

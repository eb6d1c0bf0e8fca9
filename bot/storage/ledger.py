"""How records lie in the file: every change is appended to one table, and the newest word on a row holds.

======  =====  ============================================
body    id     says of the table ``name``
======  =====  ============================================
text    n      row n is this JSON
NULL    n      row n is gone, or the number was only given out
NULL    NULL   the table is gone, with all that was before
======  =====  ============================================

A message changes rows of several tables of several groups. Each in its own place would be a page of the log each;
appended they are the end of one, whoever wrote, and a small machine's disk wears out a good deal later. In memory
everything is in its place anyway. What is superseded goes at night, and from every copy (``tidy``).
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from bot.storage.rows import Change, Rows

FORMAT = 2
"""Version of the layout (``PRAGMA user_version``); the records have versions of their own."""

_TABLE = (
    "CREATE TABLE IF NOT EXISTS changes (number INTEGER PRIMARY KEY, name TEXT NOT NULL, id INTEGER, body TEXT)",
    f"PRAGMA user_version={FORMAT}",
)
_FROM_FORMAT_1 = (
    "INSERT INTO changes (name, id, body) SELECT name, id, body FROM documents ORDER BY name, id",
    "INSERT INTO changes (name, id) SELECT name, last_id FROM tables AS one"
    " WHERE last_id > (SELECT coalesce(max(id), -1) FROM documents WHERE name = one.name)",
    "DROP TABLE documents",
    "DROP TABLE tables",
)
_SUPERSEDED = (
    "DELETE FROM changes WHERE number NOT IN (SELECT max(number) FROM changes GROUP BY name, id)",
    # Of the rows that are gone, the last one of a table still tells that its number was given out.
    "DELETE FROM changes WHERE body IS NULL AND number NOT IN"
    " (SELECT number FROM (SELECT number, max(id) FROM changes GROUP BY name))",
)
_AT_ONCE = 200
"""Rows a statement writes at most; SQLite allows 32,766 values."""


def prepare(connection: sqlite3.Connection) -> None:
    """Make the table, or bring the file of an older program to this layout: whole or not at all."""
    statements = (*_TABLE, *_FROM_FORMAT_1) if _has(connection, "documents") else _TABLE
    with _whole(connection):
        for statement in statements:
            connection.execute(statement)


def read(connection: sqlite3.Connection) -> dict[str, Rows]:
    """All tables as the file tells them.

    Raises:
        sqlite3.Error: it is damaged.
    """
    tables: dict[str, Rows] = {}
    for name, number, body in connection.execute("SELECT name, id, CAST(body AS BLOB) FROM changes ORDER BY number"):
        if number is None:
            tables.pop(name, None)
            continue
        rows = tables.get(name)
        if rows is None:
            rows = tables[name] = Rows(kept=True)
        if body is None:
            rows.documents.pop(number, None)
        else:
            rows.documents[number] = body
        if number > rows.last_id:
            rows.last_id = number
    for rows in tables.values():
        rows.told_id = rows.last_id
    return tables


def append(connection: sqlite3.Connection, batch: Iterable[Mapping[str, Change]]) -> None:
    """Write changes in one SQLite transaction, synced when this returns.

    After an error the connection is of no more use: closing it rolls back. Few and large statements, because each, and
    every row of ``executemany``, gives the interpreter lock away and waits up to five milliseconds to get it back from
    a busy event loop.
    """
    values: list[str | int | bytes | None] = []
    for changes in batch:
        for name, change in changes.items():
            if change.clear or not change.kept:
                values += (name, None, None)
            if not change.kept:
                continue
            for number, raw in change.documents.items():
                values += (name, number, raw)
            if change.tells:
                values += (name, change.last_id, None)
    connection.execute("BEGIN IMMEDIATE")
    for start in range(0, len(values), 3 * _AT_ONCE):
        some = values[start : start + 3 * _AT_ONCE]
        rows = ",".join(["(?,?,CAST(? AS TEXT))"] * (len(some) // 3))  # bytes of UTF-8 are a text to be
        connection.execute(f"INSERT INTO changes (name, id, body) VALUES {rows}", some)  # noqa: S608 - no value in it
    connection.execute("COMMIT")


def tidy(connection: sqlite3.Connection) -> None:
    """Take out what is superseded: older words on a row, and rows and tables that are gone. Others may have the file
    open. A file of an older layout, or of none, is left as it is."""
    if not _has(connection, "changes"):
        return
    connection.execute("PRAGMA secure_delete=ON")  # what somebody took back is not to be found between the pages
    gone = connection.execute("SELECT max(number), name FROM changes WHERE id IS NULL GROUP BY name").fetchall()
    with _whole(connection):
        connection.executemany("DELETE FROM changes WHERE number <= ? AND name = ?", gone)
        for statement in _SUPERSEDED:
            connection.execute(statement)


def _has(connection: sqlite3.Connection, table: str) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None


@contextmanager
def _whole(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing; ``connection`` says BEGIN and COMMIT itself (``isolation_level=None``)."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")

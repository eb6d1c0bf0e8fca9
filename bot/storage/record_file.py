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
_SUPERSEDED = """
    WITH dropped (name, upto) AS (SELECT name, max(number) FROM changes WHERE id IS NULL GROUP BY name),
    newest (number, name, id, gone) AS (
        SELECT max(number), name, id, body IS NULL FROM changes LEFT JOIN dropped USING (name)
        WHERE number > coalesce(upto, 0) GROUP BY name, id),
    last (number, id) AS (SELECT number, max(id) FROM newest GROUP BY name)
    SELECT number FROM changes
    WHERE number NOT IN (SELECT number FROM newest WHERE NOT gone UNION SELECT number FROM last) ORDER BY number
"""
"""What no longer matters: older words on a row, rows and tables that are gone. The last row of a table stays though it
be gone: it tells that its number was given out. (Beside ``max`` SQLite takes the other columns from the same row.)"""

_AT_ONCE = 200
"""Rows a statement writes at most; SQLite allows 32,766 values."""

_SLICE = 2_000
"""Rows taken out in one go."""


def prepare(connection: sqlite3.Connection) -> None:
    """Make the table, or bring the file of an older program to this layout: whole or not at all."""
    older = _has(connection, "documents")
    connection.execute("PRAGMA secure_delete=ON")  # of the old layout nothing is to be found either
    with _whole(connection):
        for statement in (*_TABLE, *_FROM_FORMAT_1) if older else _TABLE:
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


def tidy(connection: sqlite3.Connection) -> bool:
    """Take out what is superseded; whether anything was. Others may have the file open, and wait for a slice at most.

    What is superseded once will always be, so it can be looked for while others write, and go slice by slice. It goes
    in the order in which it was written: whatever remains, the same is read. A file of another layout is left alone.
    """
    if not _has(connection, "changes"):
        return False
    connection.execute("PRAGMA secure_delete=ON")  # what somebody took back is not to be found between the pages
    numbers = [number for (number,) in connection.execute(_SUPERSEDED)]
    for start in range(0, len(numbers), _SLICE):
        some = numbers[start : start + _SLICE]
        with _whole(connection):
            marks = ",".join("?" * len(some))
            connection.execute(f"DELETE FROM changes WHERE number IN ({marks})", some)  # noqa: S608 - no value in it
    return bool(numbers)


def _has(connection: sqlite3.Connection, table: str) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None


@contextmanager
def _whole(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing; ``connection`` says BEGIN and COMMIT itself (``isolation_level=None``)."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # after some errors SQLite has rolled back already
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")

"""A TinyDB storage that changes single rows.

TinyDB hands a storage its whole database at every write. This one keeps the documents as JSON bytes (a third of the
memory of dicts, and nobody can edit them by accident) and takes ``Change``s, so a write costs what it writes.
"""

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from tinydb.storages import Storage

Document = dict[str, Any]


def encode(document: Mapping[str, Any]) -> bytes:
    """A document as UTF-8 JSON. Raises TypeError or ValueError for what JSON cannot hold."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(slots=True)
class Rows:
    """One table in memory.

    ``documents`` are JSON bytes by id; ``last_id`` is the highest id ever given out, ``told_id`` the highest that the
    disk knows of; ``kept`` says that the table exists for TinyDB (a table that was only asked for does not).
    """

    documents: dict[int, bytes] = field(default_factory=dict)
    last_id: int = 0
    kept: bool = False
    told_id: int = -1

    def take_id(self) -> int:
        """The next id; it is not given out again."""
        self.last_id += 1
        return self.last_id

    def give_back_id(self, number: int) -> None:
        """Return an id nothing was stored under; a younger one in use keeps it out of circulation."""
        if self.last_id == number:
            self.last_id -= 1


@dataclass(slots=True)
class Change:
    """What is written to one table: new bytes by id, None for a removed row.

    With ``clear`` all rows and the id counter are dropped first; with ``kept`` False the table itself is dropped.
    ``tells``: the disk has to be told ``last_id``, because no row of the change does; it is set when that is applied.
    """

    documents: Mapping[int, bytes | None] = field(default_factory=dict)
    clear: bool = False
    kept: bool = True
    last_id: int = 0
    tells: bool = True


class RowsView(Mapping[str, Document]):
    """Rows as TinyDB wants to read them: string ids, a fresh document at every look, decoded when asked for."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def __getitem__(self, key: str) -> Document:
        """The document, decoded now."""
        document: Document = json.loads(self.rows.documents[_number(key)])
        return document

    def __iter__(self) -> Iterator[str]:
        """The ids."""
        return map(str, list(self.rows.documents))

    def __len__(self) -> int:
        """How many there are."""
        return len(self.rows.documents)


def _number(key: str) -> int:
    """TinyDB asks with ``str(doc_id)`` whatever it was given ("nan" too): what is no number is no id."""
    if not key.isdecimal():
        raise KeyError(key)
    return int(key)


class RowStorage(Storage):
    """Rows in memory. ``SqliteStorage`` adds the disk."""

    def __init__(self) -> None:
        self._tables: dict[str, Rows] = {}

    def rows(self, table: str) -> Rows:
        """The live rows of a table, the same as long as the storage lives, empty for a new one.

        Change them through ``change`` alone.
        """
        rows = self._tables.get(table)
        if rows is None:
            rows = self._tables[table] = Rows()
        return rows

    def names(self) -> list[str]:
        """Names of the tables that exist."""
        return [name for name, rows in self._tables.items() if rows.kept]

    def take_id(self, table: str) -> int:
        """The next id of a table; it is not given out again."""
        return self.rows(table).take_id()

    def change(self, changes: Mapping[str, Change]) -> "Future[None]":
        """Apply changes to several tables at once, in memory before returning.

        Returns:
            A future that is done when they are durable; it cannot be cancelled.

        Raises:
            ReadOnly: nothing can be written any more; nothing was changed.
        """
        touched = [(change, self.rows(name)) for name, change in changes.items()]
        for change, rows in touched:
            highest = max(change.documents, default=-1)
            known = 0 if change.clear else rows.last_id
            change.last_id = max(known, change.last_id, highest)
            told = -1 if change.clear or not rows.kept else rows.told_id
            change.tells = change.last_id > max(told, highest)
        durable = self._persist(changes)
        for change, rows in touched:
            _apply(change, rows)
        return durable

    def _persist(self, changes: Mapping[str, Change]) -> "Future[None]":  # noqa: ARG002 - for subclasses
        durable: Future[None] = Future()
        durable.set_result(None)
        return durable

    def read(self) -> dict[str, Any] | None:
        """All tables, decoded as they are looked at; None when there is none."""
        return {name: RowsView(self.rows(name)) for name in self.names()} or None

    def write(self, data: Mapping[str, Any]) -> None:
        """Make the tables be ``data``; what ``read`` gave out is left as it is. Returns when it is durable."""
        changes = {name: Change(clear=True, kept=False) for name in self.names() if name not in data}
        for name, documents in data.items():
            if not (isinstance(documents, RowsView) and documents.rows is self.rows(name)):
                rows = {int(number): encode(document) for number, document in documents.items()}
                changes[name] = Change(rows, clear=True)
        if changes:
            self.change(changes).result()


def _apply(change: Change, rows: Rows) -> None:
    if change.clear:
        rows.documents.clear()
    for number, raw in change.documents.items():
        if raw is None:
            rows.documents.pop(number, None)
        else:
            rows.documents[number] = raw
    rows.last_id = change.last_id
    rows.told_id = change.last_id if change.kept else -1
    rows.kept = change.kept

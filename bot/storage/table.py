"""A TinyDB table whose writes by id take the same time at any size.

TinyDB's own ``Table`` copies the table twice for every write and lets results, cache and store share their documents.
Here an update works on a draft of the rows it touches. A failing updater therefore leaves nothing behind, and what a
reader gets is nobody else's.
"""

import json
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

from tinydb import TinyDB
from tinydb.table import Table

from bot.storage.rows import Change, Document, Rows, RowStorage, RowsView, encode


class _Draft(MutableMapping[int, Any]):
    """Rows as TinyDB's updaters want to change them; the rows below stay as they are.

    A document looked at may be edited in place, so it is kept and compared afterwards.
    """

    def __init__(self, rows: Rows) -> None:
        self._below = rows.documents
        self._touched: dict[int, Document | None] = {}

    def __getitem__(self, key: int) -> Document:
        if key not in self._touched:
            self._touched[key] = json.loads(self._below[key])
        document = self._touched[key]
        if document is None:
            raise KeyError(key)
        return document

    def __contains__(self, key: object) -> bool:
        if key in self._touched:
            return self._touched[key] is not None
        return key in self._below

    def __setitem__(self, key: int, document: Document) -> None:
        self._touched[key] = document

    def __delitem__(self, key: int) -> None:
        if key not in self:
            raise KeyError(key)
        self._touched[key] = None

    def __iter__(self) -> Iterator[int]:
        yield from (key for key in list(self._below) if key in self)
        yield from (
            key for key, document in list(self._touched.items()) if document is not None and key not in self._below
        )

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def changes(self) -> dict[int, bytes | None]:
        """What differs from the rows below, encoded. Raises TypeError for what JSON cannot hold."""
        after = {key: None if document is None else encode(document) for key, document in self._touched.items()}
        return {key: raw for key, raw in after.items() if raw != self._below.get(key)}


class RowTable(Table):
    """A table on a ``RowStorage``; TinyDB's interface, every write durable on return.

    Raises:
        TypeError: the storage is another one.
    """

    def __init__(self, storage: RowStorage, name: str, **options: Any) -> None:
        if not isinstance(storage, RowStorage):
            raise TypeError(f"RowTable needs a RowStorage, not {type(storage).__name__}")
        self._rows_of: Callable[[], Rows] = lambda: storage.rows(name)
        self.row_storage = storage
        super().__init__(storage, name, **options)

    @property
    def rows(self) -> Rows:
        """The live rows, to be read only."""
        return self._rows_of()

    def truncate(self) -> None:
        """Remove all documents and count ids from 1 again."""
        self._change(Change(clear=True))

    def _get_next_id(self) -> int:
        return self.row_storage.take_id(self.name)

    def _read_table(self) -> Mapping[str, Document]:  # type: ignore[override]  # read only on purpose
        return RowsView(self.rows)

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        draft = _Draft(self.rows)
        updater(draft)
        self._change(Change(draft.changes()))

    def _change(self, change: Change) -> None:
        self.row_storage.change({self.name: change}).result()
        self.clear_cache()


class RowDatabase(TinyDB):
    """TinyDB made of ``RowTable``s."""

    table_class: type[Table] = RowTable

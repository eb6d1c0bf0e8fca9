"""An opened data folder."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from bot.errors import StoreError
from bot.storage.files import sync_folder
from bot.storage.lock import FolderLock
from bot.storage.shelf import Shelf
from bot.storage.sqlite import SqliteStorage
from bot.storage.store import Record
from bot.storage.table import RowDatabase, RowTable

R = TypeVar("R", bound=Record)

DATABASE = "records.sqlite3"
"""Name of the database in the data folder."""


class Folder:
    """Its lock, its TinyDB and a shelf for each table in use. Making and closing one blocks.

    Args:
        path: the folder; made (mode 0700) when absent.
        since: the present moment, for those who find the folder locked.
        kinds: records whose indexes are built at once.

    Raises:
        Locked: another process holds the folder.
        StoreError: the folder cannot be written, or the data is damaged or from a newer program.
    """

    def __init__(self, path: Path, since: datetime, kinds: Iterable[type[Record]]) -> None:
        self._lock = FolderLock(path)
        try:
            _make(path, 0o700)
            self._lock.acquire(since)
        except OSError as error:
            raise StoreError(f"数据目录《{path}》不能用\uff08{error}\uff09\uff1b请换一个可以写入的目录。") from error
        try:
            self._database = RowDatabase(path / DATABASE, storage=SqliteStorage)
            self.storage = cast("SqliteStorage", self._database.storage)
        except BaseException:
            self._lock.release()
            raise
        self._shelves: dict[str, dict[type[Record], Shelf[Any]]] = {}
        self._owners: dict[str, type[Record]] = {}
        self._prepare({kind.TABLE: kind for kind in kinds})

    def shelf(self, space: str, kind: type[R]) -> Shelf[R]:
        """The shelf of a table; its indexes are built at the first call.

        Raises:
            TypeError: the kind has no usable name for its table, or the table is another kind's.
        """
        return self.known(space).get(kind) or self._new_shelf(space, kind)

    def known(self, space: str) -> Mapping[type[Record], Shelf[Any]]:
        """The shelves of a space that are in use so far; grows with ``shelf``."""
        return self._shelves.get(space) or self._shelves.setdefault(space, {})

    def _new_shelf(self, space: str, kind: type[R]) -> Shelf[R]:
        if not kind.TABLE or "/" in kind.TABLE or kind.TABLE.startswith("#"):
            raise TypeError(f"{kind.__name__}.TABLE must be a name without '/' and '#'")
        name = f"{space}/{kind.TABLE}"
        owner = self._owners.setdefault(name, kind)
        if owner is not kind:
            raise TypeError(f"table {kind.TABLE!r} belongs to {owner.__qualname__}, not to {kind.__qualname__}")
        # No query cache: it would hand the same documents to everybody who asks the same question.
        table = cast("RowTable", self._database.table(name, cache_size=0))
        shelf = self._shelves[space][kind] = Shelf(kind, table)
        return shelf

    def spaces(self) -> list[str]:
        """Spaces with at least one record, ascending."""
        full = (name for name in self.storage.names() if self.storage.rows(name).documents)
        return sorted({name.rpartition("/")[0] for name in full})

    def close(self) -> None:
        """Finish what is queued, close the file, release the lock. Blocks."""
        try:
            self._database.close()
        finally:
            self._lock.release()

    def _prepare(self, kinds: Mapping[str, type[Record]]) -> None:
        try:
            for name in self.storage.names():
                space, _, table = name.rpartition("/")
                if table in kinds:
                    self.shelf(space, kinds[table])
        except BaseException:
            self.close()
            raise


def _make(path: Path, mode: int) -> None:
    """Make a folder whose name, and those of the folders made for it, outlast a power cut."""
    if path.is_dir():
        return
    _make(path.parent, 0o777)
    path.mkdir(mode=mode, exist_ok=True)
    sync_folder(path.parent)

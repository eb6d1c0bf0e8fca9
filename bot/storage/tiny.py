"""The backend that needs nothing installed: TinyDB tables in memory, made durable by SQLite.

::

    TinyStore ── transaction ── Overlay     what this transaction changed (one per table)
        │                          │ swapped in at commit
        │                        Shelf       committed records: RowTable + indexes
        │                          │
        └────── SqliteStorage ── RowTable    TinyDB's table and storage; a thread writes the changes
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self
from weakref import WeakValueDictionary

from bot.clock import Clock, SystemClock
from bot.errors import StoreError
from bot.storage.backup import copy_database
from bot.storage.folder import DATABASE, Folder
from bot.storage.sqlite import read_only
from bot.storage.store import Record
from bot.storage.transaction import TinyTransaction


class TinyStore:
    """A ``Store`` in a folder of its own, for one process.

    Args:
        path: the data folder; made (mode 0700) when absent.
        clock: tells since when the folder is held.
        kinds: records whose indexes are built while opening, off the event loop; the others' are at first use.
    """

    def __init__(self, path: Path, clock: Clock | None = None, kinds: Iterable[type[Record]] = ()) -> None:
        self._path = path
        self._clock = clock or SystemClock()
        self._kinds = tuple(kinds)
        self._folder: Folder | None = None
        self._failure: Exception | None = None
        self._gates: WeakValueDictionary[str, _Gate] = WeakValueDictionary()
        self._opening = asyncio.Lock()

    @property
    def healthy(self) -> bool:
        """False while the store is read-only or closed."""
        return self._folder is not None and self._folder.storage.failure is None

    @property
    def trouble(self) -> str:
        """Why it is not healthy, a Chinese sentence; empty while it is."""
        return "" if self.healthy else str(read_only(self._why()))

    async def open(self) -> Self:
        """Read the folder; after a failed batch, read it again from the disk. An open store stays as it is.

        Raises:
            Locked: another process holds the folder.
            StoreError: the folder cannot be written, or the data is damaged or from a newer program.
        """
        async with self._opening:
            if not self.healthy:
                self._failure = self._why()
                await self._let_go()
                await self._take()
        return self

    async def close(self) -> None:
        """Finish what is queued and let go of the folder. Open transactions fail with ``ReadOnly``."""
        async with self._opening:
            self._failure = None
            await self._let_go()

    @asynccontextmanager
    async def transaction(self, space: str) -> AsyncIterator["TinyTransaction"]:
        """Open a transaction; see ``Store.transaction``.

        One that wrote nothing ends when everything it may have read is durable, so that nobody is told of a write
        that a power cut could still undo. If the caller is cancelled while waiting for the disk, the write stands.

        Raises:
            RuntimeError: this task holds the space already; it would wait for itself for ever.
        """
        self._ready()
        gate = self._gates.setdefault(space, _Gate())
        async with gate:
            transaction = TinyTransaction(self._ready(), space)
            try:
                yield transaction
                durable = transaction.commit()
            finally:
                transaction.end()
        await asyncio.shield(asyncio.wrap_future(durable))

    async def spaces(self, prefix: str = "") -> AsyncIterator[str]:
        """Names of the spaces that hold anything, ascending."""
        for space in self._ready().spaces():
            if space.startswith(prefix):
                yield space

    async def backup(self, target: str) -> None:
        """Write a consistent copy, one SQLite file, to ``target``; what was acknowledged before is in it.

        Raises:
            StoreError: it could not be written; an older file of that name is untouched.
        """
        await asyncio.to_thread(copy_database, self._path / DATABASE, Path(target))

    def _ready(self) -> "Folder":
        if self._folder is None or self._folder.storage.failure is not None:
            raise read_only(self._why())
        return self._folder

    def _why(self) -> Exception | None:
        """What went wrong: the batch that failed, or the last opening; None = closed on purpose."""
        return self._folder.storage.failure if self._folder else self._failure

    async def _take(self) -> None:
        try:
            self._folder = await asyncio.to_thread(Folder, self._path, self._clock.now(), self._kinds)
        except StoreError as error:
            self._failure = error
            raise
        self._failure = None

    async def _let_go(self) -> None:
        folder, self._folder = self._folder, None
        if folder is not None:
            await asyncio.to_thread(folder.close)


class _Gate:
    """The lock of a space: first asked, first served."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._holder: asyncio.Task[Any] | None = None

    async def __aenter__(self) -> None:
        if self._holder is asyncio.current_task():
            raise RuntimeError("a transaction of this space is open in this task already")
        await self._lock.acquire()
        self._holder = asyncio.current_task()

    async def __aexit__(self, *error: object) -> None:
        self._holder = None
        self._lock.release()

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
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Self

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
        self._gates: dict[str, _Gate] = {}  # of the spaces somebody holds or waits for
        self._opening = asyncio.Lock()
        self._waiting: _Waiting | None = None

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

    def transaction(self, space: str) -> "_Opening":
        """Open a transaction; see ``Store.transaction``.

        One that wrote nothing ends when everything it may have read is durable, so that nobody is told of a write
        that a power cut could still undo. If the caller is cancelled while waiting for the disk, the write stands.

        Raises:
            RuntimeError: this task holds the space already; it would wait for itself for ever.
        """
        return _Opening(self, space)

    def glance(self, space: str) -> "_Glance":
        """See ``Store.glance``."""
        return _Glance(self, space)

    async def enter(self, space: str) -> None:
        """Wait for one's turn in a space.

        Raises:
            ReadOnly: nothing can be read or written.
            RuntimeError: this task holds the space already.
        """
        self.folder()
        gate = self._gates.get(space)
        if gate is None:
            gate = self._gates[space] = _Gate()
        try:
            await gate.acquire()
        except BaseException:
            self._forget_gate(space, gate)
            raise

    def leave(self, space: str) -> None:
        """Let the next one in."""
        gate = self._gates[space]
        gate.release()
        self._forget_gate(space, gate)

    def _forget_gate(self, space: str, gate: "_Gate") -> None:
        """There is a space for every message that took too long: gates are not kept for nobody."""
        if gate.idle and self._gates.get(space) is gate:
            del self._gates[space]

    async def settled(self, durable: "Future[None]") -> None:
        """Wait until it is durable; all who wait for one batch share one wake-up of the event loop."""
        if not durable.done():
            if self._waiting is None or self._waiting.durable is not durable:
                self._waiting = _Waiting(durable)
            await self._waiting.wait()
        durable.result()

    async def spaces(self, prefix: str = "") -> AsyncIterator[str]:
        """Names of the spaces that hold anything, ascending."""
        for space in self.folder().spaces():
            if space.startswith(prefix):
                yield space

    async def backup(self, target: str) -> None:
        """Write a consistent copy, one SQLite file, to ``target``; what was acknowledged before is in it.

        Raises:
            StoreError: it could not be written; an older file of that name is untouched.
        """
        await asyncio.to_thread(copy_database, self._path / DATABASE, Path(target))

    def folder(self) -> "Folder":
        """The open folder.

        Raises:
            ReadOnly: it is closed, or a batch has failed.
        """
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


class _Opening:
    """``async with``: holds the lock of a space while a transaction is open, commits it at the end of the block."""

    def __init__(self, store: TinyStore, space: str) -> None:
        self._store = store
        self._space = space

    async def __aenter__(self) -> TinyTransaction:
        await self._store.enter(self._space)
        try:
            self._transaction = TinyTransaction(self._store.folder(), self._space)
        except BaseException:
            self._store.leave(self._space)
            raise
        return self._transaction

    async def __aexit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        try:
            durable = self._transaction.commit() if kind is None else None
        finally:
            self._transaction.end()
            self._store.leave(self._space)
        if durable is not None:
            await self._store.settled(durable)


class _Glance:
    """``async with``: a transaction that holds no lock. All is committed that it sees, for nobody runs meanwhile
    unless it awaits something itself; what it changes is compared at the end."""

    def __init__(self, store: TinyStore, space: str) -> None:
        self._store = store
        self._space = space

    async def __aenter__(self) -> TinyTransaction:
        self._transaction = TinyTransaction(self._store.folder(), self._space)
        return self._transaction

    async def __aexit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        transaction = self._transaction
        try:
            durable = transaction.commit() if kind is None and transaction.wrote else None
        finally:
            transaction.end()
        if durable is not None:
            await self._store.settled(durable)


class _Waiting:
    """Those who wait for one batch: one wake-up of the event loop goes on with all, and who gives up harms nobody."""

    def __init__(self, durable: "Future[None]") -> None:
        self.durable = durable
        self._loop = asyncio.get_running_loop()
        self._all: list[asyncio.Future[None]] = []
        asyncio.wrap_future(durable).add_done_callback(self._wake)

    async def wait(self) -> None:
        """Until the batch is durable or has failed."""
        mine = self._loop.create_future()
        self._all.append(mine)
        await mine

    def _wake(self, over: "asyncio.Future[None]") -> None:
        over.exception()  # whoever waits reads it from ``durable``
        for mine in self._all:
            if not mine.done():
                mine.set_result(None)


class _Gate:
    """The lock of a space: first asked, first served."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._holder: asyncio.Task[Any] | None = None
        self._waiting = 0

    @property
    def idle(self) -> bool:
        """Nobody holds it or waits for it."""
        return not self._waiting and self._holder is None

    async def acquire(self) -> None:
        """Wait for one's turn.

        Raises:
            RuntimeError: this task holds the space already.
        """
        task = asyncio.current_task()
        if self._holder is task:
            raise RuntimeError("a transaction of this space is open in this task already")
        self._waiting += 1
        try:
            await self._lock.acquire()
            self._holder = task
        finally:
            self._waiting -= 1

    def release(self) -> None:
        """Let the next one in."""
        self._holder = None
        self._lock.release()

"""Rows made durable by SQLite.

A thread of its own writes. Everything queued while the last fsync ran goes into one SQLite transaction (group commit),
so many writers share the price of the disk. WAL with ``synchronous=FULL`` syncs the log at every commit: what was
acknowledged survives ``kill -9`` and power loss (https://www.sqlite.org/pragma.html#pragma_synchronous).
"""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import ReadOnly, StoreError
from bot.storage import record_file
from bot.storage.rows import Change, Rows, RowStorage

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA fullfsync=ON",  # macOS: fsync alone stops at the drive's cache
    "PRAGMA journal_size_limit=16777216",  # bytes the log keeps after a burst
)
_EMPTY_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"
"""After a failed fsync the system takes the pages of the log for written, though the disk never got them. What is
committed behind them would go with them; so the log is emptied into the file, whose own fsync counts."""

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
"""SQLite's codes for a file that is no good. With any other it is as it was, and room or a right is missing."""

_WINDOW = 0.001
"""Seconds that a batch waits for more when the last one had several writers: a sync of the disk and the way from one
thread to the other and back cost more than that together (PostgreSQL calls it commit_delay)."""


@dataclass
class _Batch:
    """What goes into the next SQLite transaction, and who waits for it."""

    changes: list[Mapping[str, Change]] = field(default_factory=list)
    durable: "Future[None]" = field(default_factory=Future)

    def __post_init__(self) -> None:
        self.durable.set_running_or_notify_cancel()  # a waiter that gives up must not cancel it for the others


class SqliteStorage(RowStorage):
    """A TinyDB storage on a SQLite file.

    Args:
        path: the file; made when absent.

    Raises:
        StoreError: the file is damaged, of a newer format, or no database.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._connection = _connect(path)
        self._tables = _load(self._connection, path)
        self._wake = threading.Condition()
        self._batch = _Batch()
        self._last: Future[None] = Future()
        self._last.set_result(None)
        self._stopping = False
        self._busy = False  # several wrote into the last batch
        self.failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, name=f"writer of {path.name}", daemon=True)
        self._thread.start()

    def barrier(self) -> "Future[None]":
        """A future that is done when everything queued so far is durable."""
        with self._wake:
            return self._last

    def close(self) -> None:
        """Write what is queued and close the file. Blocks; may be called twice."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        self._thread.join()
        self._connection.close()

    def _persist(self, changes: Mapping[str, Change]) -> "Future[None]":
        with self._wake:
            if self.failure is not None or self._stopping:
                raise read_only(self.failure)
            self._batch.changes.append(changes)
            self._last = self._batch.durable
            self._wake.notify()
            return self._last

    def _run(self) -> None:
        while (batch := self._next_batch()) is not None:
            try:
                if self.failure is None:
                    record_file.append(self._connection, batch.changes)
            except Exception as error:  # noqa: BLE001 - whatever it was, those who wait must be told
                with self._wake:
                    self.failure = error
            if self.failure is None:
                batch.durable.set_result(None)
            else:
                batch.durable.set_exception(read_only(self.failure))

    def _next_batch(self) -> _Batch | None:
        """Everything queued since the last call; waits for something; None when closed and nothing is left."""
        with self._wake:
            self._wake.wait_for(lambda: self._batch.changes or self._stopping)
        if self._busy:
            time.sleep(_WINDOW)
        with self._wake:
            batch, self._batch = self._batch, _Batch()
        self._busy = len(batch.changes) > 1
        return batch if batch.changes else None


def read_only(failure: Exception | None) -> ReadOnly:
    """The error for those who want to write after ``failure`` (None: the store is closed)."""
    if failure is None:
        return ReadOnly("数据已经关闭\uff0c不能再读写。")
    if isinstance(failure, StoreError):  # it could not be opened again, and says why
        return ReadOnly(str(failure))
    return ReadOnly(f"数据写不进磁盘\uff08{failure}\uff09\uff0c已停止写入\uff1b请检查磁盘空间\uff0c然后重新打开。")


def _connect(path: Path) -> sqlite3.Connection:
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # readable by its owner alone, also outside the folder
    # Autocommit: the writer says BEGIN and COMMIT itself. Opened here, used by the writer thread.
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    try:
        with _explained(path):
            _refuse_newer(connection, path)
            for statement in _PRAGMAS:
                connection.execute(statement)
            record_file.prepare(connection)
            connection.execute(_EMPTY_LOG)
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse_newer(connection: sqlite3.Connection, path: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > record_file.FORMAT:
        raise StoreError(f"数据文件《{path}》由更新的版本写成\uff0c请用新版本打开。")


def _load(connection: sqlite3.Connection, path: Path) -> dict[str, Rows]:
    try:
        with _explained(path):
            return record_file.read(connection)
    except BaseException:
        connection.close()
        raise


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)  # None: what was read is no text
        if code is None or code & 0xFF in _DAMAGED:
            raise StoreError(f"数据文件《{path}》打不开或已损坏\uff08{error}\uff09\uff1b请用备份恢复。") from error
        advice = "数据没有改动\uff0c请检查磁盘空间和目录的权限。"
        raise StoreError(f"数据文件《{path}》现在打不开\uff08{error}\uff09\uff1b{advice}") from error

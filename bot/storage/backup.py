"""Copies of a database that is in use, and a copy put back in its place.

A copy can take the files of the data folder with it, as rows of a table of its own: it stays one file. Files are called
by their digest and are there before a record points to them, so those read after the records are all that these need.
"""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path, PurePosixPath

from bot.errors import StoreError
from bot.storage import record_file
from bot.storage.blobs import Blobs
from bot.storage.files import beside, copy_file, replace_file

FILES = "kept_files"
"""The table of a copy that holds the files: their path relative to the data folder, and their bytes."""


def copy_database(source: Path, target: Path, *, files: bool = False) -> None:
    """Copy a database consistently while others write to it. Blocks. The copy is one file, readable by its owner only.

    It is written beside ``target`` under another name first, so ``target`` is always a whole copy or what it was. What
    was superseded in the original is not in it.

    Args:
        files: take the files beside the database with it.

    Raises:
        StoreError: there is nothing to copy, or the copy could not be written.
    """
    if not source.is_file():
        raise StoreError(f"没有找到数据文件《{source}》\uff0c无法备份。")
    partial = beside(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        with closing(sqlite3.connect(source)) as reader, closing(sqlite3.connect(partial)) as writer:
            reader.backup(writer)  # all pages in one step: a snapshot, and WAL writers are not kept waiting
            writer.execute("PRAGMA journal_mode=DELETE")
            _tidy(partial)
            if files:
                _take_files(writer, source.parent)
        replace_file(partial, target)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"备份没有写成《{target}》\uff1a{error}。原有文件没有改动。") from error
    finally:
        partial.unlink(missing_ok=True)
        partial.with_name(f"{partial.name}-journal").unlink(missing_ok=True)


def tidy_database(path: Path) -> None:
    """Take out of a database what is superseded, also while others write to it. Blocks.

    Raises:
        StoreError: there is none, or it could not be done; what is in force is there in any case.
    """
    try:
        address = f"{path.absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=30)) as connection:
            record_file.tidy(connection)
            connection.execute("PRAGMA fullfsync=ON")  # macOS: as the bot's own connection
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # it is not to be found in the log either
    except sqlite3.Error as error:
        raise StoreError(f"数据文件《{path}》没有整理\uff1a{error}。") from error


def put_back(copy: Path, database: Path) -> None:
    """Put a copy in the place of a database that nobody has open. Blocks.

    Whenever the power goes, ``database`` is what it was or the whole copy. The old log goes first: it would be read as
    the copy's own. By then everything in it is in the old database.

    Raises:
        StoreError: it could not be done; the old data is whole.
    """
    fresh = beside(database)
    try:
        copy_file(copy, fresh)
        _give_files(fresh, database.parent)
        if database.exists():
            _empty_log(database)
        for leftover in ("-wal", "-shm"):
            database.with_name(database.name + leftover).unlink(missing_ok=True)
        replace_file(fresh, database)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"没有恢复成《{database}》\uff1a{error}。原有数据没有改动。") from error
    finally:
        fresh.unlink(missing_ok=True)


def _tidy(copy: Path) -> None:
    """What was superseded leaves no trace in a copy, and no room. Where there is no room to do it in, the copy stays as
    it is: better more than nothing."""
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection, suppress(sqlite3.OperationalError):
        record_file.tidy(connection)
        (unused,) = connection.execute("PRAGMA freelist_count").fetchone()
        if unused:
            connection.execute("VACUUM")


def _take_files(copy: sqlite3.Connection, data: Path) -> None:
    """One after the other: only one is in memory at a time."""
    copy.execute(f"CREATE TABLE {FILES} (path TEXT PRIMARY KEY, bytes BLOB NOT NULL)")
    for path in Blobs(data).paths():
        try:
            held = Blobs(data).read(path)
        except StoreError:  # cleared away this moment: no record points to it
            continue
        copy.execute(f"INSERT INTO {FILES} VALUES (?, ?)", (path, held))  # noqa: S608 - a name of ours
    copy.commit()


def _give_files(copy: Path, data: Path) -> None:
    """Put the files of a copy into the data folder, where what has the same name has the same bytes, and take the table
    out of the copy. What is called otherwise than by its digest is no file of ours."""
    with closing(sqlite3.connect(copy)) as opened:
        if not opened.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (FILES,)).fetchone():
            return
        for path, held in opened.execute(f"SELECT path, bytes FROM {FILES}"):  # noqa: S608 - a name of ours
            if Blobs(data).put(held, PurePosixPath(path).suffix) != path:
                raise StoreError(f"备份里的文件 {path[:60]} 不对，没有恢复。原有数据没有改动。")
        opened.execute(f"DROP TABLE {FILES}")
        opened.commit()
        opened.execute("VACUUM")


def _empty_log(database: Path) -> None:
    """Move what is only in the log into the database; a database that is none has no log worth keeping."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        try:
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                return
            raise
    if busy:
        raise OSError("数据正被使用")

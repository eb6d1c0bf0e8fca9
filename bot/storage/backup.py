"""Copies of a database that is in use."""

import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

from bot.errors import StoreError


def copy_database(source: Path, target: Path) -> None:
    """Copy a database consistently while others write to it. Blocks. The copy is one file, readable by its owner only.

    It is written beside ``target`` under another name first, so ``target`` is always a whole copy or what it was.

    Raises:
        StoreError: there is nothing to copy, or the copy could not be written.
    """
    if not source.is_file():
        raise StoreError(f"没有找到数据文件《{source}》\uff0c无法备份。")
    partial = target.with_name(f".{target.name}.{os.getpid()}.{threading.get_ident()}.partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        with closing(sqlite3.connect(source)) as reader, closing(sqlite3.connect(partial)) as writer:
            reader.backup(writer)  # all pages in one step: a snapshot, and WAL writers are not kept waiting
            writer.execute("PRAGMA journal_mode=DELETE")
        _sync(partial)
        partial.replace(target)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"备份没有写成《{target}》\uff1a{error}。原有文件没有改动。") from error
    finally:
        partial.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    with path.open("rb+") as handle:
        os.fsync(handle.fileno())

"""Files in the data folder, called by the digest of their bytes: ``files/ab/abcdef….docx``.

A file is on the disk, name and all, before a record that points to it is committed; the same bytes are kept once. Its
time on the disk is that of the last night when a record pointed to it; ``KEEP`` after that it goes: the records of a
backup must find it.
"""

import hashlib
import os
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from bot.errors import StoreError
from bot.storage.files import beside, replace_file, sync_folder

FOLDER = "files"
KEEP = timedelta(days=15)
"""A day longer than the nightly copies of the last fortnight."""


class Blobs:
    """The files of a data folder. Everything here blocks.

    Args:
        data: the data folder.
    """

    def __init__(self, data: Path) -> None:
        self._data = data

    def put(self, data: bytes, ending: str) -> str:
        """Keep bytes; returns where, relative to the data folder. Durable when this returns.

        Raises:
            StoreError: the disk is full or cannot be written.
        """
        digest = hashlib.sha256(data).hexdigest()
        path = f"{FOLDER}/{digest[:2]}/{digest}{ending}"
        target = self._data / path
        try:
            if target.is_file() and target.stat().st_size == len(data):
                target.touch()  # its time counts from now
            else:
                _write(target, data)
        except OSError as error:
            raise StoreError(f"文件没有存下来（{error.strerror}）。") from error
        return path

    def read(self, path: str) -> bytes:
        """The bytes of a file that ``put`` kept.

        Raises:
            StoreError: it is gone, cannot be read, or lies elsewhere.
        """
        folder = (self._data / FOLDER).resolve()
        target = (self._data / path).resolve()
        try:
            if not target.is_relative_to(folder):
                raise StoreError("文件不在数据目录里。")
            return target.read_bytes()
        except OSError as error:
            raise StoreError(f"文件读不出来（{error.strerror}）。") from error

    def paths(self) -> list[str]:
        """Every file, relative to the data folder."""
        found = sorted((self._data / FOLDER).glob("??/*"))
        return [each.relative_to(self._data).as_posix() for each in found if _is_ours(each)]

    def clear(self, wanted: Collection[str], now: datetime) -> int:
        """Remove what has not been in ``wanted`` for ``KEEP``; returns how many."""
        gone = 0
        for path in self.paths():
            target = self._data / path
            if path in wanted:
                os.utime(target, (now.timestamp(), now.timestamp()))
            elif now - datetime.fromtimestamp(target.stat().st_mtime, now.tzinfo) > KEEP:
                target.unlink(missing_ok=True)
                gone += 1
        return gone


def _is_ours(target: Path) -> bool:
    """A whole file under its digest: no link, nothing half written."""
    return target.is_file() and not target.is_symlink() and not target.name.startswith(".")


def _write(target: Path, data: bytes) -> None:
    for folder in (target.parent.parent, target.parent):
        if not folder.is_dir():
            folder.mkdir(mode=0o700, exist_ok=True)
            sync_folder(folder.parent)
    fresh = beside(target)
    try:
        fresh.write_bytes(data)
        fresh.chmod(0o600)
        replace_file(fresh, target)
    finally:
        fresh.unlink(missing_ok=True)

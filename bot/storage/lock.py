"""One process holds the data folder.

The operating system keeps the lock, so it is gone with its holder, also after ``kill -9``. The file's text only tells
a second process whom to look for; it proves nothing and is never deleted (deleting it would let two processes lock two
different files of the same name).
"""

import json
import os
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.errors import Locked

FILE_NAME = "lock"

if sys.platform == "win32":
    import msvcrt

    # Windows forbids others to read locked bytes, so one far behind the text is taken; it need not exist.
    _LOCKED_BYTE = 1 << 20

    def _seize(descriptor: int) -> None:
        """Lock or raise OSError at once."""
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _seize(descriptor: int) -> None:
        """Lock or raise OSError at once. ``flock`` also keeps out a second opening in the same process."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FolderLock:
    """The lock of a data folder.

    Args:
        folder: an existing folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor: int | None = None

    def acquire(self, since: datetime) -> None:
        """Take the lock and leave a note for others: process, host and ``since``.

        Raises:
            Locked: another process (or another store of this one) has it; the text says who.
            OSError: the folder cannot be written or its file system knows no locks.
        """
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self._folder / FILE_NAME, flags, 0o600)
        try:
            _seize(descriptor)
        except (BlockingIOError, PermissionError) as error:  # the second is how Windows says it
            os.close(descriptor)
            raise Locked(_sentence(self._folder)) from error
        except OSError:
            os.close(descriptor)
            raise
        with suppress(OSError):  # a full disk: the lock holds without the note
            _write_note(descriptor, since)
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back; nothing happens when it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _write_note(descriptor: int, since: datetime) -> None:
    note = {"pid": os.getpid(), "host": socket.gethostname(), "since": since.isoformat(" ", "minutes")}
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, json.dumps(note).encode())


def _read_note(folder: Path) -> Mapping[str, Any]:
    """What the holder wrote; empty when it has not come to it yet."""
    try:
        note = json.loads((folder / FILE_NAME).read_bytes())
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def _sentence(folder: Path) -> str:
    note = _read_note(folder)
    if not note:
        return f"数据目录《{folder}》正被另一个程序使用\uff0c请先停止它再启动。"
    return (
        f"数据目录《{folder}》正被另一个程序使用\uff1a进程 {note.get('pid')}\uff0c主机 {note.get('host')}\uff0c"
        f"从 {note.get('since')} 开始。请先停止它再启动。"
    )

"""Who holds the data folder, who listens at a port, and whether both are the bot of this configuration."""

import json
import os
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.errors import Locked
from bot.storage.lock import FILE_NAME, FolderLock

_LISTENING = "0A"
_TABLES = ("/proc/net/tcp", "/proc/net/tcp6")


@dataclass(frozen=True)
class Holder:
    """What the holder of a data folder says of itself; ``pid`` 0 = nothing."""

    pid: int = 0
    host: str = ""
    since: str = ""

    def __str__(self) -> str:
        """As a person reads it."""
        return f"进程 {self.pid}，主机 {self.host}，从 {self.since} 开始" if self.pid else "另一个程序"


@dataclass(frozen=True)
class Process:
    """A process of this machine."""

    pid: int
    name: str

    def __str__(self) -> str:
        """As a person reads it."""
        return f"进程 {self.pid}（{self.name}）"


def holder(folder: Path, now: datetime) -> Holder | None:
    """Who holds a data folder; None when nobody does, or nobody can tell.

    The lock itself is asked (its note proves nothing): it is taken for a moment and given back.
    """
    if not (folder / FILE_NAME).is_file():
        return None
    lock = FolderLock(folder)
    try:
        lock.acquire(now)
    except Locked:
        return _note(folder)
    except OSError:  # a folder that cannot be written: the check of the folder says so
        return None
    lock.release()
    return None


def _note(folder: Path) -> Holder:
    try:
        note = json.loads((folder / FILE_NAME).read_bytes())
        return Holder(int(note["pid"]), str(note["host"]), str(note["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Holder()


def listener(port: int) -> Process | None:
    """The process that listens at a port; None where the system does not show it (Linux does, to its owner)."""
    sockets = {f"socket:[{inode}]" for inode in _inodes(port)}
    if not sockets:
        return None
    for folder in Path("/proc").glob("[0-9]*"):
        if sockets & set(_open_files(folder)):
            return Process(int(folder.name), _name(folder))
    return None


def _inodes(port: int) -> Iterator[str]:
    for table in _TABLES:
        try:
            rows = Path(table).read_text(encoding="ascii").splitlines()[1:]
        except OSError:  # another system
            continue
        for row in rows:
            _, local, _, state, *rest = row.split()
            if state == _LISTENING and int(local.rpartition(":")[2], 16) == port:
                yield rest[5]


def _open_files(process: Path) -> list[str]:
    try:
        return [os.readlink(entry) for entry in os.scandir(process / "fd")]
    except OSError:  # somebody else's process, or one that has just ended
        return []


def _name(process: Path) -> str:
    try:
        text = (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return "?"
    return re.sub(r"[^\x20-\x7e]", "?", text)


def same(held: Holder, listening: Process | None) -> bool:
    """Whether the holder of the folder may be the process at the port; where nobody can tell, it may."""
    if listening is None or not held.pid or held.host != socket.gethostname():
        return True
    return held.pid == listening.pid

"""A fault at the n-th call that touches the disk: an error, or the end of the process."""

import builtins
import errno
import io
import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

CALLS: tuple[tuple[Any, str], ...] = (
    (os, "open"),
    (os, "mkdir"),
    (os, "fsync"),
    (os, "replace"),
    (os, "unlink"),
    (os, "write"),
    (os, "ftruncate"),
    (os, "sendfile"),
    (io, "open"),
    (builtins, "open"),
    (sqlite3, "connect"),
)
"""What the program's own file operations are made of; SQLite's writes are another test's matter."""


class Faults:
    """Counts the calls and does something at one of them.

    Attributes:
        calls: how many there were, the fault's included.
    """

    def __init__(self, at: int, fault: Callable[[], None]) -> None:
        self.calls = 0
        self._at = at
        self._fault = fault

    @contextmanager
    def active(self) -> Iterator[None]:
        """Count and strike inside this block."""
        patches = [patch.object(place, name, self._counted(getattr(place, name))) for place, name in CALLS]
        for one in patches:
            one.start()
        try:
            yield
        finally:
            for one in patches:
                one.stop()

    def _counted(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            self.calls += 1
            if self.calls == self._at:
                self._fault()
            return call(*arguments, **named)

        return counted


def no_space() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def broken_disk() -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def power_cut() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_at(at: int, work: Callable[[], object]) -> bool:
    """Do ``work`` in a process that dies at call ``at``; False when it was done before."""
    child = os.fork()
    if child == 0:
        try:
            with Faults(at, power_cut).active():
                work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def replace_open_file(path: Path, device: str) -> None:
    """What the process has open as ``path`` becomes a device that fails in its own way."""
    wrong = os.open(device, os.O_RDWR)
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError):
            if os.readlink(f"/proc/self/fd/{name}") == str(path):
                os.dup2(wrong, int(name))
    os.close(wrong)

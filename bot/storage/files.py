"""Files that are whole whenever the power goes: a new one is written beside the old and takes its place in a step."""

import os
import shutil
import sys
import threading
from pathlib import Path


def replace_file(fresh: Path, target: Path) -> None:
    """Put ``fresh`` in the place of ``target``, both in one folder; durable when this returns.

    Raises:
        OSError: ``target`` is what it was, or already the new file.
    """
    sync_file(fresh)
    fresh.replace(target)
    sync_folder(target.parent)


def write_file(target: Path, text: str) -> None:
    """Write a text as UTF-8 so that ``target`` is whole, old or new, whenever the power goes.

    Raises:
        OSError: ``target`` is what it was.
    """
    fresh = beside(target)
    try:
        fresh.write_text(text, encoding="utf-8")
        replace_file(fresh, target)
    finally:
        fresh.unlink(missing_ok=True)


def beside(target: Path) -> Path:
    """A name of our own in the folder of ``target``."""
    return target.with_name(f".{target.name}.{os.getpid()}.{threading.get_ident()}.partial")


def copy_file(source: Path, fresh: Path) -> None:
    """Copy bytes into a file that only its owner can read."""
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    shutil.copyfile(source, fresh)


def sync_file(path: Path) -> None:
    """Wait until the bytes of a file are on the disk."""
    with path.open("rb+") as handle:
        os.fsync(handle.fileno())


def sync_folder(path: Path) -> None:
    """Wait until the names in a folder are on the disk: a new name is lost with the power otherwise.

    Windows keeps its names in a journal of its own and knows no such wait.
    """
    if sys.platform == "win32":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

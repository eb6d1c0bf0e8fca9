"""Files on their way out: read from the data folder and from nowhere else."""

import asyncio
from pathlib import Path

from bot.content import File
from bot.errors import Rejected


class Files:
    """The files of a data folder.

    Args:
        folder: ``File.path`` is relative to it; what leads out of it, by ``..`` or by a link, is not read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def read(self, file: File, least: int, most: int) -> bytes:
        """The bytes of a file, off the event loop.

        Args:
            least, most: bytes the channel takes.

        Raises:
            Rejected: it is not there, lies elsewhere, or is too small or too large; nothing can be sent.
        """
        return await asyncio.to_thread(self._read, file, least, most)

    def _read(self, file: File, least: int, most: int) -> bytes:
        folder = self._folder.resolve()
        try:
            path = (folder / file.path).resolve()
            if not path.is_relative_to(folder) or not path.is_file():
                raise Rejected(f"文件《{file.name}》不见了")
            if path.stat().st_size > most:
                raise Rejected(f"文件《{file.name}》太大，最多 {most // 2**20} MB")
            data = path.read_bytes()
        except (OSError, ValueError):
            raise Rejected(f"文件《{file.name}》读不出来") from None
        if len(data) < least:
            raise Rejected(f"文件《{file.name}》是空的")
        return data


def safe_name(name: str) -> str:
    """A file's name for a form: without path, quotation marks and line ends, at most 100 characters."""
    kept = "".join(char for char in name if char.isprintable() and char not in '"\\/:*?<>|')  # ascii: not in names
    return kept.strip()[-100:] or "文件"

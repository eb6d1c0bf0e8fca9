"""Files in the simulator: handed to the bot as a platform hands them over, and fetched from the page."""

import asyncio
from pathlib import Path
from uuid import uuid4

from bot.chat.receiving import Receiving
from bot.chat.transport import Attachment, Fetched
from bot.clock import Clock
from bot.content import Content
from bot.delivery.file_links import FileLinks
from bot.errors import BadArgument, StoreError
from bot.simulator import sample
from bot.simulator.api_models import FileData, FileLink
from bot.storage.blobs import Blobs

ADDRESS = "/try/api/files/"


class Attachments:
    """The files of a simulator over a data folder.

    Attributes:
        folder: where they lie.
        receiving: for the dispatcher.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder = folder
        self._blobs = Blobs(folder)
        self._links = FileLinks(folder, "", clock)
        self._given: dict[str, FileData] = {}
        self.receiving = Receiving(self._blobs, {sample.CHANNEL: self._fetch}, clock.now)

    def give(self, upload: FileData) -> Attachment:
        """Somebody sends a file: it lies with the platform until it is fetched."""
        ticket = uuid4().hex
        self._given[ticket] = upload
        return Attachment(kind="file", ticket=ticket, name=upload.name)

    def links(self, content: Content) -> tuple[FileLink, ...]:
        """The addresses under which the page finds the files of a message."""
        return tuple(FileLink(name=file.name, url=f"{ADDRESS}{self._links.token(file)}") for file in content.files)

    async def read(self, key: str) -> FileData | None:
        """The file behind the last part of such an address."""
        file = self._links.read(key)
        try:
            data = await asyncio.to_thread(self._blobs.read, file.path) if file else b""
        except StoreError:
            return None
        return FileData(name=file.name, data=data, media_type=file.media_type) if file else None

    async def _fetch(self, attachment: Attachment, most: int) -> Fetched:
        held = self._given.pop(attachment.ticket, None)
        if held is None or len(held.data) > most:
            raise BadArgument("这个文件已经取不到了。", "请再发一次。")
        return Fetched(held.data, held.name)

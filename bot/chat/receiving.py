"""Files on their way in: fetched before a message is handled, so that nobody of the group waits for a slow download.

What is fetched is on the disk before the message's transaction begins. A crash in between leaves a file that no record
points to, which goes at night; the message is still in the dispatcher's inbox and is fetched again.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple, TypeVar
from weakref import WeakValueDictionary

import structlog

from bot.calendar.plan_reader import read_document
from bot.calendar.progress_table import TableFile, read_table_document
from bot.chat.transport import Attachment, Fetch, Fetched, Incoming
from bot.domain.file_kinds import MOST_BYTES, ending_of, settled_name
from bot.errors import BadArgument, UserError
from bot.storage.blobs import Blobs

SECONDS = 30.0
"""For one file, from the first word with the platform to the last byte."""

READING_SECONDS = 15.0
"""For reading one document; two hundred pages take two."""

AT_ONCE = 3
"""Files being fetched for the whole house; one for each sender."""

MOST_FILES = 5
"""Of one message; the others are asked for again."""

log = structlog.get_logger()

T = TypeVar("T")


class Received(NamedTuple):
    """A file that came with a message.

    Attributes:
        name: for people; safe.
        path: where it lies in the data folder; "" = it was not taken.
        size: bytes.
        trouble: why it was not taken, lines for the sender.
    """

    name: str = ""
    path: str = ""
    size: int = 0
    trouble: tuple[str, ...] = ()


class Documents:
    """Reads files kept before, off the event loop."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    async def lines(self, path: str, name: str) -> list[str]:
        """The lines of a document.

        Raises:
            UserError: of another kind, broken, too large to unpack; StoreError: the file is gone.
        """
        return await in_time(lambda: read_document(self._blobs.read(path), name), name)

    async def read_with(self, path: str, name: str, reader: Callable[[bytes], T]) -> T:
        """What ``reader`` makes of a file; raises as ``lines``, and what the reader raises."""
        return await in_time(lambda: reader(self._blobs.read(path)), name)

    async def table(self, path: str, name: str) -> TableFile:
        """The progress table of a document; raises as ``lines``, and UserError where there is none."""
        return await in_time(lambda: read_table_document(self._blobs.read(path), name), name)


async def in_time(read: Callable[[], T], name: str) -> T:
    """What a thread reads; one that takes too long is left to itself: how much it can unpack is limited, too.

    Raises:
        BadArgument: it took too long.
    """
    try:
        async with asyncio.timeout(READING_SECONDS):
            return await asyncio.to_thread(read)
    except TimeoutError:
        log.info("file.refused", reason="reading takes too long")
        raise BadArgument(f"《{name}》太复杂，读了很久也没有读完。", "请拆成几份，或者把要紧的几行贴给我。") from None


class Receiving:
    """Fetches the files of messages and keeps them.

    Args:
        fetchers: by the channel's name; a channel that is not there gives no files out.
        now: the moment, for files without a name.
    """

    def __init__(self, blobs: Blobs, fetchers: Mapping[str, Fetch], now: Callable[[], datetime]) -> None:
        self.documents = Documents(blobs)
        self._blobs = blobs
        self._fetchers = fetchers
        self._now = now
        self._room = asyncio.Semaphore(AT_ONCE)
        self._senders: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def take(self, incoming: Incoming) -> tuple[Received, ...]:
        """What came with a message whose sender may send files, each taken or with the reason why not.

        Raises:
            StoreError: the disk takes nothing; nothing may be acknowledged.
        """
        sender = f"{incoming.channel}/{incoming.sender}"
        turn = self._senders.setdefault(sender, asyncio.Lock())
        async with turn:  # one after the other: who sends ten waits for ten
            taken = [await self._one(incoming.channel, each) for each in incoming.files[:MOST_FILES]]
        if len(incoming.files) > MOST_FILES:
            taken.append(Received(trouble=(f"❌ 一次最多收 {MOST_FILES} 个文件，其余的请再发一次。",)))
        return tuple(taken)

    async def _one(self, channel: str, attachment: Attachment) -> Received:
        try:
            async with self._room, asyncio.timeout(SECONDS):
                fetched = await self._fetched(channel, attachment)
            given = attachment.name or fetched.name
            name = await asyncio.to_thread(settled_name, given, fetched.data, self._now())
        except UserError as error:
            log.info("file.refused", channel=channel, reason=error.problem[:20])
            return Received(trouble=tuple(error.lines))
        except TimeoutError:
            log.info("file.refused", channel=channel, reason="time-out")
            return Received(trouble=("❌ 文件下载得太慢，没有收到。", "请再发一次；太大的请存到网盘，把链接发给我。"))
        path = await asyncio.to_thread(self._blobs.put, fetched.data, ending_of(name))
        return Received(name, path, len(fetched.data))

    async def _fetched(self, channel: str, attachment: Attachment) -> Fetched:
        """Its bytes, from the platform or from the data folder."""
        if attachment.path:
            return Fetched(await asyncio.to_thread(self._blobs.read, attachment.path), attachment.name)
        fetch = self._fetchers.get(channel)
        if fetch is None:
            raise BadArgument("这个渠道收不了文件。", "请存到网盘，把链接发给我。")
        return await fetch(attachment, MOST_BYTES)

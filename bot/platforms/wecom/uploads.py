"""Pictures and files over the long connection: uploaded in three steps, then sent by their ``media_id``.

Source: developer.work.weixin.qq.com, document/path/101463 (2026-04): at most 100 pieces of 512 KB before base64, 5
bytes to 20 MB, the id is good for three days. A picture of more than 2 MB goes as a file: the page has said
2 MB and 10 MB.
"""

import asyncio
import base64
import hashlib
from typing import Any

from bot.clock import Clock
from bot.content import File
from bot.delivery.files import Files, safe_name
from bot.delivery.media_ids import MediaIds
from bot.errors import NotSent, Undecided
from bot.platforms.wecom.codes import judge_code
from bot.platforms.wecom.frames import UPLOAD_CHUNK, UPLOAD_FINISH, UPLOAD_INIT, Frame
from bot.platforms.wecom.media import FILE_BYTES, IMAGE_BYTES, IMAGES, KEEP, LEAST_BYTES, SECONDS
from bot.platforms.wecom.wire import Wire

MOST_PIECES = 100
PIECE = 128 * 1024
"""Bytes of a piece where that makes no more than a hundred of them: small ones get through a slow line in time."""

PATIENCE = 20.0
"""Seconds for the acknowledgement of a piece. Nothing stands in the chat yet, so waiting longer harms nobody."""


class Uploads:
    """Makes a file into the body of a message. An upload that takes long goes on between the attempts to send it."""

    def __init__(self, wire: Wire, files: Files, clock: Clock) -> None:
        self._wire = wire
        self._files = files
        self._ids = MediaIds(clock, KEEP)
        self._running: dict[str, asyncio.Task[str]] = {}

    async def body(self, file: File) -> dict[str, Any]:
        """The message that shows ``file``: a picture where that is possible, else a file.

        Raises:
            Rejected: the file cannot be read, or the platform does not want it.
            NotSent: it is not uploaded yet.
        """
        data = await self._files.read(file, LEAST_BYTES, FILE_BYTES)
        kind = "image" if file.media_type in IMAGES and len(data) <= IMAGE_BYTES else "file"
        return {"msgtype": kind, kind: {"media_id": await self._media_id(kind, safe_name(file.name), data)}}

    async def _media_id(self, kind: str, name: str, data: bytes) -> str:
        key = self._ids.key(kind, name, data)
        if known := self._ids.get(key):
            return known
        task = self._running.get(key)
        if task is None:
            task = self._running[key] = asyncio.create_task(self._upload(kind, name, data))
        done, _ = await asyncio.wait({task}, timeout=SECONDS)
        if not done:
            raise NotSent("文件还在上传")
        self._running.pop(key, None)
        media_id = task.result()
        self._ids.keep(key, media_id)
        return media_id

    async def _upload(self, kind: str, name: str, data: bytes) -> str:
        """Raises NotSent, RateLimited or Rejected: whatever goes wrong here, nothing stands in the chat."""
        size = max(PIECE, -(-len(data) // MOST_PIECES))
        pieces = [data[start : start + size] for start in range(0, len(data), size)]
        about = {
            "type": kind,
            "filename": name,
            "total_size": len(data),
            "total_chunks": len(pieces),
            "md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        }
        upload = {"upload_id": _text_of(await self._step(UPLOAD_INIT, about), "upload_id")}
        for index, piece in enumerate(pieces):
            coded = base64.b64encode(piece).decode()
            await self._step(UPLOAD_CHUNK, {**upload, "chunk_index": index, "base64_data": coded})
        return _text_of(await self._step(UPLOAD_FINISH, upload), "media_id")

    async def _step(self, cmd: str, body: dict[str, Any]) -> Frame:
        try:
            answer = await self._wire.ask(cmd, body, seconds=PATIENCE)
            judge_code(answer.errcode)
        except Undecided:
            raise NotSent("文件没有传上去") from None
        return answer


def _text_of(answer: Frame, name: str) -> str:
    value = answer.body.get(name)
    if not isinstance(value, str) or not value:
        raise NotSent("文件没有传上去")
    return value

"""Pictures and files through a WeCom group's push robot.

Source: developer.work.weixin.qq.com, document/path/99110 (2025-08): a picture is base64 with the MD5 of its bytes, at
most 2 MB, JPG or PNG; a file is uploaded first (``upload_media``, 5 bytes to 20 MB), and its ``media_id`` is good for
three days for the same robot.
"""

import base64
import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import aiohttp

from bot.clock import Clock
from bot.content import File
from bot.delivery.files import Files, safe_name
from bot.delivery.media_ids import MediaIds
from bot.errors import NotSent, Undecided
from bot.platforms.wecom.post import judge

IMAGE_BYTES = 2 * 2**20
FILE_BYTES = 20 * 2**20
LEAST_BYTES = 5
IMAGES = ("image/png", "image/jpeg")

KEEP = timedelta(days=2, hours=20)
"""How long an uploaded file is used again: three days less a margin."""

SECONDS = 6.0
"""For an upload; what is posted afterwards has the rest of the send's ten seconds."""


class Media:
    """Makes a file into the body of a message.

    Args:
        webhook: the robot's address, which holds its key.
        session: for the uploads; stays open.
    """

    def __init__(self, webhook: str, session: aiohttp.ClientSession, files: Files, clock: Clock) -> None:
        self._upload_url = upload_address(webhook)
        self._session = session
        self._files = files
        self._ids = MediaIds(clock, KEEP)

    async def body(self, file: File) -> dict[str, Any]:
        """The message that shows ``file``: a picture where that is possible, else a file.

        Raises:
            Rejected: the file cannot be read, or the platform does not want it.
            NotSent: it could not be uploaded now.
        """
        if file.media_type in IMAGES:
            data = await self._files.read(file, 1, FILE_BYTES)
            if len(data) <= IMAGE_BYTES:
                digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
                return {"msgtype": "image", "image": {"base64": base64.b64encode(data).decode(), "md5": digest}}
        data = await self._files.read(file, LEAST_BYTES, FILE_BYTES)
        return {"msgtype": "file", "file": {"media_id": await self._media_id(file.name, data)}}

    async def _media_id(self, name: str, data: bytes) -> str:
        """The id of an upload; the same bytes under the same name are uploaded once."""
        key = self._ids.key("file", name, data)
        if known := self._ids.get(key):
            return known
        media_id = await self._upload(name, data)
        self._ids.keep(key, media_id)
        return media_id

    async def _upload(self, name: str, data: bytes) -> str:
        """Nothing stands in the group yet, so whatever goes wrong here is certainly not sent."""
        form = aiohttp.FormData(quote_fields=False)  # the platform reads Chinese names as they are
        form.add_field("media", data, filename=safe_name(name), content_type="application/octet-stream")
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with self._session.post(
                self._upload_url, data=form, timeout=timeout, allow_redirects=False
            ) as response:
                answer = judge(response.status, response.headers, await response.read())
        except (aiohttp.ClientError, OSError, Undecided):
            raise NotSent("文件没有传上去") from None
        media_id = answer.get("media_id")
        if not isinstance(media_id, str) or not media_id:
            raise NotSent("文件没有传上去")
        return media_id


def upload_address(webhook: str) -> str:
    """Where a robot's files go: ``…/webhook/upload_media`` beside its ``…/webhook/send``, with the same key."""
    parts = urlsplit(webhook)
    folder = parts.path.rsplit("/", 1)[0]
    query = urlencode({"key": parse_qs(parts.query).get("key", [""])[0], "type": "file"})
    return urlunsplit(parts._replace(path=f"{folder}/upload_media", query=query))

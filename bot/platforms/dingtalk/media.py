"""Pictures and files through the open API: uploaded first, then sent by their id.

Source: open.dingtalk.com, upload-media-files (2025-06): image (jpg gif png bmp) and file, 20 MB each; the id can be
used again, inside DingTalk alone. Robot messages: sampleImageMsg{photoURL}, sampleFile{mediaId, fileName, fileType},
whose types are xlsx, pdf, zip, rar, doc and docx.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import aiohttp

from bot.clock import Clock
from bot.content import File
from bot.delivery.files import Files, safe_name
from bot.delivery.media_ids import MediaIds
from bot.domain.file_kinds import ending_of
from bot.errors import NotSent, Undecided
from bot.platforms.dingtalk.posting import Response, read_response
from bot.platforms.dingtalk.token import Token
from bot.platforms.dingtalk.verdicts import errcode, judge_webhook

MOST_BYTES = 20 * 2**20
IMAGES = ("image/png", "image/jpeg")
FILES = frozenset(("xlsx", "pdf", "zip", "rar", "doc", "docx"))
KEEP = timedelta(days=2)
"""No page says how long an id holds; two days are enough for what goes to several people."""

SECONDS = 6.0
BAD_TOKEN = frozenset((40001, 40014, 42001))

Tokens = Callable[[Token | None], Awaitable[Token]]
"""``AccessToken.get``: a token, or another one instead of what was refused."""


class Media:
    """Makes a file into a robot's message.

    Args:
        base: the channel's ``oapi_base``.
        session: for the uploads; stays open.
    """

    def __init__(self, base: str, session: aiohttp.ClientSession, files: Files, tokens: Tokens, clock: Clock) -> None:
        self._url = f"{base}/media/upload"
        self._session = session
        self._files = files
        self._tokens = tokens
        self._ids = MediaIds(clock, KEEP)

    @staticmethod
    def takes(file: File) -> bool:
        """Whether there is a message for such a file."""
        return file.media_type in IMAGES or ending_of(file.name).removeprefix(".") in FILES

    async def message(self, file: File) -> tuple[str, dict[str, str]]:
        """``msgKey`` and ``msgParam`` of the message that shows ``file``.

        Raises:
            Rejected: the file cannot be read, or DingTalk does not want it.
            NotSent, RateLimited: it could not be uploaded now.
        """
        data = await self._files.read(file, 1, MOST_BYTES)
        name, ending = safe_name(file.name), ending_of(file.name).removeprefix(".")
        if file.media_type in IMAGES:
            return "sampleImageMsg", {"photoURL": await self._media_id("image", name, data)}
        media_id = await self._media_id("file", name, data)
        return "sampleFile", {"mediaId": media_id, "fileName": name, "fileType": ending}

    async def _media_id(self, kind: str, name: str, data: bytes) -> str:
        key = self._ids.key(kind, name, data)
        if known := self._ids.get(key):
            return known
        token = await self._tokens(None)
        response = await self._post(kind, name, data, token)
        if errcode(response) in BAD_TOKEN:
            response = await self._post(kind, name, data, await self._tokens(token))
        media_id = _id_in(response)
        self._ids.keep(key, media_id)
        return media_id

    async def _post(self, kind: str, name: str, data: bytes, token: Token) -> Response:
        """Nothing stands in the chat yet, so whatever goes wrong here is certainly not sent."""
        form = aiohttp.FormData(quote_fields=False)  # Chinese names as they are
        form.add_field("type", kind)
        form.add_field("media", data, filename=name, content_type="application/octet-stream")
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        where = {"access_token": token.text, "type": kind}
        try:
            async with self._session.post(
                self._url, params=where, data=form, timeout=timeout, allow_redirects=False
            ) as answer:
                return await read_response(answer)
        except (aiohttp.ClientError, OSError):
            raise NotSent("文件没有传上去") from None


def _id_in(response: Response) -> str:
    try:
        judge_webhook(response)
    except Undecided:
        raise NotSent("文件没有传上去") from None
    media_id: Any = (response.data or {}).get("media_id")
    if not isinstance(media_id, str) or not media_id:
        raise NotSent("文件没有传上去")
    return media_id

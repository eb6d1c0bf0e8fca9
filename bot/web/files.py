"""``/files/{token}``: one file of the data folder for whoever has its signed link, a page in Chinese for all else."""

import asyncio
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from bot.clock import Clock
from bot.content import File
from bot.delivery.file_links import PAGE, FileLinks
from bot.errors import StoreError
from bot.storage.blobs import Blobs
from bot.web.pace import Pace

PER_MINUTE = 120
"""Downloads and wrong links together: a whole school opens far fewer, and who guesses gets nowhere."""

_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
}
_GONE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>链接失效了</title><p>这个链接失效了，或者不完整。</p><p>请在群里再向备课助手要一次。</p></html>"""
_BUSY = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>请等一等</title><p>现在下载的人太多，请过一分钟再打开。</p></html>"""


class FilePages:
    """Serves the files of a data folder.

    Args:
        links: reads the tokens.
        folder: the data folder.
    """

    def __init__(self, links: FileLinks, folder: Path, clock: Clock) -> None:
        self._links = links
        self._blobs = Blobs(folder)
        self._pace = Pace(PER_MINUTE, clock)

    def add_to(self, app: web.Application) -> None:
        """Serve GET and HEAD of the links."""
        app.router.add_get(f"{PAGE}{{token}}", self.handle)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The file, or the page that says that there is none."""
        if not self._pace.allows():
            return _page(429, _BUSY)
        file = self._links.read(request.match_info["token"])
        if file is None:
            return _page(404, _GONE)
        try:
            data = await asyncio.to_thread(self._blobs.read, file.path)
        except StoreError:  # deleted since
            return _page(404, _GONE)
        return handed_out(file, data)


def handed_out(file: File, data: bytes) -> web.Response:
    """A file as something to keep: no browser opens it on our pages."""
    disposition = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"  # RFC 5987
    headers = {**_HEADERS, "Content-Disposition": disposition}
    return web.Response(body=data, content_type=file.media_type, headers=headers)


def _page(status: int, text: str) -> web.Response:
    return web.Response(status=status, text=text, content_type="text/html", headers=_HEADERS)

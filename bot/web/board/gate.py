"""The board's addresses. The board itself is loaded when the first of them is asked for: most schools never open it."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Protocol

import structlog
from aiohttp import web

from bot.delivery.page_addresses import BOARD, GROUP, OPEN

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger()


class Board(Protocol):
    """What stands behind the gate (bot/web/board/site.py)."""

    async def answer(self, what: str, request: web.Request) -> web.StreamResponse:
        """The response at the address that is called ``what`` here."""
        ...


class BoardGate:
    """Stands where the board is served.

    Args:
        make: loads and builds it; called once, beside the event loop.
    """

    def __init__(self, make: Callable[[], Board]) -> None:
        self._make = make
        self._pages: Board | None = None
        self._turn = asyncio.Lock()

    def add_to(self, app: web.Application) -> None:
        """Serve the pages. GET changes nothing."""
        app.router.add_get(f"{BOARD}board.css", self._answering("css"))
        app.router.add_get(f"{BOARD}icon.svg", self._answering("icon"))
        app.router.add_get(f"{BOARD}chart/{{name}}.svg", self._answering("picture"))
        app.router.add_get(f"{BOARD}file/{{number:[0-9]{{1,6}}}}", self._answering("file"))
        app.router.add_get(f"{OPEN}{{code}}", self._answering("door"))
        app.router.add_post(f"{OPEN}{{code}}", self._answering("enter"))
        app.router.add_get(f"{GROUP}{{token}}", self._answering("group"))
        app.router.add_post(f"{BOARD}leave", self._answering("leave"))
        app.router.add_get(f"{BOARD}{{page:.*}}", self._answering("show"))
        app.router.add_post(f"{BOARD}{{page:.*}}", self._answering("change"))

    def _answering(self, what: str) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                pages = self._pages or await self._loaded()
            except Exception:  # no file or no memory was left, say: the next one tries again
                log.exception("board.not_loaded")
                return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, text="看板现在打不开，请过一会儿再试。")
            return await pages.answer(what, request)

        return handle

    async def _loaded(self) -> Board:
        async with self._turn:
            if self._pages is None:
                self._pages = await asyncio.to_thread(self._make)
            return self._pages

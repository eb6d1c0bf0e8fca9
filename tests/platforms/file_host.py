"""Where a platform keeps the files people sent: addresses on loopback, some of them wrong on purpose."""

import asyncio
from collections.abc import Mapping
from typing import Self
from urllib.parse import quote

from aiohttp import web
from aiohttp.test_utils import TestServer


class FileHost:
    """``urls`` are good for what was put there; ``asked`` counts the requests."""

    def __init__(self) -> None:
        app = web.Application()
        app.router.add_get("/media/{number}", self._give)
        self.server = TestServer(app)
        self.asked = 0
        self._held: list[tuple[bytes, str, int, Mapping[str, str]]] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def __aenter__(self) -> Self:
        await self.server.start_server()
        return self

    async def __aexit__(self, *error: object) -> None:
        self.gate.set()
        await self.server.close()

    def put(self, data: bytes, name: str = "", status: int = 200, **headers: str) -> str:
        """The address of some bytes; ``name`` stands in their header."""
        self._held.append((data, name, status, headers))
        return str(self.server.make_url(f"/media/{len(self._held) - 1}"))

    async def _give(self, request: web.Request) -> web.StreamResponse:
        self.asked += 1
        await self.gate.wait()
        data, name, status, more = self._held[int(request.match_info["number"])]
        named = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"} if name else {}
        return web.Response(body=data, status=status, headers={**named, **more})

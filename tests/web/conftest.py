"""The board of the sample school on loopback, and browsers of it: one for each person."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import CookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from bot.cli.play import board_of
from tests.web.visitor import Browser, Visitor


@pytest.fixture
async def server(chat) -> AsyncIterator[TestServer]:
    playground = chat.playground
    app = web.Application()
    board_of(playground).add_to(app)
    async with TestServer(app) as served:
        playground.calendars.public_url = str(served.make_url("")).rstrip("/")
        yield served


@pytest.fixture
async def browser(server) -> AsyncIterator[Browser]:
    async with TestClient(server, cookie_jar=CookieJar(unsafe=True)) as client:
        yield client


@pytest.fixture
async def visitors(chat, server) -> AsyncIterator["Visitors"]:
    found = Visitors(chat, server)
    yield found
    for client in found.clients:
        await client.close()


class Visitors:
    """``await visitors.王老师()`` opens the board with a fresh link in a browser of its own."""

    def __init__(self, chat, server: TestServer) -> None:
        self._chat = chat
        self._server = server
        self.clients: list[Browser] = []

    def __getattr__(self, name: str):
        async def opened(group: str | None = None) -> Visitor:
            client: Browser = TestClient(self._server, cookie_jar=CookieJar(unsafe=True))
            await client.start_server()
            self.clients.append(client)
            visitor = Visitor(client, getattr(self._chat, name))
            await visitor.enter(group)
            return visitor

        return opened

"""The board of the sample school, and a browser that keeps its cookies."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import CookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from bot.cli.play import board_of
from tests.web.visiting import Browser


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

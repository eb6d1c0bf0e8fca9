"""The simulator's server on loopback, and a client of it."""

from collections.abc import AsyncIterator

import pytest_asyncio
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from bot.simulator.server import make_app
from tests.simulator.api_client import Api
from tests.simulator.fake_simulation import FakeSimulation


@pytest_asyncio.fixture
async def api() -> AsyncIterator[Api]:
    simulation = FakeSimulation()
    server = TestServer(make_app(simulation), host="127.0.0.1")
    async with server, ClientSession() as session:
        yield Api(simulation, server, session)

"""A fake DingTalk on loopback, an HTTP client, a clock that is moved."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from bot.clock import MovableClock
from bot.simulator import sample
from tests.platforms.dingtalk.fake import FakeDingTalk
from tests.platforms.dingtalk.fake_gateway import FakeGateway


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(sample.START)


@pytest.fixture
async def fake(clock: MovableClock) -> AsyncIterator[FakeDingTalk]:
    made = FakeDingTalk(clock)
    await made.server.start_server()
    yield made
    await made.server.close()


@pytest.fixture
async def gateway(clock: MovableClock) -> AsyncIterator[FakeGateway]:
    made = FakeGateway(clock)
    await made.server.start_server()
    yield made
    await made.server.close()


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session

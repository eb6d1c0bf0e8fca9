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
    async with FakeDingTalk(clock) as made:
        yield made


@pytest.fixture
async def gateway(clock: MovableClock) -> AsyncIterator[FakeGateway]:
    async with FakeGateway(clock) as made:
        yield made


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session

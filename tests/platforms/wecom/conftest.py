"""A WeCom line on loopback, a clock that is moved, the sample school on both."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import MovableClock
from bot.simulator import sample
from tests.platforms.wecom.connection_school import School, school
from tests.platforms.wecom.fake_connection import FakeConnection


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(sample.START)


@pytest.fixture
async def platform(clock: MovableClock) -> AsyncIterator[FakeConnection]:
    async with FakeConnection(clock) as made:
        yield made


@pytest.fixture
async def house(platform: FakeConnection, tmp_path: Path, clock: MovableClock) -> AsyncIterator[School]:
    async with school(platform, tmp_path, clock) as made:
        yield made

"""The platforms' SDKs, each one process for all tests, and a DingTalk on loopback."""

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.clock import MovableClock
from bot.simulator import sample
from tests.platforms.dingtalk.fake import FakeDingTalk
from tests.platforms.peers.process import Peer, dingtalk_sdk, wecom_sdk


@pytest.fixture(scope="session")
def wecom() -> Iterator[Peer]:
    peer = wecom_sdk()
    yield peer
    peer.close()


@pytest.fixture(scope="session")
def dingtalk() -> Iterator[Peer]:
    peer = dingtalk_sdk()
    yield peer
    peer.close()


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(sample.START)


@pytest.fixture
async def fake(clock: MovableClock) -> AsyncIterator[FakeDingTalk]:
    async with FakeDingTalk(clock) as made:
        yield made

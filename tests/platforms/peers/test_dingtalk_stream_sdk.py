"""dingtalk-stream, the platform's own client, on the gateway our connection is tested with."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.clock import MovableClock
from bot.simulator import sample
from tests.platforms.dingtalk import samples
from tests.platforms.dingtalk.fake_gateway import CARDS, MESSAGES, FakeGateway
from tests.platforms.peers.process import Peer, dingtalk_sdk

pytestmark = pytest.mark.timeout(40)


@pytest.fixture
async def gateway(clock: MovableClock) -> AsyncIterator[FakeGateway]:
    async with FakeGateway(clock) as made:
        yield made


@pytest.fixture
async def client(gateway: FakeGateway) -> AsyncIterator[Peer]:
    peer = dingtalk_sdk(DINGTALK_OPENAPI_ENDPOINT=gateway.base)
    await peer.ask("listen", key="dingKEY", secret=samples.SECRET)
    yield peer
    peer.close()


def message(gateway: FakeGateway, **changes: Any) -> dict[str, Any]:
    gateway.sessions.add("s-1")
    return samples.body(" /本周备课", sessionWebhook=f"{gateway.base}/robot/sendBySession?session=s-1", **changes)


async def test_it_opens_hears_answers_and_acknowledges(gateway: FakeGateway, client: Peer) -> None:
    delivery = await gateway.acked(await gateway.push(message(gateway)), 20)
    assert delivery.code == 200
    assert (await gateway.posted())[0] == {"to": "s-1", "content": "收到 /本周备课"}
    asked = gateway.asked[0]
    assert {one["topic"] for one in asked["subscriptions"] if one["type"] == "CALLBACK"} == {MESSAGES, CARDS}
    heard = await client.ask("heard")
    assert heard == {"ids": ["msg-1"]}


async def test_it_asks_as_ours_does(gateway: FakeGateway, client: Peer) -> None:
    await gateway.until(lambda: gateway.alive, 20)
    theirs = gateway.asked[0]
    assert {"clientId", "clientSecret", "subscriptions", "ua", "localIp"} <= set(theirs)
    assert (theirs["clientId"], theirs["clientSecret"]) == ("dingKEY", samples.SECRET)
    del client


async def test_it_answers_a_ping_and_changes_the_connection(gateway: FakeGateway, client: Peer) -> None:
    await gateway.until(lambda: gateway.alive, 20)
    await gateway.disconnect()
    await gateway.until(lambda: len(gateway.lines) == 2, 20)
    assert len(gateway.opens) == 2
    assert gateway.refused == 0  # a ticket of its own for each
    del client


async def test_a_tap_is_answered(gateway: FakeGateway, client: Peer) -> None:
    tap = {"type": "actionCallback", "userId": sample.user_of("王老师"), "content": '{"cardPrivateData": {}}'}
    delivery = await gateway.acked(await gateway.push(tap, topic=CARDS), 20)
    assert (delivery.code, delivery.ack) == (200, {"response": {}})
    del client

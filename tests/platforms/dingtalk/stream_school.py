"""The sample school on a DingTalk Stream: what is said comes over the wire, what is answered is seen in the chat."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from bot.clock import MovableClock
from bot.platforms.dingtalk.signing import milliseconds
from bot.platforms.links import Timing
from bot.simulator import sample
from tests.platforms.dingtalk.fake_gateway import Delivery, FakeGateway
from tests.platforms.dingtalk.samples import SECRET, body
from tests.platforms.house import Served, house, school_config, section

TIMING = Timing(connect=2.0, silence=0.6, look=0.05, first=0.01, most=0.3, steady=0.6, linger=0.5)
"""A hundredth of the real ones, but for opening a connection: a minute is six tenths of a second."""


@dataclass
class StreamSchool:
    """A running bot and its platform."""

    served: Served
    gateway: FakeGateway
    clock: MovableClock
    numbers: Any = field(default_factory=lambda: count(1))

    def message(self, who: str, text: str | None, *, private: bool = False, **more: Any) -> dict[str, Any]:
        """What DingTalk delivers when somebody writes, with a session that holds."""
        number, now = next(self.numbers), milliseconds(self.clock.now())
        session = f"s-{number}"
        self.gateway.sessions.add(session)
        given = {
            "msgId": f"msg-{number}",
            "senderStaffId": sample.user_of(who),
            "senderNick": who,
            "conversationType": "1" if private else "2",
            "conversationId": f"cid-{who}" if private else sample.chat_of("chinese"),
            "createAt": now,
            "sessionWebhook": f"{self.gateway.base}/robot/sendBySession?session={session}",
            "sessionWebhookExpiredTime": now + 5_400_000,
        }
        return body(text, **{**given, **more})

    async def says(self, who: str, text: str, *, private: bool = False, **more: Any) -> str:
        """Say it, see it acknowledged, and read the answer."""
        before = len(self.gateway.posts)
        delivery = await self.gateway.push(self.message(who, f" {text}", private=private, **more))
        assert (await self.gateway.acked(delivery)).code == 200
        return str((await self.gateway.posted(before + 1))[before]["text"])

    async def hears(self, body: dict[str, Any]) -> Delivery:
        """Deliver a body and wait for its acknowledgement."""
        return await self.gateway.acked(await self.gateway.push(body))

    async def ready(self) -> tuple[int, dict[str, Any]]:
        """What /health/ready says."""
        async with self.served.http.get(f"{self.served.url}/health/ready") as answer:
            return answer.status, await answer.json()


@asynccontextmanager
async def stream_school(
    gateway: FakeGateway, folder: Path, clock: MovableClock, *, timing: Timing = TIMING, **changes: str | int | int
) -> AsyncIterator[StreamSchool]:
    """The bot over a folder; its connection is open when this begins, unless the gateway refuses."""
    given = {
        "name": "ding",
        "client_id": "dingKEY",
        "client_secret": SECRET,
        "robot_code": "dingrobotcode",
        "corp_id": "dingcorp",
        "api_base": gateway.base,
        "oapi_base": gateway.base,
    }
    config = school_config(section("dingtalk-stream", **{**given, **changes}), channel="ding")
    asked = gateway.calls.count("open")
    async with house(config, folder, clock, timing) as served:
        async with asyncio.timeout(10):
            while not served.links[0].state.up and gateway.calls.count("open") < asked + 3:  # noqa: ASYNC110 - over a wire
                await asyncio.sleep(0.005)
        yield StreamSchool(served, gateway, clock)

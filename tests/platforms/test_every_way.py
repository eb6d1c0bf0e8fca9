"""The same day on every kind of channel: the card of the day and the private note, once, with a restart between."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.chat.transport import Incoming
from bot.clock import SCHOOL_ZONE, MovableClock
from bot.simulator import sample
from tests.platforms.dingtalk.fake import ACCESS, SEC, FakeDingTalk
from tests.platforms.dingtalk.fake_gateway import FakeGateway
from tests.platforms.dingtalk.samples import SECRET
from tests.platforms.house import Served, house, school_config, section
from tests.platforms.wecom.connection_rules import BOT
from tests.platforms.wecom.connection_rules import SECRET as WECOM_SECRET
from tests.platforms.wecom.fake import Fake
from tests.platforms.wecom.fake_connection import FakeConnection
from tests.platforms.wecom.peer import KEY, TOKEN

WANG = sample.user_of("王老师")
CARD, NOTE = "集体备课", "交单元卷"


@dataclass(frozen=True)
class Way:
    """A kind of channel and its platform.

    Attributes:
        config: the [[channels]]; ``hears`` and ``posts`` name the one that listens and the one that speaks.
        seen: what stands in the chats: (the chat or person, the text).
    """

    config: str
    seen: Callable[[], list[tuple[str, str]]]
    chat: str = ""
    hears: str = "here"
    posts: str = ""
    links: int = 0


@asynccontextmanager
async def dingtalk(kind: str, clock: MovableClock) -> AsyncIterator[Way]:
    async with FakeGateway(clock) if kind == "dingtalk-stream" else FakeDingTalk(clock) as fake:
        keys = {"client_id": "dingKEY", "client_secret": SECRET, "robot_code": "dingrobotcode", "corp_id": "dingcorp"}
        app = section(kind, name="here", api_base=fake.base, oapi_base=fake.base, **keys)
        yield Way(
            app, lambda: [(_one(post["to"]), post["text"]) for post in fake.posts], links=kind != "dingtalk-callback"
        )


@asynccontextmanager
async def dingtalk_robot(clock: MovableClock) -> AsyncIterator[Way]:
    """Posts through the group's robot; an app hears, its notes go by the API."""
    async with dingtalk("dingtalk-callback", clock) as app, FakeDingTalk(clock) as fake:
        robot = section(
            "dingtalk-robot", name="posts", webhook=f"{fake.base}/robot/send?access_token={ACCESS}", secret=SEC
        )
        chat = sample.chat_of("chinese")

        def seen() -> list[tuple[str, str]]:
            return [*app.seen(), *((chat, post["text"]) for post in fake.posts)]

        yield Way(f"{app.config}\n{robot}", seen, posts="posts")


@asynccontextmanager
async def wecom_robot(clock: MovableClock) -> AsyncIterator[Way]:
    """Posts through the group's robot; the callback robot hears, and what it cannot push waits for the person."""
    async with Fake(clock) as fake:
        ears = section("wecom-callback", name="here", token=TOKEN, encoding_aes_key=KEY, api_base=fake.base)
        robot = section("wecom-robot", name="posts", webhook=fake.webhook)
        chat = sample.chat_of("chinese")
        yield Way(f"{ears}\n{robot}", lambda: [(chat, _words(body)) for body in fake.taken], posts="posts")


@asynccontextmanager
async def wecom_connection(clock: MovableClock) -> AsyncIterator[Way]:
    async with FakeConnection(clock) as fake:
        config = section("wecom-connection", name="here", bot_id=BOT, secret=WECOM_SECRET, url=fake.url)
        fake.spoke |= {sample.chat_of("chinese"): 2, WANG: 1}
        yield Way(config, lambda: [(one.chat, one.text) for one in fake.shown], links=1)


def _one(to: Any) -> str:
    return str(to[0]) if isinstance(to, list) else str(to)


def _words(body: dict[str, Any]) -> str:
    return str(body[body["msgtype"]]["content"])


WAYS = {
    "dingtalk-callback": lambda clock: dingtalk("dingtalk-callback", clock),
    "dingtalk-stream": lambda clock: dingtalk("dingtalk-stream", clock),
    "dingtalk-robot": dingtalk_robot,
    "wecom-callback": wecom_robot,
    "wecom-connection": wecom_connection,
}
"""What a wecom-callback cannot post its group's wecom-robot does: one row for both."""


@pytest.mark.parametrize("kind", WAYS)
async def test_the_card_of_the_day_and_a_note_come_once(kind: str, tmp_path: Path) -> None:
    clock = MovableClock(sample.START)
    async with WAYS[kind](clock) as way:
        config = school_config(way.config, channel=way.hears, posts_through=way.posts)
        async with house(config, tmp_path, clock) as served:
            await said(served, "李老师", "/日程 加 每周三第8节 集体备课")
            await said(served, "李老师", "/任务 王老师 周五前 交单元卷")
            await sent(served, way)
        clock.set(datetime(2026, 9, 8, 7, 10, tzinfo=SCHOOL_ZONE))
        for _ in range(2):
            async with house(config, tmp_path, clock) as served:
                await served.bot.tick()
                await sent(served, way)
        chat = sample.chat_of("chinese")
        cards = [text for to, text in way.seen() if to == chat and CARD in text]
        assert len(cards) == 1
        assert "9月9日 周三第8节" in cards[0]
        notes = [text for to, text in way.seen() if to == WANG and NOTE in text]
        async with house(config, tmp_path, clock) as served:
            private = await said(served, "王老师", "/我的", private=True)
            again = await said(served, "王老师", "/我的", private=True)
        assert (len(notes), "给您的留言" in private, "给您的留言" in again) == (
            (0, True, False) if kind == "wecom-callback" else (1, False, False)
        ), "it was pushed, or it came with the next private answer, once"


numbers = iter(range(10_000))


async def said(served: Served, who: str, text: str, *, private: bool = False) -> str:
    """Say it to the bot as the channel would hand it over; the answer."""
    user = sample.user_of(who)
    incoming = Incoming(
        channel="here",
        msgid=f"m-{next(numbers)}",
        chat=user if private else sample.chat_of("chinese"),
        private=private,
        sender=user,
        text=text,
        bot_name="备课助手",
        at=served.clock.now(),
    )
    outcome = await served.bot.dispatcher.receive(incoming)
    assert outcome is not None
    return outcome.answer.plain()


async def sent(served: Served, way: Way) -> None:
    """Everything that can leave has left; a robot's minute is waited for on the clock."""
    if way.links:
        while not served.links[0].state.up:  # noqa: ASYNC110 - over a wire
            await asyncio.sleep(0.005)
    await served.bot.sender.drain()
    served.clock.set(served.clock.now() + timedelta(seconds=61))
    await served.bot.sender.drain()

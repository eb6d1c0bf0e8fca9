"""From an encrypted callback through the real dispatcher over the sample school, and back."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import aiohttp
import pytest

from bot import app
from bot.chat.commands import Registry, command
from bot.chat.context import Context
from bot.chat.reply import Reply, say
from bot.clock import MovableClock
from bot.content import Content
from bot.delivery.outbox import OutboxItem, enqueue
from bot.delivery.seen import Seen
from bot.delivery.sender import Sender
from bot.dispatch import Dispatcher
from bot.domain.people import SYSTEM
from bot.platforms.wecom.callback import WeComCallback
from bot.platforms.wecom.late import StoredReplies
from bot.platforms.wecom.payloads import Message
from bot.platforms.wecom.records import Slip
from bot.platforms.wecom.replies import QUIET, WeComReplies
from bot.simulator import sample
from bot.storage.tiny import TinyStore
from tests.platforms.wecom.fake import Fake, new_session
from tests.platforms.wecom.fake import Reply as Answer
from tests.platforms.wecom.peer import Platform, settings

CHINESE = sample.chat_of("chinese")
WANG = sample.user_of("王老师")


class House:
    """The sample school with its callback, as one process after another on one folder."""

    def __init__(self, folder: Path, fake: Fake, session: aiohttp.ClientSession) -> None:
        self.clock = MovableClock(sample.START)
        self.platform = Platform(self.clock)
        self.store = TinyStore(folder)
        self.gate = asyncio.Event()
        self.gate.set()
        self.fake, self.session = fake, session
        self.codes = itertools.count(1)
        self._begin(patience=5.0)

    def _begin(self, patience: float) -> None:
        own = settings(name=sample.CHANNEL, api_base=self.fake.base)
        registry = Registry([*app.modules("handlers"), self._slow()])
        self.dispatcher = Dispatcher(self.store, registry, self.clock, patience=patience)
        self.late = StoredReplies(self.store, sample.CHANNEL, self.fake.base)
        self.callback = WeComCallback(own, self.dispatcher.receive, self.late, self.clock)
        replies = WeComReplies(own, self.session, self.late, self.clock)
        self.sender = Sender(self.store, {sample.CHANNEL: replies}, self.clock)

    def _slow(self) -> ModuleType:
        @command("慢慢", example="/慢慢")
        async def slow(ctx: Context) -> Reply:
            """等到放行"""
            await self.gate.wait()
            return say("✅ 终于好了")

        made = ModuleType("probe")
        slow.__module__ = made.__name__
        made.__dict__["slow"] = slow
        return made

    async def restart(self, patience: float = 5.0) -> None:
        await self.store.close()
        await self.store.open()
        self._begin(patience)

    async def hear(self, text: str, chat: str = CHINESE, who: str = WANG, **more: Any) -> bytes:
        url = f"{self.fake.base}/cgi-bin/aibot/response?response_code={next(self.codes)}"
        body = self.platform.body(text, **{"who": who, "chat": chat, "response_url": url, **more})
        return await self.callback.receive(*self.platform.signed(body))

    async def refresh(self, stream: str) -> bytes:
        return await self.hear("", msgtype="stream", stream={"id": stream})

    async def outbox(self) -> list[OutboxItem]:
        async with self.store.transaction(SYSTEM) as tx:
            return await tx.scan(OutboxItem)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with Fake() as fake, new_session() as session:
        house = House(tmp_path / "数据", fake, session)
        await house.store.open()
        await sample.found(house.store, sample.START)
        yield house
        house.gate.set()
        await house.dispatcher.settle()
        await house.store.close()


async def test_a_sign_up_is_answered_in_the_group(house: House) -> None:
    said = house.platform.said(await house.hear("@备课助手 /报名 1"))
    assert "已报名" in said
    assert "《峨日朵雪峰之侧》" in house.platform.said(await house.hear("@备课助手 /我的"))


async def test_three_deliveries_at_once_after_each_other_and_after_a_restart_are_one_sign_up(house: House) -> None:
    first, second = await asyncio.gather(*(house.hear("@备课助手 /报名 1", msgid="M") for _ in range(2)))
    await house.restart()
    third = await house.hear("@备课助手 /报名 1", msgid="M")
    streams = [house.platform.read(answer)["stream"] for answer in (first, second, third)]
    assert streams[0] == streams[1] == streams[2]
    async with house.store.transaction(SYSTEM) as tx:
        assert len(await tx.scan(Seen)) == 1


async def test_a_quoted_command_is_not_run(house: House) -> None:
    quote = {"msgtype": "text", "text": {"content": "/报名 1"}}
    house.platform.said(await house.hear("@备课助手 谢谢", quote=quote))
    assert "《峨日朵雪峰之侧》" not in house.platform.said(await house.hear("@备课助手 /我的"))


async def test_an_unknown_chat_learns_how_to_begin(house: House) -> None:
    assert "/建组" in house.platform.said(await house.hear("@备课助手 你好", chat="wrNew"))


async def late(house: House) -> str:
    """A question that takes too long; returns its stream."""
    await house.restart(patience=0.02)
    house.gate.clear()
    stream = house.platform.read(await house.hear("@备课助手 /慢慢", msgid="SLOW"))["stream"]
    assert stream["finish"] is False
    return str(stream["id"])


async def test_a_late_answer_is_fetched_once_and_posted_nowhere(house: House) -> None:
    stream = await late(house)
    assert house.platform.read(await house.refresh(stream))["stream"]["finish"] is False
    house.gate.set()
    await house.dispatcher.settle()
    assert [item.state for item in await house.sender.drain()] == ["waiting"]  # the platform is still asking
    assert house.platform.said(await house.refresh(stream)) == "✅ 终于好了"
    house.clock.set(house.clock.now() + timedelta(minutes=1))
    assert [item.state for item in await house.sender.drain()] == ["sent"]
    assert house.fake.taken == []


async def test_a_late_answer_nobody_fetches_is_posted_to_its_address_once(house: House) -> None:
    await late(house)
    house.gate.set()
    await house.dispatcher.settle()
    house.clock.set(house.clock.now() + QUIET)
    assert [item.state for item in await house.sender.drain()] == ["sent"]
    assert [body["markdown"]["content"] for body in house.fake.taken] == ["✅ 终于好了"]


async def test_a_restart_in_the_middle_of_a_slow_command_loses_no_answer(house: House) -> None:
    stream = await late(house)
    house.gate.set()
    await house.dispatcher.settle()
    await house.restart()
    await house.dispatcher.drain()
    assert house.platform.said(await house.refresh(stream)) == "✅ 终于好了"
    house.clock.set(house.clock.now() + timedelta(minutes=2))
    await house.sender.drain()
    assert [item.state for item in await house.outbox()] == ["sent"]
    assert house.fake.taken == []


async def test_a_duplicate_of_a_slow_question_continues_its_stream(house: House) -> None:
    stream = await late(house)
    again = house.platform.read(await house.hear("@备课助手 /慢慢", msgid="SLOW"))["stream"]
    assert (again["id"], again["finish"]) == (stream, False)
    async with house.store.transaction(SYSTEM) as tx:
        assert len(await tx.scan(Slip)) == 1


async def test_two_deliveries_of_a_slow_question_at_once_are_one_slip(house: House) -> None:
    await house.restart(patience=0.02)
    house.gate.clear()
    both = await asyncio.gather(*(house.hear("@备课助手 /慢慢", msgid="SLOW") for _ in range(3)))
    streams = [house.platform.read(answer)["stream"] for answer in both]
    assert [stream["finish"] for stream in streams] == [False] * 3
    assert len({stream["id"] for stream in streams}) == 1
    async with house.store.transaction(SYSTEM) as tx:
        assert len(await tx.scan(Slip)) == 1


async def test_an_answer_ready_before_its_slip_is_not_lost(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sender is quicker than the note that an answer is awaited: it comes again."""
    states: list[str] = []

    async def slowly(message: Message) -> None:
        house.gate.set()
        await house.dispatcher.settle()
        states.extend(item.state for item in await house.sender.drain())
        await expect(message)

    await house.restart(patience=0.02)
    expect = house.late.expect
    monkeypatch.setattr(house.late, "expect", slowly)
    house.gate.clear()
    await house.hear("@备课助手 /慢慢")
    assert states == ["waiting"]
    house.clock.set(house.clock.now() + QUIET)
    assert [item.state for item in await house.sender.drain()] == ["sent"]
    assert len(house.fake.taken) == 1


async def test_two_late_answers_with_the_same_words_both_arrive(house: House) -> None:
    await late(house)
    await house.hear("@备课助手 /慢慢", msgid="SLOW2")
    house.gate.set()
    await house.dispatcher.settle()
    house.clock.set(house.clock.now() + timedelta(minutes=1))
    await house.sender.drain()
    assert [item.state for item in await house.outbox()] == ["sent", "sent"]
    assert len(house.fake.taken) == len(set(house.fake.paths)) == 2  # each address works once


async def test_a_late_private_answer_finds_its_way(house: House) -> None:
    await house.restart(patience=0.02)
    house.gate.clear()
    await house.hear("/慢慢", chat="", who=sample.user_of("陈老师"))
    house.gate.set()
    await house.dispatcher.settle()
    house.clock.set(house.clock.now() + QUIET)
    await house.sender.drain()
    assert [item.state for item in await house.outbox()] == ["sent"]


async def test_posts_and_notes_are_not_for_this_channel(house: House) -> None:
    async with house.store.transaction(SYSTEM) as tx:
        common: dict[str, Any] = {"channel": sample.CHANNEL, "content": Content(lines=("x",)), "now": sample.START}
        await enqueue(tx, kind="card", to=CHINESE, **common)
        await enqueue(tx, kind="change", to=CHINESE, **common)
        await enqueue(tx, kind="note", to=WANG, private=True, **common)
    await house.sender.drain()
    assert [item.state for item in await house.outbox()] == ["failed", "failed", "inbox"]
    assert house.fake.received == 0


async def test_a_late_answer_after_the_hour_is_said_to_be_lost(house: House) -> None:
    await late(house)
    house.gate.set()
    await house.dispatcher.settle()
    house.clock.set(house.clock.now() + timedelta(hours=1))
    await house.sender.drain()
    items = await house.outbox()
    assert [(item.state, item.last_error) for item in items] == [("failed", "回答地址已经过期")]
    assert house.fake.received == 0


async def test_a_used_address_is_final(house: House) -> None:
    await late(house)
    house.gate.set()
    await house.dispatcher.settle()
    house.clock.set(house.clock.now() + QUIET)
    house.fake.next.append(Answer(errcode=846605))
    await house.sender.drain()
    assert [item.state for item in await house.outbox()] == ["failed"]


async def test_an_address_elsewhere_is_never_called(house: House) -> None:
    await house.restart(patience=0.02)
    house.gate.clear()
    body = house.platform.body("@备课助手 /慢慢", who=WANG, chat=CHINESE, response_url="https://example.com/steal?x=1")
    await house.callback.receive(*house.platform.signed(body))
    house.gate.set()
    await house.dispatcher.settle()
    async with house.store.transaction(SYSTEM) as tx:
        assert [slip.response_url for slip in await tx.scan(Slip)] == [""]

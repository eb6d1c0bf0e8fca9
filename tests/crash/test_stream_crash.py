"""``python -m bot run`` on a DingTalk Stream, killed at random; what nobody acknowledged comes again.

``CRASH_ROUNDS=200`` makes it longer; the figures are printed with ``-s``.
"""

import asyncio
import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from bot.cli.data import snapshot
from bot.clock import SCHOOL_ZONE, SystemClock
from bot.delivery.outbox import OutboxItem
from bot.domain.groups import space_of
from bot.domain.people import SYSTEM
from bot.domain.reflections import Reflection
from bot.domain.routines import RoutineChange
from bot.platforms.dingtalk.signing import milliseconds
from tests.crash.bot_process import BotProcess
from tests.crash.school import TEAMS, config
from tests.platforms.dingtalk import samples
from tests.platforms.dingtalk.fake_gateway import Delivery, FakeGateway

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "2"))
TEAM = TEAMS[1]
"""It posts through DingTalk's API, where nobody notices a repetition."""

LEADER, *MEMBERS = TEAM.people


@dataclass
class Platform:
    """The gateway and what everybody has said: the text of each message by its id."""

    gateway: FakeGateway
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)
    pushed: list[tuple[str, Delivery]] = field(default_factory=list)

    def message(self, who: str, text: str, *, private: bool) -> dict[str, Any]:
        msgid, now = f"m{next(self.numbers):06}", milliseconds(datetime.now(SCHOOL_ZONE))
        self.gateway.sessions.add(msgid)
        self.bodies[msgid] = samples.body(
            f" {text}",
            msgId=msgid,
            senderStaffId=who,
            senderNick=who,
            chatbotCorpId="",
            conversationType="1" if private else "2",
            conversationId=f"cid {who}" if private else TEAM.chat,
            createAt=now,
            sessionWebhook=f"{self.gateway.base}/robot/sendBySession?session={msgid}",
            sessionWebhookExpiredTime=now + 5_400_000,
        )
        return self.bodies[msgid]

    async def push(self, body: dict[str, Any]) -> Delivery:
        delivery = await self.gateway.push(body)
        self.pushed.append((body["msgId"], delivery))
        return delivery

    @property
    def acked(self) -> set[str]:
        return {msgid for msgid, delivery in self.pushed if delivery.code == 200}

    async def speak(self, routine: str) -> None:
        """Everybody says the next thing; some of it comes twice at once, and some of what was answered comes again."""
        place = f"阅览室{next(self.numbers):06}".translate(_CHINESE)
        said = [self.message(LEADER, f"/日程 改 {routine} 地点\uff1a{place}", private=True)]
        for name in MEMBERS:
            text = f"/反思 第{next(self.numbers):06}条记录\uff0c导入太长\uff0c下次三分钟内进入文本"
            said.append(self.message(name, text, private=random.random() < 0.5))  # noqa: S311
        said += [body for body in said if random.random() < 0.1]  # noqa: S311 - any of them
        known = sorted(self.acked)
        said += [self.bodies[random.choice(known)] for _ in range(min(len(known), 1))]  # noqa: S311
        for body in said:
            await self.push(body)

    async def bring_again(self) -> int:
        """What nobody has acknowledged, a hundred at a time in new frames; how many messages that were."""
        waiting = sorted(set(self.bodies) - self.acked)
        for some in (waiting[start : start + 100] for start in range(0, len(waiting), 100)):
            deliveries = [await self.push(self.bodies[msgid]) for msgid in some]
            with suppress(TimeoutError):
                await self.gateway.until(lambda now=deliveries: all(one.code is not None for one in now), 5)  # type: ignore[misc]
        return len(waiting)


_CHINESE = str.maketrans("0123456789", "春夏秋冬东南西北风雨")
"""Numbers in characters that no time and no item number can be read into."""


async def until_killed(platform: Platform, bot: BotProcess, routine: str) -> None:
    """Everybody talks until the bot is killed at a random moment."""

    async def talk() -> None:
        with suppress(ConnectionError, RuntimeError, AssertionError, IndexError):
            while True:
                await platform.speak(routine)
                await asyncio.sleep(random.random() * 0.05)  # noqa: S311 - any rhythm

    talking = asyncio.create_task(talk())
    await asyncio.sleep(random.uniform(0.05, 0.6))  # noqa: S311 - any moment will do
    await bot.kill()
    talking.cancel()
    await asyncio.wait({talking})
    await platform.gateway.until(lambda: not platform.gateway.alive)


async def begun(platform: Platform, bot: BotProcess) -> str:
    """The number of the routine that will be moved about."""
    await bot.start()
    await platform.push(platform.message(LEADER, "/日程 加 每周三第8节 集体备课", private=True))
    answer = (await platform.gateway.posted())[0]["text"]
    found = re.search(r"已加 (\d+)", answer)
    assert found, answer
    return found[1]


async def items(data: Path) -> list[OutboxItem]:
    async with snapshot(data) as store, store.transaction(SYSTEM) as tx:
        return await tx.scan(OutboxItem)


async def settled(platform: Platform, data: Path) -> None:
    """Everything said is acknowledged, and nothing waits to be sent any more."""
    until = monotonic() + 60 + ROUNDS
    while True:
        waiting = await platform.bring_again()
        await asyncio.sleep(0.5)
        found = [item for item in await items(data) if not item.notice]
        busy = [item for item in found if item.state in ("waiting", "sending", "unknown")]
        if not waiting and not busy:
            return
        assert monotonic() < until, (waiting, len(busy), busy[:2])


@pytest.mark.timeout(90 + 10 * ROUNDS)
async def test_nothing_acknowledged_is_lost_and_nothing_done_twice(tmp_path: Path) -> None:
    folder, gateway = tmp_path / "数据 目录", FakeGateway(SystemClock(), people={*TEAM.people})
    folder.mkdir()
    await gateway.server.start_server()
    text = config(gateway.base).replace("dingtalk-callback", "dingtalk-stream")
    (folder / "config.toml").write_text(text, encoding="utf-8")
    platform, bot = Platform(gateway), BotProcess(folder, gateway.base)
    try:
        routine = await begun(platform, bot)
        await bot.kill()
        for _ in range(ROUNDS):
            await bot.start()
            await platform.gateway.until(lambda: gateway.alive)
            await platform.bring_again()
            await until_killed(platform, bot, routine)
        await bot.start()
        await settled(platform, folder / "data")
        assert await bot.stop() == 0
    finally:
        await bot.kill()
        await gateway.server.close()
    await done_once(platform, folder / "data")
    posted_once(platform, await items(folder / "data"))
    assert "Traceback" not in bot.log


def said(platform: Platform, command: str) -> list[str]:
    """The arguments of everything said under a command."""
    texts = [str(body["text"]["content"]).strip() for body in platform.bodies.values()]
    return sorted(text.removeprefix(command) for text in texts if text.startswith(command))


async def done_once(platform: Platform, data: Path) -> None:
    async with snapshot(data) as store, store.transaction(space_of(TEAM.name)) as tx:
        reflections = sorted(reflection.text for reflection in await tx.scan(Reflection))
        places = sorted(change.place for change in await tx.scan(RoutineChange))
    assert reflections == said(platform, "/反思 ")
    assert places == sorted(text.split("\uff1a")[1] for text in said(platform, "/日程 改 "))


def posted_once(platform: Platform, outbox: list[OutboxItem]) -> None:
    """A post may be undecided, one for each kill: then it is held. An answer may come twice."""
    shown = Counter(str(post["text"]) for post in platform.gateway.posts if post["to"] == TEAM.chat)
    changes = [item for item in outbox if item.kind == "change" and item.channel == "ding"]
    for item in changes:
        assert item.state in ("sent", "held"), item
        times = shown[item.content.lines[0]]
        assert times == 1 if item.state == "sent" else times <= 1, (item, times)
    answers = [item for item in outbox if item.kind == "reply"]
    assert {item.state for item in answers} <= {"sent", "held"}
    held = sum(item.state == "held" for item in (*changes, *answers))  # an answer cut off three times waits in /待定
    assert held <= ROUNDS
    shown_all = len(platform.gateway.posts)
    assert shown_all + held >= len(platform.bodies) + len(changes)
    print(f"{ROUNDS} kills, {len(platform.bodies)} messages delivered {len(platform.pushed)} times, ", end="")
    print(f"{shown_all} things said, {len(answers)} answers by the line; ", end="")
    print(f"{len(changes)} changes posted, {held} posts and answers held")

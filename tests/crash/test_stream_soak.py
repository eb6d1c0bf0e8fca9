"""Fifty messages a second on a DingTalk Stream: how long acknowledgement and answer take, and what grows.

``SOAK_SECONDS=600`` makes it longer; the figures are printed with ``-s``. What is stored stays in memory by design, so
the memory at the end is compared with that of a fresh process on the same data, after a little talk.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from statistics import quantiles
from time import monotonic

import pytest

from bot.clock import SCHOOL_ZONE, SystemClock
from bot.platforms.dingtalk.signing import milliseconds
from tests.crash.bot_process import BotProcess
from tests.crash.school import Team, config
from tests.platforms.dingtalk import samples
from tests.platforms.dingtalk.fake_gateway import Delivery, FakeGateway

SECONDS = float(os.environ.get("SOAK_SECONDS", "1"))
LONG = SECONDS >= 60
RATE = 50
WARM = 2.0
"""Seconds of talk after which a process has loaded what it needs."""

TEXTS = ("/反思 导入太长\uff0c下次三分钟内进入文本。", "/本周备课", "/任务", "/帮助", "/公开课")
PEOPLE = ("李老师", "王老师", "张老师")
TEAMS = tuple(Team(f"第{number}备课组", "ding", "", PEOPLE) for number in range(20))


@asynccontextmanager
async def bot_on(folder: Path, gateway: FakeGateway) -> AsyncIterator[BotProcess]:
    bot = BotProcess(folder, gateway.base)
    await bot.start()
    try:
        await gateway.until(lambda: gateway.alive)
        await asyncio.sleep(1)
        yield bot
        assert await bot.stop() == 0
    finally:
        await bot.kill()


def message(gateway: FakeGateway, number: int) -> dict[str, object]:
    team, now = TEAMS[number % len(TEAMS)], milliseconds(datetime.now(SCHOOL_ZONE))
    gateway.sessions = {f"s-{number}", *list(gateway.sessions)[:5_000]} if number % 5_000 == 0 else gateway.sessions
    gateway.sessions.add(f"s-{number}")
    return samples.body(
        f" {TEXTS[number % len(TEXTS)]}",
        msgId=f"m-{number}",
        senderStaffId=PEOPLE[number % len(PEOPLE)],
        senderNick=PEOPLE[number % len(PEOPLE)],
        chatbotCorpId="",
        conversationId=team.chat,
        createAt=now,
        sessionWebhook=f"{gateway.base}/robot/sendBySession?session=s-{number}",
        sessionWebhookExpiredTime=now + 5_400_000,
    )


async def talk(gateway: FakeGateway, seconds: float, numbers: Iterator[int]) -> tuple[list[float], int]:
    """Fifty a second for so long; returns the seconds until each acknowledgement, and how many answers were given."""
    taken: list[float] = []
    open_ones: dict[str, Delivery] = {}
    answers, began = 0, monotonic()

    def gather() -> int:
        for name in [name for name, one in open_ones.items() if one.code is not None]:
            one = open_ones.pop(name)
            taken.append(one.acked_at - one.sent_at)
            gateway.deliveries.pop(name)
        given = len(gateway.posts)
        gateway.posts.clear()
        gateway.requests.clear()
        gateway.calls.clear()
        return given

    for turn, number in enumerate(numbers):
        if (due := began + turn / RATE) > began + seconds:
            break
        await asyncio.sleep(max(0.0, due - monotonic()))
        delivery = await gateway.push(message(gateway, number))
        open_ones[delivery.message_id] = delivery
        answers += gather() if number % 100 == 0 else 0
    await gateway.until(lambda: all(one.code is not None for one in open_ones.values()))
    await asyncio.sleep(1)
    answers += gather()
    return taken, answers


@pytest.mark.timeout(120 + 2 * SECONDS)
async def test_fifty_messages_a_second(tmp_path: Path) -> None:
    gateway, numbers = FakeGateway(SystemClock()), count()
    await gateway.server.start_server()
    head = config(gateway.base).partition("[[groups]]")[0].replace("dingtalk-callback", "dingtalk-stream")
    (tmp_path / "config.toml").write_text(head + "".join(team.section() for team in TEAMS), encoding="utf-8")
    async with bot_on(tmp_path, gateway) as bot:
        files = bot.descriptors
        taken, answers = await talk(gateway, SECONDS, numbers)
        held, more = bot.resident, bot.descriptors - files
    fresh = held
    if LONG:
        async with bot_on(tmp_path, gateway) as bot:
            await talk(gateway, WARM, numbers)
            fresh = bot.resident
    await gateway.server.close()
    p50, p99 = (quantiles(taken, n=100)[at] * 1000 for at in (49, 98))
    print(f"{len(taken)} messages, {answers} answers; acknowledged p50 {p50:.1f} ms, p99 {p99:.1f} ms; ", end="")
    print(f"{held:.1f} MiB at the end, {fresh:.1f} MiB one begun on the same data; {more:+d} descriptors")
    assert len(taken) == answers
    assert more <= 5
    assert held - fresh <= 5 or not LONG
    assert p99 <= 50 or not LONG

"""Fifty messages a second on a connection of our own: how long acknowledgement or answer take, and what grows.

``SOAK_SECONDS=600`` makes it longer; the figures are printed with ``-s``. What is stored stays in memory by design, so
the memory at the end is compared with that of a fresh process on the same data, after a minute's talk.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from statistics import quantiles
from time import monotonic

import pytest

from tests.crash.bot_process import BotProcess
from tests.crash.line import Line, crowd
from tests.crash.lines import LINES

SECONDS = float(os.environ.get("SOAK_SECONDS", "1"))
LONG = SECONDS >= 60
RATE = 50
TEXTS = ("/反思 导入太长\uff0c下次三分钟内进入文本。", "/本周备课", "/任务", "/帮助", "/公开课")
GROUPS = 20
SIZE = 12
"""People in a group: WeCom takes thirty messages a minute and a thousand an hour for each conversation."""

WARM = 60.0
"""Seconds of talk after which everybody has spoken, and the collector leaves as much for later as ever."""

CHANNELS = {"dingtalk": "ding", "wecom": "wecom"}


@asynccontextmanager
async def bot_on(folder: Path, line: Line) -> AsyncIterator[BotProcess]:
    bot = BotProcess(folder)
    await bot.start()
    try:
        await line.until(up=True)
        await asyncio.sleep(1)
        yield bot
        assert await bot.stop() == 0
    finally:
        await bot.kill()


async def talk(line: Line, seconds: float, numbers: Iterator[int]) -> list[float]:
    """Fifty a second for so long; the seconds each message waited."""
    taken: list[float] = []
    said, began = 0, monotonic()
    for number in numbers:
        if (due := began + said / RATE) > began + seconds:
            break
        await asyncio.sleep(max(0.0, due - monotonic()))
        turn, group = divmod(number, len(line.teams))
        team, text = line.teams[group], TEXTS[(number + turn) % len(TEXTS)]
        await line.deliver(line.message(team, team.people[turn % SIZE], text, private=turn % 10 > 0))
        said += 1
        taken += line.gather() if number % 100 == 0 else []
    async with asyncio.timeout(30):
        while len(taken) < said:
            await asyncio.sleep(0.2)
            taken += line.gather()
    return taken


@pytest.mark.timeout(120 + 2 * SECONDS)
@pytest.mark.parametrize("platform", LINES)
async def test_fifty_messages_a_second(tmp_path: Path, platform: str) -> None:
    line, numbers = LINES[platform](crowd(GROUPS, CHANNELS[platform], SIZE)), count()
    await line.start()
    (tmp_path / "config.toml").write_text(line.config(), encoding="utf-8")
    async with bot_on(tmp_path, line) as bot:
        files, first = bot.descriptors, bot.resident
        taken = await talk(line, SECONDS, numbers)
        held, more = bot.resident, bot.descriptors - files
    fresh = held
    if LONG:
        async with bot_on(tmp_path, line) as bot:
            await talk(line, WARM, numbers)
            fresh = bot.resident
    await line.stop()
    p50, p99 = (quantiles(taken, n=100)[at] * 1000 for at in (49, 98))
    print(f"{len(taken)} messages; p50 {p50:.1f} ms, p99 {p99:.1f} ms; {first:.1f} MiB at first, ", end="")
    print(f"{held:.1f} MiB at the end, {fresh:.1f} MiB one begun on the same data; {more:+d} descriptors")
    assert more <= 5
    assert held - fresh <= 5 or not LONG
    assert p99 <= 50 or not LONG

"""``python -m bot run`` killed while it makes what was ordered: made after the restart, and sent once."""

import asyncio
import os
import random
from pathlib import Path

import aiohttp
import pytest

from bot.cli.data import snapshot
from bot.delivery.orders import Order
from bot.domain.people import SYSTEM
from bot.storage.blobs import Blobs
from tests.crash.bot_process import BotProcess, Message
from tests.crash.platforms import FakePlatforms
from tests.crash.school import TEAMS, Line, config
from tests.crash.test_callback_crash import items

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "1"))
TEAM = TEAMS[2]
LEADER = TEAM.people[0]


def says(text: str, number: int) -> Message:
    return Message(TEAM, LEADER, Line(text, private=True), f"order{number:06}")


async def finished(bot: BotProcess, session: aiohttp.ClientSession, message: Message) -> str:
    """The stream's last words; asked for by delivering the message again, as the platform does."""
    async with asyncio.timeout(30):
        while not (answer := await bot.deliver(session, message)):  # noqa: ASYNC110 - another process makes it
            await asyncio.sleep(0.05)
    return answer


@pytest.mark.timeout(60 + 10 * ROUNDS)
async def test_what_was_promised_comes_once_whenever_the_bot_dies(tmp_path: Path) -> None:
    platforms = FakePlatforms()
    async with platforms.serving():
        (tmp_path / "config.toml").write_text(config(platforms.base), encoding="utf-8")
        bot, ordered = BotProcess(tmp_path, platforms.base), []
        try:
            await bot.start()
            async with aiohttp.ClientSession() as session:
                assert (await finished(bot, session, says("/反思 导入太长，下次三分钟内进入文本", 0))).startswith("✅")
                for number in range(1, ROUNDS + 1):
                    ordered.append(says("/汇总 本月 全部", number))
                    assert await bot.deliver(session, ordered[-1]) == ""  # the stream stays open
                    await asyncio.sleep(random.random() * 0.8)  # noqa: S311 - any moment will do
                    await bot.kill()
                    await bot.start()
                    answer = await finished(bot, session, ordered[-1])
                    assert "小结（图、Word、Excel）好了" in answer, answer
                    assert answer.count("📎") == 3
            assert await bot.stop() == 0
        finally:
            await bot.kill()
    made = [item for item in await items(tmp_path / "data") if (item.once or "").startswith("made/")]
    assert sorted(item.once or "" for item in made) == [f"made/wecom/{message.msgid}" for message in ordered]
    async with snapshot(tmp_path / "data") as store, store.transaction(SYSTEM) as tx:
        assert await tx.count(Order) == 0
    kept = Blobs(tmp_path / "data")
    assert all(kept.read(file.path) for item in made for file in item.content.files)
    assert "Traceback" not in bot.log

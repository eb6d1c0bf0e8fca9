"""``run`` as a process: it ends when it is told to, whoever goes on knocking."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession
from yarl import URL

from bot.clock import SCHOOL_ZONE, MovableClock, SystemClock
from bot.domain.reflections import Reflection
from bot.storage.tiny import TinyStore
from tests.hostile.site import CONFIG, Ding

ROOT = Path(__file__).parents[2]
GOES_ON = 3.0  # seconds from SIGTERM to the end, far below the time-outs of those who wait


class Process:
    def __init__(self, process: asyncio.subprocess.Process, url: URL) -> None:
        self.process = process
        self.url = url
        self.ding = Ding(MovableClock(SystemClock(SCHOOL_ZONE).now()))
        self.answered = 0

    async def talk(self, http: ClientSession) -> None:
        """One message after the other until nobody answers."""
        while True:
            request = self.ding.request(self.ding.body(" /反思 今天这节导入太长了", senderStaffId="user-王老师"))
            url = self.url / request.path.lstrip("/")
            try:
                async with http.post(url, data=request.body, headers=request.headers) as answer:
                    self.answered += "✅".encode() in await answer.read()
            except (ClientError, OSError):
                return

    async def until(self, count: int) -> None:
        async with asyncio.timeout(20):
            while self.answered < count:  # noqa: ASYNC110 - another process answers
                await asyncio.sleep(0.01)


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Process]:
    (tmp_path / "config.toml").write_text(CONFIG.replace("[store]", "[server]\nport = 0\n[store]"), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()
    yield Process(process, URL(line.removeprefix("listening on ")))
    if process.returncode is None:
        process.kill()
        await process.wait()


async def test_it_ends_in_the_middle_of_traffic_and_keeps_all_it_has_answered(bot: Process, tmp_path: Path) -> None:
    async with ClientSession() as http:
        talking = [asyncio.create_task(bot.talk(http)) for _ in range(6)]
        waiting = [await asyncio.open_connection("127.0.0.1", bot.url.port) for _ in range(20)]
        for _, writer in waiting:
            writer.write(b"POST /callback/ding HTTP/1.1\r\nHost:")
        await bot.until(50)
        start = time.monotonic()
        bot.process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(bot.process.wait(), 20) == 0
        assert time.monotonic() - start < GOES_ON
        await asyncio.gather(*talking)
        for _, writer in waiting:
            writer.close()
    store = TinyStore(tmp_path / "data")
    await store.open()
    async with store.transaction("group:高一语文备课组") as tx:
        assert await tx.count(Reflection) >= bot.answered
    await store.close()

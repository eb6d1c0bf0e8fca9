"""A year of 100,000 records: its report, its forms, the board's pages: ``python tests/benchmarks/bench_digest.py``.

Not collected by pytest. Two terms of one group; the leader orders picture, Word and Excel of the term, then each form,
and opens each page for the first time, at rest and while a report is drawn; another group and the same group go on
talking. Prints how long each takes and how long the others wait; exits 1 when a limit is missed. What others do on the
machine is in the figures: the load is printed with them.
"""

import asyncio
import gc
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from aiohttp import CookieJar, web
from aiohttp.test_utils import TestClient, TestServer

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.app import Playhouse  # noqa: E402 - runs without being installed
from bot.chat.transport import Incoming  # noqa: E402
from bot.cli.play import board_of  # noqa: E402
from bot.cli.serve import SELDOM  # noqa: E402
from bot.clock import SCHOOL_ZONE  # noqa: E402
from bot.delivery.workshop import Workshop  # noqa: E402
from bot.reports.press import apart  # noqa: E402
from bot.simulator import sample  # noqa: E402
from bot.simulator.api_models import MessageRequest  # noqa: E402
from bot.simulator.simulation import Playground  # noqa: E402
from bot.web.board.table import PAGES  # noqa: E402
from tests.busy_year import NOW, fill  # noqa: E402
from tests.conftest import Chat  # noqa: E402
from tests.web.visiting import Browser, visit  # noqa: E402

FILES_LIMIT = 3.0
"""Seconds for picture, Word and Excel together, from the order to the last file in the outbox."""
FORM_LIMIT = 2.0
"""Seconds for one of the school's forms; several weeks of one are given as much as the report."""
PAGE_LIMIT = 1.0
"""Seconds of a page's first view."""
OTHERS_LIMIT = 0.100
"""Seconds, 99 of 100 answers to others meanwhile."""
EVERY = 0.01
ROUNDS = 3
BEGINNING = datetime(2026, 9, 14, 12, tzinfo=SCHOOL_ZONE)
"""When nearly the whole term is still to be rehearsed."""
REPORT = "/汇总 本学期 全部"
FORMS = {
    "/导出 学期总结": FORM_LIMIT,
    "/导出 月度总结 12月": FORM_LIMIT,
    "/导出 备课记录 第3周": FORM_LIMIT,
    "/导出 备课记录 第2-19周": FILES_LIMIT,
    "/导出 活动安排": FORM_LIMIT,
    "/导出 教学进度": FORM_LIMIT,
    "/我的 导出": FORM_LIMIT,
}
SAID = ("/反思 导入太长，下次三分钟内进入文本", "/本周备课", "/公开课", "/我的")


class Figures:
    """What was measured, and whether every limit was kept."""

    def __init__(self) -> None:
        self.good = True

    def took(self, name: str, seconds: float, limit: float) -> None:
        """How long something took."""
        self._tell(f"{name:<26}{seconds:6.2f} s", seconds <= limit)

    def waited(self, seconds: list[float]) -> None:
        """How long others waited meanwhile."""
        half, slow = (quantiles(seconds, n=100, method="inclusive")[at] for at in (49, 98))
        words = f"p50 {half * 1e3:.1f} ms, p99 {slow * 1e3:.1f} ms, longest {max(seconds) * 1e3:.1f} ms"
        self._tell(f"    {len(seconds)} others: {words}", slow <= OTHERS_LIMIT)

    def _tell(self, line: str, good: bool) -> None:
        print(line if good else f"{line}   TOO SLOW")
        self.good &= good


async def talk(playground: Playground, done: asyncio.Event) -> list[float]:
    """Seconds of each answer to others: in turn somebody of the same group and of another writes and looks."""
    seconds: list[float] = []
    for number in count():
        group, who = (("chinese", "王老师"), ("research", "赵老师"))[number % 2]
        incoming = Incoming(
            channel=sample.CHANNEL,
            msgid=f"bench-{perf_counter()}",
            chat=sample.chat_of(group),
            private=False,
            sender=sample.user_of(who),
            sender_name=who,
            text=f" {SAID[number // 2 % len(SAID)]}",
            bot_name="备课助手",
            at=playground.clock.now(),
        )
        began = perf_counter()
        await playground.dispatcher.receive(incoming)
        seconds.append(perf_counter() - began)
        await asyncio.sleep(EVERY)
        if done.is_set() and len(seconds) > 1:
            break
    return seconds


@asynccontextmanager
async def among_others(playground: Playground, figures: Figures) -> AsyncIterator[None]:
    """Others talk while the block runs."""
    done = asyncio.Event()
    others = asyncio.create_task(talk(playground, done))
    try:
        yield
    finally:
        done.set()
    figures.waited(await others)


async def order(playground: Playground, text: str) -> None:
    """Have the leader order something."""
    said = await playground.say(MessageRequest(speaker="李老师", text=text, private=True))
    assert said.replies[0].status == "ok", said.replies[0].text


async def files(playground: Playground, workshop: Workshop, figures: Figures) -> None:
    """The report, a few times, and each form."""
    for text, limit in (*[(REPORT, FILES_LIMIT)] * ROUNDS, *FORMS.items()):
        await order(playground, text)
        async with among_others(playground, figures):
            began = perf_counter()
            await workshop.drain()
            figures.took(text, perf_counter() - began, limit)


@asynccontextmanager
async def browser(playground: Playground) -> AsyncIterator[Browser]:
    """The leader's, with a board that has drawn nothing yet."""
    app = web.Application()
    board_of(playground, apart).add_to(app)
    server = TestServer(app)
    async with TestClient(server, cookie_jar=CookieJar(unsafe=True)) as client:
        playground.calendars.public_url = str(server.make_url("")).rstrip("/")
        await visit(client, Chat(playground).李老师)
        yield client


async def view(opened: Browser, path: str) -> float:
    """Seconds until a page is there."""
    began = perf_counter()
    response = await opened.get(f"/board/{path}")
    await response.text()
    assert response.status == 200, path
    return perf_counter() - began


async def pages(playground: Playground, workshop: Workshop, figures: Figures, *, drawing: bool) -> None:
    """Each page's first view, at rest or while reports are drawn one after the other."""
    work = asyncio.create_task(asyncio.sleep(0))
    async with browser(playground) as opened, among_others(playground, figures):
        for page in PAGES:
            if drawing and work.done():
                await order(playground, REPORT)
                work = asyncio.create_task(workshop.drain())
                await asyncio.sleep(0)
            name = f"{page.label}（{'画着' if drawing else '闲着'}）"
            figures.took(name, await view(opened, page.path), PAGE_LIMIT)
        await work


async def measured(folder: Path) -> bool:
    """Print what was found; whether the limits were kept."""
    figures = Figures()
    async with Playhouse(folder, None, press=apart) as playground:
        await fill(playground.store)
        playground.clock.set(NOW)
        gc.set_threshold(*SELDOM)
        gc.collect()
        gc.freeze()  # as `run` does once everything is loaded
        workshop, playground.workshop = playground.workshop, None
        assert isinstance(workshop, Workshop)
        print(f"load {os.getloadavg()[0]:.1f}; nobody orders")
        async with among_others(playground, figures):
            await asyncio.sleep(3)
        await files(playground, workshop, figures)
        for drawing in (False, True):
            await pages(playground, workshop, figures, drawing=drawing)
        playground.clock.set(BEGINNING)
        async with browser(playground) as opened, among_others(playground, figures):
            figures.took("预演（开学）", await view(opened, "rehearsal"), PAGE_LIMIT)
        print(f"load {os.getloadavg()[0]:.1f}")
    return figures.good


def main() -> int:
    """0 when the limits are kept."""
    with tempfile.TemporaryDirectory() as folder:
        return 0 if asyncio.run(measured(Path(folder) / "data")) else 1


if __name__ == "__main__":
    sys.exit(main())

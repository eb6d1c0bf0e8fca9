"""A year of 100,000 records: its report, its forms, the board's pages: ``python tests/benchmarks/bench_digest.py``.

Not collected by pytest. Two terms of one group; the leader orders picture, Word and Excel of the term, then each form,
and opens each page for the first time, at rest and while a report is drawn; another group and the same group go on
talking. Prints how long each takes and how long the others wait; exits 1 when a limit is missed. On a machine that
others use as well, ``chrt -r 10`` in front says what the program itself takes.
"""

import asyncio
import gc
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
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
"""Seconds for one of the school's forms."""
PAGE_LIMIT = 1.0
"""Seconds of a page's first view."""
OTHERS_LIMIT = 0.100
"""Seconds, 99 of 100 answers to others meanwhile."""
EVERY = 0.01
ROUNDS = 2
REPORT = "/汇总 本学期 全部"
FORMS = (
    "/导出 学期总结",
    "/导出 月度总结 12月",
    "/导出 备课记录 第2-19周",
    "/导出 活动安排",
    "/导出 教学进度",
    "/我的 导出",
)
SAID = ("/反思 导入太长，下次三分钟内进入文本", "/本周备课", "/公开课", "/我的")


async def talk(playground: Playground, done: asyncio.Event) -> list[float]:
    """Seconds of each answer to others: in turn somebody of the same group and of another writes and looks."""
    seconds = []
    for number in count():
        if done.is_set():
            return seconds
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
        if len(sys.argv) > 1 and seconds[-1] > 0.05:
            print("   ", group, incoming.text, f"{seconds[-1] * 1e3:.0f}")
        await asyncio.sleep(EVERY)
    return seconds


async def among_others(playground: Playground, name: str, work: Awaitable[object], limit: float) -> bool:
    """Print how long some work took and how long others waited meanwhile; whether the limits were kept."""
    done = asyncio.Event()
    others = asyncio.create_task(talk(playground, done))
    began = perf_counter()
    await work
    took = perf_counter() - began
    done.set()
    return told(name, took, limit, await others)


def told(name: str, took: float, limit: float, waits: list[float]) -> bool:
    slow = quantiles(waits, n=100)[98] if len(waits) > 1 else max(waits, default=0)
    good = took <= limit and slow <= OTHERS_LIMIT
    print(f"{name:<24} {took:6.2f} s; {len(waits):4} others, p99 {slow * 1e3:6.1f} ms,", end=" ")
    print(f"longest {max(waits, default=0) * 1e3:6.1f} ms{'' if good else '   TOO SLOW'}")
    return good


async def ordered(playground: Playground, text: str) -> None:
    said = await playground.say(MessageRequest(speaker="李老师", text=text, private=True))
    assert said.replies[0].status == "ok", said.replies[0].text


async def files(playground: Playground, workshop: Workshop) -> bool:
    """The report and each form."""
    good = True
    for text, limit in (*[(REPORT, FILES_LIMIT)] * ROUNDS, *((form, FORM_LIMIT) for form in FORMS)):
        await ordered(playground, text)
        good &= await among_others(playground, text, workshop.drain(), limit)
    return good


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


async def pages(playground: Playground, workshop: Workshop) -> bool:
    """Each page's first view, at rest and while a report is drawn."""
    good = True
    for busy in (False, True):
        async with browser(playground) as opened:
            for page in PAGES:
                if busy:
                    await ordered(playground, REPORT)
                drawing = asyncio.create_task(workshop.drain())
                await asyncio.sleep(0)
                name = f"{page.label}{' (drawing)' if busy else ''}"
                good &= await among_others(playground, name, view(opened, page.path), PAGE_LIMIT)
                await drawing
    return good


async def view(opened: Browser, path: str) -> None:
    response = await opened.get(f"/board/{path}")
    await response.text()
    assert response.status == 200, path


async def measured(folder: Path) -> bool:
    """Print what was found; whether the limits were kept."""
    async with Playhouse(folder, None, press=apart) as playground:
        await fill(playground.store)
        playground.clock.set(NOW)
        gc.set_threshold(50_000, 20, 20)
        gc.collect()
        gc.freeze()  # as `run` does once everything is loaded
        workshop, playground.workshop = playground.workshop, None
        assert isinstance(workshop, Workshop)
        good = await among_others(playground, "nobody orders", asyncio.sleep(3), 4)
        good &= await files(playground, workshop)
        return await pages(playground, workshop) and good


def main() -> int:
    """0 when the limits are kept."""
    with tempfile.TemporaryDirectory() as folder:
        return 0 if asyncio.run(measured(Path(folder) / "data")) else 1


if __name__ == "__main__":
    sys.exit(main())

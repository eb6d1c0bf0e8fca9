"""The board of the sample school in a browser: a school at work, a visit to it, and what every page has to be."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestServer
from playwright.async_api import Browser as Program
from playwright.async_api import Page

from bot.app import Playhouse
from bot.cli.play import board_of
from bot.simulator.api_models import MessageRequest
from bot.simulator.server import make_app
from bot.simulator.simulation import Playground

WORK = (
    ("王老师", "/反思 课题：百合花 亮点：学生读得很投入 不足：时间偏紧"),
    ("李老师", "/反思 写 改 3 处板书：<b>&\"'🙂"),
    ("李老师", "/听课 张老师 今天第1节 高一3班 导入好"),
    ("李老师", "/听课 配额 2"),
    ("赵老师", "/请假 周三到周五 外出学习"),
    ("李老师", "/任务 王老师 周五前 交单元卷"),
    ("李老师", "/报名 2"),
    ("吴老师", "/我是 吴老师"),
)


@dataclass
class School:
    """A school whose board is served."""

    playground: Playground
    base: str

    async def say(self, who: str, text: str, *, private: bool = False) -> str:
        """The answer to something that somebody said."""
        result = await self.playground.say(MessageRequest(speaker=who, text=text, private=private))
        return str(result.replies[0].text)

    async def link(self, who: str) -> str:
        """A fresh link of somebody's; a minute has gone by since the last one."""
        await self.later(minutes=1)
        found = re.search(r"http://\S+/board/open/\S+", await self.say(who, "/看板", private=True))
        assert found
        return found[0]

    async def later(self, **span: float) -> None:
        await self.playground.move_clock(None, timedelta(**span), False)


@asynccontextmanager
async def school_at_work(folder: Path) -> AsyncIterator[School]:
    async with Playhouse(folder / "data", None) as playground:
        app = make_app(playground)
        board_of(playground).add_to(app)
        async with TestServer(app, host="127.0.0.1") as server:
            playground.calendars.public_url = f"http://127.0.0.1:{server.port}"
            school = School(playground, playground.calendars.public_url)
            for who, text in WORK:
                await school.say(who, text)
            yield school


@asynccontextmanager
async def visiting(school: School, program: Program, who: str, **context: Any) -> AsyncIterator[Page]:
    """A page of the board, opened by a tap on the link; nothing may be complained of in the console meanwhile."""
    browser = await program.new_context(**{"java_script_enabled": False, "locale": "zh-CN", **context})
    page = await browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text))
    refused = "Failed to load resource: the server responded with a status of 4"  # a sentence of ours
    await page.goto(await school.link(who))
    await page.get_by_role("button", name="打开看板").click()
    await page.wait_for_url("**/board/")
    yield page
    assert [line for line in complaints if not line.startswith(refused)] == []
    await browser.close()


FAULTS = """() => {
  const wide = document.documentElement.clientWidth + 1
  const shown = each => each.getClientRects().length > 0 && !each.closest('.skip, .scroll')
  const all = selector => [...document.querySelectorAll(selector)].filter(shown)
  const named = (what, each) => `${what}: ${each.outerHTML.slice(0, 120)}`
  const over = all('body *').filter(each => each.getBoundingClientRect().right > wide)
  const tapped = all('nav a, a.button, footer a, button, summary, select, textarea, input:not([type=hidden])')
  const small = tapped.filter(each => each.getBoundingClientRect().height < 44)
  const bare = all('input:not([type=hidden]), select, textarea').filter(each => !each.labels.length && !each.ariaLabel)
  return [...over.map(each => named('over the edge', each)), ...small.map(each => named('small', each)),
    ...bare.map(each => named('without a name', each))]
}"""


async def fits(page: Page) -> None:
    """Nothing hangs over the edge, and what is tapped is large enough and has a name."""
    assert await page.evaluate(FAULTS) == []

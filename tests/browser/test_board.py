"""The board's pages in a browser, without JavaScript: they fit a telephone and a desk, and the keyboard is enough."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser as Program
from playwright.async_api import Page, expect

from bot.app import Playhouse
from bot.cli.play import board_of
from bot.simulator.api_models import MessageRequest
from bot.simulator.server import make_app
from tests.browser.chromium import PHONE, WIDE, needs_browser

pytestmark = [pytest.mark.asyncio(loop_scope="module"), needs_browser]

PLAN = "每两周一次\uff1a研讨课\n第10周\uff1a期中质量分析会" + "长" * 200
TARGET = 44


@pytest_asyncio.fixture(params=[WIDE, PHONE], ids=["wide", "phone"], loop_scope="module")
async def page(request: pytest.FixtureRequest, program: Program, tmp_path: Path) -> AsyncIterator[Page]:
    async with Playhouse(tmp_path / "data", None) as playground:
        app = make_app(playground)
        board_of(playground).add_to(app)
        async with TestServer(app, host="127.0.0.1") as server:
            playground.calendars.public_url = f"http://127.0.0.1:{server.port}"
            result = await playground.say(MessageRequest(speaker="李老师", text="/看板", private=True))
            address = re.search(r"http://\S+/board/open/\S+", result.replies[0].text)
            assert address
            context = await program.new_context(viewport=request.param, java_script_enabled=False, locale="zh-CN")
            found = await context.new_page()
            complaints: list[str] = []
            found.on("console", lambda line: complaints.append(line.text))
            await found.goto(address[0])
            yield found
            assert complaints == []
            await context.close()


OFFENDERS = """([target, wide]) => {
  const shown = each => { const box = each.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && getComputedStyle(each).visibility !== "hidden" ? box : null; };
  const found = (which, wrong) => [...document.querySelectorAll(which)]
    .filter(each => { const box = shown(each); return box && box.right > 0 && wrong(box); })
    .map(each => each.outerHTML.slice(0, 120));
  return [
    ...found("main, header, article, li, form, a, button, input, textarea, select, p", box => box.right > wide + 1),
    ...found("nav a, a.button, button, summary, select, input:not([type=hidden])", box => box.height < target - 0.5),
  ];
}"""


async def fits(page: Page) -> None:
    """Nothing hangs over the edge, and what is tapped is large enough."""
    viewport = page.viewport_size
    assert viewport
    assert await page.evaluate(OFFENDERS, [TARGET, viewport["width"]]) == [], page.url


async def test_the_pages_fit_and_the_keyboard_is_enough(page: Page) -> None:
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_contain_text("第2周")
    await fits(page)
    await page.get_by_role("link", name="日历", exact=True).click()
    await page.get_by_role("link", name="看一个月").click()
    await expect(page.locator("h1")).to_have_text("2026年9月")
    await fits(page)
    await page.get_by_text("组长的页").press("Enter")
    await page.get_by_role("link", name="计划", exact=True).click()
    await page.get_by_text("导入计划", exact=True).press("Enter")
    await page.get_by_label("计划的文字").fill(PLAN)
    await page.get_by_role("button", name="读这份计划").press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("读进计划")
    await fits(page)
    await page.get_by_role("button", name="双周", exact=True).press("Enter")
    await expect(page.locator("main")).to_contain_text("双周")
    await page.get_by_text("组长的页").press("Enter")
    await page.get_by_role("link", name="预演").click()
    await expect(page.locator("main")).to_contain_text("第2周备课")
    await fits(page)
    await page.get_by_role("button", name="退出").press("Enter")
    await expect(page.locator("h1")).to_have_text("看板关好了")

"""Every page of the board in a browser: it fits, the keyboard is enough, and axe-core has nothing serious to say."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser as Program
from playwright.async_api import Page, expect

from bot.app import Playhouse
from bot.cli.play import board_of
from bot.simulator.api_models import MessageRequest
from bot.simulator.server import make_app
from bot.simulator.simulation import Playground
from bot.web.board.table import PAGES
from tests.browser.chromium import PHONE, WIDE, needs_browser
from tests.browser.test_board import fits
from tests.conftest import Chat
from tests.handlers.test_pending import held_card
from tests.platforms.peers.process import fetched

pytestmark = [pytest.mark.asyncio(loop_scope="module"), needs_browser]

SERIOUS = ("serious", "critical")
LONG = "很长的一段反思" * 40 + "W" * 120


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def playground(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Playground]:
    """A school in which every page has something to show, served."""
    async with Playhouse(tmp_path_factory.mktemp("board") / "data", None) as made:
        chat = Chat(made)
        await held_card(chat)
        await chat.新人("/我是 周老师")
        await chat.李老师("/任务 全组 周五前 交单元卷")
        await chat.王老师("/反思 课题：归园田居 改进：再多读一遍")
        await chat.李老师("/反思 课题：短歌行 不足：导入太长")
        await chat.李老师.private(f"/反思 {LONG}")
        await chat.李老师("/听课 张老师 今天第1节 高一3班 导入好")
        app = make_app(made)
        board_of(made).add_to(app)
        async with TestServer(app, host="127.0.0.1") as server:
            made.calendars.public_url = f"http://127.0.0.1:{server.port}"
            yield made


async def ticket(playground: Playground, speaker: str = "李老师") -> str:
    result = await playground.say(MessageRequest(speaker=speaker, text="/看板", private=True))
    address = re.search(r"http://\S+/board/open/\S+", result.replies[0].text)
    assert address
    return address[0]


async def group_link(playground: Playground) -> str:
    """The address that shows the group's week to anybody."""
    result = await playground.say(MessageRequest(speaker="李老师", text="/看板 全组", private=False))
    address = re.search(r"http://\S+/board/group/\S+", result.replies[0].text)
    assert address
    return address[0]


@pytest_asyncio.fixture(params=[WIDE, PHONE], ids=["wide", "phone"], loop_scope="module")
async def page(request: pytest.FixtureRequest, program: Program, playground: Playground) -> AsyncIterator[Page]:
    """Somebody's own board, without JavaScript."""
    context = await program.new_context(viewport=request.param, java_script_enabled=False, locale="zh-CN")
    opened = await context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda line: complaints.append(line.text))
    await opened.goto(await ticket(playground))
    await opened.get_by_role("button", name="打开看板").press("Enter")
    await expect(opened.locator("h1")).to_contain_text("第2周")
    yield opened
    assert complaints == []
    await context.close()


async def test_every_page_fits_with_all_that_is_folded_opened(page: Page, playground: Playground) -> None:
    for each in PAGES:
        await page.goto(f"{playground.calendars.public_url}/board/{each.path}")
        assert await page.locator("h1").count() == 1, each.path
        await expect(page.locator('[aria-current="page"]')).to_have_count(1)
        folded = page.locator("details:not([open]) > summary:visible")
        while await folded.count():
            await folded.first.press("Enter")
        await fits(page)
        assert await page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], each.path


async def test_the_keyboard_is_enough_to_sign_up_and_to_write(page: Page) -> None:
    await page.keyboard.press("Tab")
    await expect(page.locator(":focus")).to_have_text("跳到正文")
    await page.locator("nav").first.get_by_role("link", name="报名").press("Enter")
    row = page.locator("li.card").filter(has=page.get_by_role("button", name="报名")).first
    await row.get_by_role("button").press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("✅ 已报名")
    await page.get_by_role("status").get_by_role("button", name="撤销").press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("已撤销")
    await page.locator("nav").first.get_by_role("link", name="反思").press("Enter")
    await page.get_by_label("课后写两句").fill("李明同学这次只考了 42 分，要单独谈")
    await page.get_by_role("button", name="保存，只给自己看").press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("没有保存")
    await expect(page.get_by_label("课后写两句")).to_have_value(re.compile("李明"))
    await page.get_by_role("button", name="换成代号保存").press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("已保存")
    await expect(page.get_by_label("课后写两句")).to_have_value("")
    await page.get_by_role("status").get_by_role("button", name="撤销").press("Enter")


async def test_a_link_opens_once_and_for_nobody_who_made_it_up(program: Program, playground: Playground) -> None:
    address = await ticket(playground, "王老师")
    for _ in range(2):  # forwarded, looked at, never tapped
        context = await program.new_context(viewport=PHONE, java_script_enabled=False)
        other = await context.new_page()
        await other.goto(address)
        await expect(other.locator("h1")).to_have_text("打开备课组看板")
        await other.goto(f"{playground.calendars.public_url}/board/")
        await expect(other.locator("h1")).to_have_text("请先从聊天里打开看板")
        await context.close()
    first, second = [await program.new_context(viewport=PHONE, java_script_enabled=False) for _ in range(2)]
    mine, theirs = await first.new_page(), await second.new_page()
    await theirs.goto(address)
    await mine.goto(address)
    await mine.get_by_role("button", name="打开看板").click()
    await expect(mine.locator("h1")).to_contain_text("第2周")
    await theirs.get_by_role("button", name="打开看板").click()  # replayed
    await expect(theirs.locator("h1")).to_have_text("链接用过了或者过期了")
    await theirs.goto(f"{address[:-4]}AAAA")
    await expect(theirs.locator("h1")).to_have_text("链接用过了或者过期了")
    await mine.goto(f"{playground.calendars.public_url}/board/members")
    await expect(mine.locator("h1")).to_have_text("这一页由组长看")
    await first.close()
    await second.close()


async def test_the_groups_page_fits_and_leads_on(page: Page, playground: Playground) -> None:
    await page.goto(await group_link(playground))
    await expect(page.locator("h1")).to_contain_text("第2周")
    await fits(page)
    await page.get_by_role("link", name="看一个月").press("Enter")
    await expect(page.locator("h1")).to_contain_text("2026年9月")
    await fits(page)


@pytest.mark.parametrize(("scheme", "rules"), [("light", []), ("dark", ["color-contrast"])], ids=["light", "dark"])
async def test_axe_finds_nothing_serious(
    program: Program, playground: Playground, scheme: Any, rules: list[str]
) -> None:
    """In the dark only the colours are others."""
    source = (fetched("node") / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
    context = await program.new_context(viewport=PHONE, color_scheme=scheme, locale="zh-CN")
    page = await context.new_page()
    address = await ticket(playground)
    await page.goto(address)
    found = [await _complaints(page, source, rules)]
    await page.get_by_role("button", name="打开看板").click()
    for each in PAGES:
        await page.goto(f"{playground.calendars.public_url}/board/{each.path}")
        await page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        found.append(await _complaints(page, source, rules))
    for used_up_or_open in (address, await group_link(playground)):
        await page.goto(used_up_or_open)
        found.append(await _complaints(page, source, rules))
    assert [one for each in found for one in each] == []
    await context.close()


async def _complaints(page: Page, source: str, rules: list[str]) -> list[str]:
    """What axe-core calls serious on the page, with the elements."""
    await page.evaluate(source)
    options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    result = await page.evaluate("options => axe.run(document, options)", options)
    assert result["passes"]
    return [
        f"{page.url}: {each['id']}: {node['html'][:160]}"
        for each in result["violations"]
        if each["impact"] in SERIOUS
        for node in each["nodes"]
    ]

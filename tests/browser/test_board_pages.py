"""Every page of the board at both widths, light and dark: it fits, axe-core finds nothing serious, the keyboard is
enough, and nothing that was typed is lost."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser as Program
from playwright.async_api import Page, expect

from bot.web.board.page import Page as BoardPage
from bot.web.board.pages import PAGES
from tests.browser.board_visit import FAULTS, School, fits, school_at_work, visiting
from tests.browser.chromium import PHONE, WIDE, needs_browser
from tests.platforms.peers.process import fetched

pytestmark = [pytest.mark.asyncio(loop_scope="module"), needs_browser]

FINDINGS = """async rules => (await axe.run({runOnly: rules})).violations
  .filter(each => each.impact !== "minor")
  .map(each => each.id + ": " + each.nodes.map(node => node.html.slice(0, 200)).join(" | "))"""
EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
OPEN = "document.querySelectorAll('details').forEach(each => each.open = true)"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def school(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[School]:
    async with school_at_work(tmp_path_factory.mktemp("board")) as made:
        yield made


@pytest.fixture(scope="module")
def axe() -> str:
    return (fetched("node") / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


async def sound(page: Page, axe: str) -> None:
    """At both widths, light and dark, it fits, and a person who does not see it, or has no pointer, finds their way.
    Details that are shut are opened for the look."""
    await page.set_viewport_size(PHONE)
    await page.emulate_media(color_scheme="light")
    await page.evaluate(OPEN)
    await page.evaluate(axe)
    await fits(page)
    assert await page.evaluate(FINDINGS, EVERYTHING) == []
    await page.set_viewport_size(WIDE)
    await page.emulate_media(color_scheme="dark")
    await fits(page)
    assert await page.evaluate(FINDINGS, ["color-contrast"]) == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(school: School, program: Program) -> AsyncIterator[Page]:
    """The leader's visit, with JavaScript for what looks at the pages: they have none."""
    async with visiting(school, program, "李老师", java_script_enabled=True) as page:
        yield page


@pytest.mark.parametrize("each", PAGES, ids=lambda page: page.name)
async def test_every_page_of_the_leader_is_sound(school: School, desk: Page, axe: str, each: BoardPage) -> None:
    await desk.goto(f"{school.base}/board/{each.name}")
    await expect(desk.locator('nav a[aria-current="page"]')).to_have_text(each.label)
    await sound(desk, axe)


async def test_a_month_is_sound(school: School, desk: Page, axe: str) -> None:
    await desk.goto(f"{school.base}/board/calendar?month=2026-09")
    await sound(desk, axe)


async def test_the_pages_without_a_visit_are_sound(school: School, program: Program, axe: str) -> None:
    answer = await school.say("李老师", "/看板 全组")
    public = next(line for line in answer.splitlines() if line.startswith("http"))
    browser = await program.new_context(locale="zh-CN")
    page = await browser.new_page()
    for address in (await school.link("李老师"), f"{school.base}/board/week", public, f"{public}?month=2026-10"):
        await page.goto(address)
        await sound(page, axe)
    await browser.close()


async def test_what_is_not_sound_is_found(school: School, desk: Page, axe: str) -> None:
    await desk.goto(f"{school.base}/board/week")
    wrong = "<img src=data:,><input><button>小</button>"
    await desk.evaluate("wrong => document.querySelector('main').insertAdjacentHTML('beforeend', wrong)", wrong)
    await desk.evaluate(axe)
    found = " ".join(await desk.evaluate(FINDINGS, EVERYTHING))
    assert all(rule in found for rule in ("image-alt", "label"))
    assert any("without a name" in fault for fault in await desk.evaluate(FAULTS))


async def test_the_keyboard_is_enough_to_sign_up_and_to_write(school: School, program: Program) -> None:
    async with visiting(school, program, "王老师", viewport=PHONE) as page:
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="跳到内容")).to_be_focused()
        await tab_to(page, "link", "报名")
        await page.keyboard.press("Enter")
        await tab_to(page, "button", "报名听课 1")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("已报名 1")
        await tab_to(page, "button", "撤销")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("已撤销")
        await tab_to(page, "link", "反思")
        await page.keyboard.press("Enter")
        await tab_to(page, "textbox", "想到什么写什么")
        await page.keyboard.type("导入太长")
        await tab_to(page, "button", "保存")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("只有您自己看得到")
        await expect(page.get_by_role("textbox", name="想到什么写什么")).to_have_value("")
        await tab_to(page, "button", "分享给全组")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("已分享给全组")


async def tab_to(page: Page, role: Any, name: str) -> None:
    wanted = page.get_by_role(role, name=name, exact=True).first
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await wanted.count() and await wanted.evaluate("each => each === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not reach {name}")


async def test_what_was_typed_outlives_the_visit(school: School, program: Program) -> None:
    async with visiting(school, program, "赵老师", viewport=PHONE) as page:
        await page.goto(f"{school.base}/board/reflection")
        await page.get_by_label("想到什么写什么").fill('两段\n"引号" <b>&amp;</b> 🙂')
        await page.context.clear_cookies()
        await page.get_by_role("button", name="保存").click()
        await expect(page.locator("main")).to_contain_text("替您存着了")
        await fits(page)
    async with visiting(school, program, "赵老师", viewport=PHONE) as page:
        await page.get_by_role("link", name="您有一篇没写完的反思").click()
        await expect(page.get_by_label("想到什么写什么")).to_have_value('两段\n"引号" <b>&amp;</b> 🙂')
        await page.get_by_role("button", name="保存").click()
        await expect(page.get_by_role("status")).to_contain_text("已保存")
        await expect(page.get_by_label("想到什么写什么")).to_have_value("")
        await expect(page.locator(".text").first).to_have_text('两段\n"引号" <b>&amp;</b> 🙂')


async def test_a_lesson_heard_is_noted_and_what_is_wrong_is_said_beside_it(school: School, program: Program) -> None:
    async with visiting(school, program, "陈老师", viewport=PHONE) as page:
        await page.goto(f"{school.base}/board/observation")
        await page.get_by_label("第几节").select_option("2")
        await page.get_by_label("感受").fill("第3节课以前\n高一4班也这样")
        await page.get_by_role("button", name="记下").click()
        await expect(page.get_by_role("status")).to_contain_text("听了谁的课")
        await page.get_by_label("听谁的课").select_option("王老师")
        await page.get_by_role("button", name="记下").click()
        await expect(page.get_by_role("status")).to_contain_text("王老师 9月7日 周一第2节")
        await expect(page.locator(".text").first).to_have_text("第3节课以前\n高一4班也这样")
        await fits(page)


async def test_a_link_that_is_expired_forged_used_or_forwarded_opens_nothing(school: School, program: Program) -> None:
    browser = await program.new_context(java_script_enabled=False, viewport=PHONE)
    page = await browser.new_page()
    expired, forged = await school.link("王老师"), f"{school.base}/board/open/{'A' * 22}"
    await school.later(minutes=11)
    taken = await school.link("王老师")
    await page.goto(taken)
    await page.get_by_role("button", name="打开看板").click()
    await expect(page.locator("h1")).to_contain_text("第2周备课")
    stranger = await (await program.new_context(java_script_enabled=False, viewport=PHONE)).new_page()
    for address in (expired, forged, taken):
        await stranger.goto(address)
        await expect(stranger.locator("h1")).to_have_text("链接用过了或者过期了")
        await fits(stranger)
    await stranger.goto(f"{school.base}/board/mine")
    await expect(stranger.locator("h1")).to_have_text("请先从聊天里打开看板")
    await stranger.context.close()
    await browser.close()

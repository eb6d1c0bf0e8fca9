"""The whole program in a browser: the real bot behind the page."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, expect

from bot.app import Playhouse
from bot.simulator.server import make_app
from tests.browser.chromium import needs_browser
from tests.browser.conftest import Screens

pytestmark = [pytest.mark.asyncio(loop_scope="module"), needs_browser]

PLAN = """三、具体活动安排
• 每月第一周\uff1a召开备课组例会
• 每周固定时间\uff1a集中进行集体备课
• 每两周一次\uff1a组织听评课活动
"""


@pytest_asyncio.fixture(params=["wide", "phone"], loop_scope="module")
async def page(request: pytest.FixtureRequest, screens: Screens, tmp_path: Path) -> AsyncIterator[Page]:
    async with (
        Playhouse(tmp_path / "data", None) as playground,
        TestServer(make_app(playground), host="127.0.0.1") as server,
    ):
        found = await screens.page(request.param)
        await found.goto(f"http://127.0.0.1:{server.port}/try")
        await found.wait_for_selector("body[data-ready]")
        yield found
        await found.close()


on_a_phone = pytest.mark.parametrize("page", ["phone"], indirect=True)
"""Where the screen's size is not the matter: it is phones that teachers have."""


async def say(page: Page, text: str) -> None:
    await page.fill("#text", text)
    await page.keyboard.press("Enter")


def last_answer(page: Page) -> object:
    return page.locator(".from-bot .bubble").last


async def test_a_teacher_signs_up_and_reads_it_on_the_card(page: Page) -> None:
    await page.locator("#speakers").get_by_role("button", name="王老师").click()
    await say(page, "@备课助手 /报名 1")
    await expect(last_answer(page)).to_contain_text("✅ 已报名 1")
    await page.click("[data-clock=next]")
    card = page.locator(".from-bot .bubble").last
    await expect(card).to_contain_text("📅 第2周备课 9月7日")
    await expect(card).to_contain_text("听课 1/4")
    await expect(page.locator("#time")).to_have_text("07:10")


async def test_a_plan_is_read_answered_and_heard_of_on_monday(page: Page) -> None:
    if await page.locator("#open-side").is_visible():
        await page.click("#open-side")
    await page.click("#tab-plan")
    await page.set_input_files(
        "#plan-file", {"name": "计划.txt", "mimeType": "text/plain", "buffer": PLAN.encode("utf-8")}
    )
    await page.click("#plan-read")
    await expect(page.locator("#plan-result")).to_contain_text("集中进行集体备课")
    await page.click("#plan-activate")
    await expect(page.locator("#plan-result")).to_contain_text("已经启用")
    if await page.locator("#close-side").is_visible():
        await page.click("#close-side")
    await page.locator("#speakers").get_by_role("button", name="李老师").click()
    await say(page, "@备课助手 /计划 答 1 周四第6-7节")
    await expect(last_answer(page)).to_contain_text("每周四第6\u20137节")
    await page.click("[data-clock=next]")
    await expect(last_answer(page)).to_contain_text("周四第6\u20137节 语文办公室")


@on_a_phone
async def test_what_is_rehearsed_comes(page: Page) -> None:
    await page.click("#rehearse")
    first = page.locator(".rehearsed").first
    await expect(first).to_contain_text("9月7日 周一 07:10")
    text = await first.locator(".rehearsed-text").inner_text()
    await page.click("#close-rehearsal")
    await page.click("[data-clock=next]")
    await expect(last_answer(page)).to_contain_text(text.splitlines()[0])
    await page.click("#rehearse")
    await expect(page.locator(".rehearsed").first).to_contain_text("9月8日 周二 07:10")


@on_a_phone
async def test_the_same_message_again_does_nothing_twice(page: Page) -> None:
    await page.locator("#speakers").get_by_role("button", name="王老师").click()
    await say(page, "@备课助手 /报名 2")
    await expect(last_answer(page)).to_contain_text("还剩 3 座")
    if await page.locator("#open-side").is_visible():
        await page.click("#open-side")
    await page.click("#tab-dev")
    await page.click("#redeliver")
    await expect(page.locator("#toast")).to_be_visible()
    if await page.locator("#close-side").is_visible():
        await page.click("#close-side")
    await say(page, "@备课助手 /公开课")
    await expect(last_answer(page)).to_contain_text("听课 1/4")


async def test_the_months_picture_is_seen_and_told(page: Page) -> None:
    await say(page, "@备课助手 /反思 导入太长")
    await expect(last_answer(page)).to_contain_text("已保存")
    await say(page, "@备课助手 /汇总 9月 图")
    picture = page.locator(".picture img")
    await expect(picture).to_be_in_viewport()
    await expect(picture).to_have_js_property("naturalWidth", 1080)
    await expect(picture).to_have_attribute("alt", "图片：9月小结 · 高一语文备课组.png")
    small = await picture.bounding_box()
    await page.locator(".picture summary").press("Enter")  # the keyboard opens it, too
    await expect(page.locator(".picture .file")).to_be_visible()
    whole = await picture.bounding_box()
    assert small
    assert whole
    assert whole["width"] > small["width"]
    assert (
        abs(whole["height"] - whole["width"] * await picture.evaluate("it => it.naturalHeight / it.naturalWidth")) < 3
    )

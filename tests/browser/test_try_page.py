"""The simulator's page in a real browser, driven by the fake simulation."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, expect

from bot.errors import Refused
from bot.simulator.server import make_app
from tests.browser.chromium import needs_browser
from tests.browser.conftest import Screens
from tests.simulator.fake_simulation import FakeSimulation

pytestmark = [pytest.mark.asyncio(loop_scope="module"), needs_browser]


class Browser:
    """The page, the simulation behind it, and what the browser complained about."""

    def __init__(self, page: Page, simulation: FakeSimulation) -> None:
        self.page = page
        self.simulation = simulation
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console", lambda line: self.complaints.append(line.text) if line.type in ("error", "warning") else None
        )

    async def say(self, text: str) -> None:
        await self.page.fill("#text", text)
        await self.page.keyboard.press("Enter")


@pytest_asyncio.fixture(params=["wide"], loop_scope="module")
async def browser(request: pytest.FixtureRequest, screens: Screens) -> AsyncIterator[Browser]:
    simulation = FakeSimulation()
    async with TestServer(make_app(simulation), host="127.0.0.1") as server:
        found = Browser(await screens.page(request.param), simulation)
        await found.page.goto(f"http://127.0.0.1:{server.port}/try")
        await found.page.wait_for_selector("body[data-ready]")
        yield found
        await found.page.close()
        assert found.complaints == []


both = pytest.mark.parametrize("browser", ["wide", "phone"], indirect=True)


@both
async def test_a_message_gets_its_bubbles(browser: Browser) -> None:
    await expect(browser.page.locator("#text")).to_have_value("@备课助手 ")
    await browser.say("@备课助手 /报名 5")
    await expect(browser.page.locator(".mine .bubble")).to_have_text("@备课助手 /报名 5")
    await expect(browser.page.locator(".from-bot .bubble")).to_contain_text("✅ 已报名 5")
    await expect(browser.page.locator("#text")).to_have_value("@备课助手 ")
    assert browser.simulation.calls[0][1].text == "/报名 5"  # type: ignore[attr-defined]


@both
async def test_without_the_mention_the_bubble_is_grey_and_nobody_answers(browser: Browser) -> None:
    await browser.say("周四的课谁去听\uff1f")
    await expect(browser.page.locator(".unheard .deaf")).to_contain_text("机器人收不到")
    await expect(browser.page.locator(".from-bot")).to_have_count(0)


async def test_shift_enter_is_a_new_line(browser: Browser) -> None:
    await browser.page.fill("#text", "@备课助手 /反思 亮点")
    await browser.page.keyboard.press("Shift+Enter")
    await browser.page.keyboard.type("不足")
    await browser.page.keyboard.press("Enter")
    await expect(browser.page.locator(".mine .bubble")).to_have_text("@备课助手 /反思 亮点\n不足")


async def test_an_action_sends_its_whole_text(browser: Browser) -> None:
    await browser.say("@备课助手 /公开课")
    await browser.page.get_by_role("button", name="听赵老师的课").click()
    await expect(browser.page.locator(".mine .bubble").last).to_have_text("@备课助手 /报名 5")
    await expect(browser.page.locator(".from-bot .bubble").last).to_contain_text("已报名")


@both
async def test_a_private_note_leaves_a_badge_until_it_is_read(browser: Browser) -> None:
    page = browser.page
    await page.click("[data-clock='1w']")
    await expect(page.locator("#time")).to_have_text("07:00")
    await expect(page.locator("#date")).to_have_text("2026年9月14日 周一")
    if await page.locator("#open-chats").is_visible():
        await expect(page.locator("#unread-total")).to_have_text("1")
        await page.click("#open-chats")
    await expect(page.locator("#privates .badge")).to_have_text("1")
    await page.locator("#privates").get_by_role("button", name="王老师").click()
    await expect(page.locator(".tag.note")).to_be_visible()
    await expect(page.locator("#text")).to_have_value("")
    await expect(page.locator("#privates .badge")).to_have_count(0)


@both
async def test_why_and_the_four_previews(browser: Browser) -> None:
    await browser.page.click("[data-clock=next]")
    await browser.page.get_by_role("button", name="为什么这样说").click()
    panel = browser.page.locator("#panel-message")
    await expect(panel.locator(".reasons")).to_contain_text("合并了")
    await expect(panel.locator("[data-preview]")).to_have_count(4)
    await expect(panel.locator("[data-preview=wecom_desktop]")).to_contain_text("听赵老师的课\uff1a@备课助手 /报名 5")
    await expect(panel.locator("[data-preview=wecom_desktop] figcaption")).to_contain_text("/ 4096 字节")


@both
async def test_the_term_is_rehearsed_by_keyboard(browser: Browser) -> None:
    page = browser.page
    await page.locator("#rehearse").focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="预演")
    await expect(dialog).to_contain_text("群里 2 条\uff0c私下 1 条\uff0c一条也没有真的发")
    await expect(dialog).to_contain_text("放假安排未公布")
    await expect(dialog.locator(".rehearsed-why").first).to_contain_text("为什么\uff1a周一早上的备课卡片")
    await expect(page.locator("#rehearsal-body")).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")  # the last of the three: privately
    await expect(dialog.locator(".rehearsed")).to_have_count(1)
    await expect(dialog.locator(".rehearsed")).to_contain_text("→ 王老师")
    assert await page.evaluate("document.querySelector('#rehearsal').scrollWidth <= innerWidth")
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(page.locator("#rehearse")).to_be_focused()
    await expect(page.locator(".message")).to_have_count(0)


async def test_typed_markup_stays_text(browser: Browser) -> None:
    hostile = "<img src=x onerror=alert(1)><b>粗</b>"
    await browser.say(hostile)
    await expect(browser.page.locator(".message .bubble").last).to_have_text(hostile)
    assert await browser.page.locator(".message img, .message b").count() == 0


async def test_ten_thousand_characters_are_folded(browser: Browser) -> None:
    await browser.say("长" * 10_000)
    body = browser.page.locator(".mine .body")
    await expect(browser.page.get_by_role("button", name="展开全文\uff0810000 字\uff09")).to_be_visible()
    folded = await body.evaluate("node => node.offsetHeight")
    await browser.page.click(".unfold")
    assert await body.evaluate("node => node.offsetHeight") > 4 * folded


async def test_redelivery_answers_the_same(browser: Browser) -> None:
    await browser.say("@备课助手 /报名 5")
    await browser.page.get_by_role("button", name="机器人怎么理解这句").click()
    await browser.page.locator("#panel-message").get_by_role("button", name="重发同一条").click()
    await expect(browser.page.locator("#toast")).to_contain_text("回答照旧")
    await expect(browser.page.locator(".message")).to_have_count(2)


async def test_a_plan_is_read_and_its_questions_shown(browser: Browser) -> None:
    page = browser.page
    await page.click("[data-tab=plan]")
    file = {"name": "计划.txt", "mimeType": "text/plain", "buffer": "每周三集体备课\n隔周研讨".encode()}
    await page.set_input_files("#plan-file", file)  # type: ignore[arg-type]
    await page.click("#plan-read")
    await expect(page.locator(".entry.unsure .question")).to_contain_text("从哪一周开始")
    await page.click("#plan-activate")
    await expect(page.locator("#plan-result")).to_contain_text("已经启用")
    assert browser.simulation.calls[-1][1][3] is True  # type: ignore[index]


async def test_an_error_is_shown_and_the_text_kept(browser: Browser) -> None:
    async def refuse(_request: object) -> None:
        raise Refused("现在不行")

    browser.simulation.say = refuse  # type: ignore[assignment, method-assign]
    await browser.say("@备课助手 /帮助")
    await expect(browser.page.locator("#toast")).to_contain_text("❌ 现在不行")
    await expect(browser.page.locator("#text")).to_have_value("@备课助手 /帮助")
    browser.complaints.clear()  # the browser itself reports the 400


async def test_reset_asks_once(browser: Browser) -> None:
    await browser.say("@备课助手 /帮助")
    await expect(browser.page.locator(".message")).to_have_count(2)
    await browser.page.click("#reset")
    await expect(browser.page.locator(".message")).to_have_count(2)
    await browser.page.click("#reset")
    await expect(browser.page.locator(".welcome")).to_be_visible()


async def test_lists_are_not_redrawn_under_the_finger(browser: Browser) -> None:
    page = browser.page
    await page.clock.install()
    await page.reload()
    await page.wait_for_selector("body[data-ready]")
    await page.evaluate("window.before = document.querySelector('#items button')")
    for _ in range(2):  # the second question is asked only after the first answer was drawn
        async with page.expect_response("**/try/api/state*"):
            await page.clock.run_for(4100)
    assert await page.evaluate("window.before.isConnected")


@pytest.mark.parametrize("typed", ["/帮助 @备课助手", "\uff20备课助手 /帮助", "@备课助手\u2005/帮助", "@备课助手/帮助"])
async def test_a_mention_is_found_where_the_platforms_find_it(browser: Browser, typed: str) -> None:
    await browser.say(typed)
    await expect(browser.page.locator(".from-bot .bubble")).to_contain_text("我能帮您")


@both
async def test_nothing_is_wider_than_the_screen(browser: Browser) -> None:
    await browser.say("@备课助手 /公开课")
    await expect(browser.page.locator(".from-bot")).to_be_visible()
    assert await browser.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("browser", ["phone"], indirect=True)
async def test_on_a_phone_everything_to_tap_is_44_pixels(browser: Browser) -> None:
    await browser.say("@备课助手 /公开课")
    await expect(browser.page.locator(".from-bot")).to_be_visible()
    small = await browser.page.evaluate(
        """() => [...document.querySelectorAll("button, input, textarea, select")]
            .filter((node) => node.checkVisibility({visibilityProperty: true}) && !node.matches(".hidden-input"))
            .filter((node) => node.getBoundingClientRect().height < 43.5)
            .map((node) => node.outerHTML.slice(0, 120))"""
    )
    assert small == []

"""The board: opened by a link of one's own, looked at, and the plan changed on it as if it had been typed."""

import re
from io import BytesIO

from aiohttp import CookieJar
from aiohttp.test_utils import TestClient
from docx import Document

from bot.web.board.forms import FILE_BYTES, FORM_BYTES
from bot.web.board.visiting import PER_MINUTE
from tests.web.visiting import Browser, link, page, send_file, visit

PLAN = '每周三第8-9节\uff1a集体备课\n每两周一次\uff1a研讨课 <b>&"“🙂\n第10周\uff1a期中质量分析会'


async def send(browser: Browser, status: int = 200, **fields: str) -> str:
    """Send a form of the plan's page, with the secret that the page holds unless another is given."""
    text = await page(browser, "/board/plan")
    secret = re.search(r'name="form" value="([^"]+)"', text)
    once = re.search(r'name="once" value="([^"]+)"', text)
    assert secret
    assert once
    response = await browser.post("/board/plan", data={"form": secret[1], "once": once[1], **fields})
    assert response.status == status
    return await response.text()


async def test_a_link_is_used_up_by_a_tap_and_by_nothing_else(chat, browser):
    path = await link(chat.王老师)
    for _ in range(2):  # a preview crawler
        assert "打开看板" in await page(browser, path)
    response = await browser.post(path, allow_redirects=False)
    cookie = response.cookies["board"]
    assert (response.status, cookie["httponly"], cookie["samesite"], cookie["path"]) == (303, True, "Strict", "/board/")
    assert "第2周" in await page(browser, "/board/")
    for again in (await browser.post(path), await browser.get(path)):
        assert again.status == 410
        assert "请在聊天里私下发 /看板" in await again.text()


async def test_a_link_is_good_for_ten_minutes_and_a_visit_for_eight_hours(chat, browser):
    late = await link(chat.王老师)
    await chat.later(minutes=11)
    assert (await browser.post(late)).status == 410
    await visit(browser, chat.王老师)
    await chat.later(hours=7)
    assert "日历" in await page(browser, "/board/calendar")
    await chat.later(hours=2)
    assert "请先从聊天里打开看板" in await page(browser, "/board/calendar", 401)


async def test_forged_links_and_cookies_open_nothing(chat, browser):
    await page(browser, "/board/", 401)
    assert (await browser.post("/board/open/AAAAAAAAAAAAAAAAAAAAAA")).status == 410
    for cookie in ("x", "WzFd.x", "é"):
        response = await browser.get("/board/plan", headers={"Cookie": f"board={cookie}"})
        assert response.status == 401
    assert "没有这一页" in await page(browser, "/board/..%2f..%2fetc", 404)


async def test_in_a_group_the_link_is_private(chat, server):
    reply = await chat.王老师("/看板")
    assert "私下发给您" in reply
    assert "/board/open/" not in reply


async def test_who_leads_no_more_sees_the_calendar_alone(chat, browser):
    await visit(browser, chat.王老师)
    assert "/board/plan" not in await page(browser, "/board/calendar")
    for path in ("/board/plan", "/board/rehearsal"):
        assert "由组长看" in await page(browser, path, 403)
    await chat.李老师("/成员 移出 王老师")
    assert "不在这个组里" in await page(browser, "/board/calendar", 403)


async def test_week_and_month(chat, browser):
    await visit(browser, chat.王老师)
    await chat.李老师("/日程 取消 4 学校开会")
    week = await page(browser, "/board/calendar")
    assert re.search(r'class="cancelled">第8–9节 集体备课', week)
    october = await page(browser, "/board/calendar?month=2026-10")
    assert "调休，按周三课表" in october
    assert "国庆节" in october
    assert "第10周 期中" in await page(browser, "/board/calendar?month=2026-11")
    assert "陈老师《峨日朵雪峰之侧》" not in await page(browser, "/board/calendar?mine=1")
    for query in ("week=x", "month=2026-13", "month=", "week=9999-12-31", "month=9999-12", "week=0001-01-01"):
        assert re.search("没看懂日期|日历里没有", await page(browser, f"/board/calendar?{query}", 400))


async def test_a_plan_is_read_answered_corrected_and_put_in_force_on_the_page(chat, browser):
    await visit(browser, chat.李老师)
    text = await send(browser, say="/计划 导入", words=PLAN)
    assert "文件第 2 行" in text
    assert "&lt;b&gt;&amp;&#34;“🙂" in text
    assert "<b>&" not in text
    number = re.search(r"/计划 改 (\d+)", text.partition("期中质量分析会")[2])
    assert number
    assert "单周" in text
    text = await send(browser, say="/计划 答 1", words="双周周四第3节")
    assert "双周周四第3节" in text
    text = await send(browser, say=f"/计划 改 {number[1]}", words="第11周周五第2节")
    assert "第11周周五第2节" in text
    assert "✅" in await send(browser, say="/计划 启用", words="")
    assert "已撤销" in await chat.李老师.private("/撤销")


async def test_a_form_sent_twice_is_done_once_and_a_bad_one_not_at_all(chat, browser):
    await visit(browser, chat.李老师)
    text = await page(browser, "/board/plan")
    secret = re.search(r'name="form" value="([^"]+)"', text)
    assert secret
    fields = {"form": secret[1], "once": "same", "say": "/计划 导入", "words": PLAN}
    answers = [await (await browser.post("/board/plan", data=fields)).text() for _ in range(2)]
    assert [text.count('class="entry') for text in answers] == [4, 4]
    for wrong in (
        {"form": "x"},
        {"form": ""},
        {"say": "/任务 王老师 交卷"},
        {"say": "/计划x"},
    ):
        assert (await browser.post("/board/plan", data={**fields, **wrong})).status == 403
    assert (await browser.post("/board/plan", json=fields)).status == 403
    endless = await browser.post("/board/plan", data={**fields, "words": "长" * FORM_BYTES})
    assert endless.status == 400
    assert "最多 12000 字" in await endless.text()
    assert (await browser.post("/board/leave", data={"form": "x"})).status == 403
    assert (await browser.post("/board/leave", data={"form": secret[1]})).status == 200
    await page(browser, "/board/plan", 401)


async def upload(browser: Browser, data: bytes, name: str, status: int = 200, **fields: str) -> str:
    """Send a file with the plan page's form."""
    return await send_file(browser, "/board/plan", (name, data), status, say="/计划 导入", **fields)


async def test_a_file_is_read_and_what_a_second_one_changes_waits_for_a_yes(chat, browser):
    await visit(browser, chat.李老师)
    document = Document()
    for line in ("每周二第3节\uff1a集体备课研讨", "第10周\uff1a期中质量分析会"):
        document.add_paragraph(line)
    file = BytesIO()
    document.save(file)
    assert "期中质量分析会" in await upload(browser, file.getvalue(), "计划.docx")
    changed = "每周二第3节\uff1a集体备课研讨\n第11周\uff1a期中质量分析会".encode("gb18030")
    assert "和现在的计划比" in await upload(browser, changed, "计划.txt")
    later = await page(browser, "/board/plan")
    assert "有一份新的计划等您定" in later
    assert "第11周" not in later
    assert "照新的改" in await send(browser, say="/计划 导入 看")
    assert "照新计划改好了" in await send(browser, say="/计划 导入 确认")
    later = await page(browser, "/board/plan")
    assert "第11周" in later
    assert "等您定" not in later
    assert "已撤销" in await chat.李老师.private("/撤销")


async def test_a_file_that_cannot_be_read_gets_its_sentence_and_changes_nothing(chat, browser):
    await visit(browser, chat.李老师)
    before = (await page(browser, "/board/plan")).count('class="entry')
    for data, name in ((b"", "a.txt"), (b"PK\x03\x04", "a.docx"), (b"MZ", "a.exe"), (b"x" * (FILE_BYTES + 1), "a.txt")):
        assert re.search(r"[\u4e00-\u9fff]{4}", await upload(browser, data, name, 400))
    await upload(browser, "第10周\uff1a期中质量分析会".encode(), "a.txt", 403, form="x")
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    assert (await browser.post("/board/plan", data=b"nothing", headers=broken)).status == 403
    assert (await page(browser, "/board/plan")).count('class="entry') == before


async def test_the_rehearsal_says_what_would_be_posted_and_why(chat, browser):
    await visit(browser, chat.李老师)
    both, group, private = [
        await page(browser, f"/board/rehearsal?show={show}") for show in ("all", "group", "private")
    ]
    assert "第2周备课" in both
    assert "@备课助手 /报名 1" in group
    assert 'class="tag off"' not in group
    assert "第2周备课 9月7日" not in private
    assert "因为：" in private


async def test_every_page_is_small_strict_and_not_kept(chat, browser):
    await visit(browser, chat.李老师)
    for path in ("/board/calendar", "/board/plan", "/board/rehearsal"):
        response = await browser.get(path)
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script" not in policy
        assert response.headers["Cache-Control"] == "no-store"
        text = await response.text()
        assert 'lang="zh-CN"' in text
        assert "<script" not in text
        assert "style=" not in text
    assert (await browser.get("/board/board.css")).content_type == "text/css"


async def test_somebody_who_reloads_all_the_time_is_asked_to_wait(chat, browser):
    await visit(browser, chat.王老师)
    statuses = {(await browser.get("/board/calendar")).status for _ in range(PER_MINUTE + 1)}
    assert statuses == {200, 429}


async def test_a_link_forwarded_after_use_opens_nothing_in_another_browser(chat, server, browser):
    path = await link(chat.李老师)
    await browser.post(path)
    async with TestClient(server, cookie_jar=CookieJar(unsafe=True)) as other:
        assert (await other.get(path)).status == 410
        assert (await other.post(path)).status == 410
        await page(other, "/board/plan", 401)
        await page(browser, "/board/plan")


async def test_ten_thousand_characters_come_out_whole_and_harmless(chat, browser):
    await visit(browser, chat.李老师)
    long = "第10周\uff1a<i>&\"'🙂" + "长" * 10_000
    text = await send(browser, say="/计划 导入", words=long)
    assert "<i>" not in text
    assert "长" * 10_000 in await page(browser, "/board/plan")

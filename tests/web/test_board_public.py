"""The group's link without names, and what the board does for those who only look, or look from elsewhere."""

import asyncio
import re
from urllib.parse import urlsplit

import pytest
from aiohttp import CookieJar
from aiohttp.test_utils import TestClient

from bot.domain.observations import Observation
from bot.web.board.table import PAGES, pages_for
from tests.web.visiting import fill, hidden, link, page, visit

NAMES = ("李老师", "王老师", "张老师", "赵老师", "陈老师", "刘老师", "周老师", "孙老师")


async def public(chat) -> str:
    found = re.search(r"http://\S+/board/group/\S+", await chat.李老师("/看板 全组"))
    assert found
    return urlsplit(found[0]).path


async def test_the_groups_link_shows_no_name_to_anybody(chat, browser):
    await chat.李老师("/日程 加 9月8日 王老师、张老师经验分享 李老师办公室")
    path = await public(chat)
    for query in ("", "?month=2026-09", "?month=2026-10", "?week=2026-09-14", "?week=2026-09-28"):
        response = await browser.get(path + query)
        text = await response.text()
        assert response.status == 200
        assert "Set-Cookie" not in response.headers
        assert [name for name in NAMES if name in text] == []
    assert "公开课《峨日朵雪峰之侧》" in await page(browser, path)
    assert "高一语文备课组" in text
    for each in PAGES:
        await page(browser, f"/board/{each.path}", 401)


async def test_the_groups_link_is_the_leaders_to_give_and_to_take(chat, browser):
    for text in ("/看板 全组", "/看板 停用"):
        assert (await chat.王老师(text)).startswith("🔒")
    assert "已经停用" in await chat.李老师("/看板 停用")
    first = await public(chat)
    assert await public(chat) == first
    assert (await chat.李老师("/看板 停用")).startswith("✅")
    assert "停用了" in await page(browser, first, 410)
    assert "已撤销" in await chat.李老师("/撤销")
    await page(browser, first)
    await chat.李老师("/看板 停用")
    second = await public(chat)
    assert second != first
    statuses = [(await browser.get(path)).status for path in (first, second, second[:-1], "/board/group/x")]
    assert statuses == [410, 200, 410, 410]


async def test_another_sites_form_opens_no_visit(chat, browser):
    path = await link(chat.王老师)
    for site in ("cross-site", "same-site", "none"):
        assert (await browser.post(path, headers={"Sec-Fetch-Site": site})).status == 403
    assert (await browser.post(path, headers={"Sec-Fetch-Site": "same-origin"})).status == 200


@pytest.mark.parametrize("each", [one for one in pages_for(leader=True) if one.says], ids=lambda one: one.path)
async def test_who_may_not_is_told_before_anything_of_the_form_is_read(chat, browser, each):
    await visit(browser, chat.王老师)
    response = await browser.post(f"/board/{each.path}", data=b"\xff", headers={"Content-Type": "x/y"})
    assert response.status == 403
    assert "由组长看" in await response.text()


async def test_a_long_look_keeps_nobody_of_the_group_waiting(chat, server, browser, monkeypatch):
    [week] = [one for one in PAGES if one.path == "calendar"]
    looking, looked, show = asyncio.Event(), asyncio.Event(), week.show

    async def slow(look):
        looking.set()
        await looked.wait()
        return await show(look)

    await visit(browser, chat.李老师)
    monkeypatch.setitem(week.__dict__, "show", slow)
    seen = asyncio.create_task(page(browser, "/board/calendar"))
    await looking.wait()
    assert (await chat.王老师("/报名 1")).startswith("✅")
    async with TestClient(server, cookie_jar=CookieJar(unsafe=True)) as other:
        await visit(other, chat.王老师)
        await page(other, "/board/sign-up")
        assert not seen.done()
        looked.set()
        assert "第2周" in await seen


@pytest.mark.parametrize("text", ["改 5 板书", "看 3", "分享 5", "周三第3节 高一4班\n李老师也这样"])
async def test_texts_of_forms_are_kept_as_they_were_written(chat, browser, text):
    await visit(browser, chat.王老师)
    await chat.王老师.private("/反思 第一篇")
    await fill(browser, "/board/reflections", say="/反思", text=text.replace("\n", "\r\n"))
    assert "第一篇" in await chat.王老师.private("/反思 看 5")
    assert text in await chat.王老师.private("/反思 看 6")
    fields = {"teacher": "张老师", "day": "2026-09-07", "lesson": "2", "classroom": "", "text": text}
    await fill(browser, "/board/observations", say="/听课", **fields)
    async with chat.playground.store.transaction("group:chinese") as tx:
        [heard] = await tx.find(Observation, term="2026学年第一学期", member="王老师")
    assert (heard.text, heard.periods, heard.classroom) == (text, (2,), "")


async def test_the_link_is_given_and_taken_on_the_settings(chat, browser):
    await visit(browser, chat.李老师)
    text = await fill(browser, "/board/settings", say="/看板 全组")
    assert "/board/group/" in text
    assert "作废了" in await fill(browser, "/board/settings", say="/看板 停用")
    assert hidden(text, "form")

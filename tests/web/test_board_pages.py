"""The board's pages: what each shows, and that what is done on it is what would be done in the chat."""

import gzip
import os
import re
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest

from bot.domain.board_drafts import LIFE, BoardDraft, forget
from bot.domain.people import SYSTEM
from bot.reports.press import here
from bot.scheduling.backups import copies
from bot.storage.blobs import Blobs
from bot.web.board.page import House
from bot.web.board.pages.backup import listed
from bot.web.board.table import PAGES, pages_for
from tests.handlers.test_pending import held_card
from tests.web.visiting import fill, hidden, page, visit

FIRST_VIEW = 50 * 1024
PUPIL = "李明同学这次只考了 42 分，要单独谈"


async def said_in_the_group(chat):
    return [bubble.text for bubble in await chat.playground.transcript("高一语文备课组", None, 0)]


async def test_the_week_says_who_prepares_what_is_due_and_what_one_can_sign_up_for(chat, browser):
    await chat.李老师("/任务 王老师 周五前 交单元卷")
    await visit(browser, chat.王老师)
    text = await page(browser, "/board/")
    assert re.search(r"要我做的</h2>.*交单元卷", text, re.DOTALL)
    assert re.search(r"谁主备</h2>.*9月9日 周三第8–9节", text, re.DOTALL)
    assert re.search(r"可以报名</h2>.*>报名<", text, re.DOTALL)
    assert "等您定的" not in text
    await visit(browser, chat.张老师)
    assert "交单元卷" not in (await page(browser, "/board/")).partition("这一周")[0]


async def test_what_is_due_is_done_on_the_first_page(chat, browser):
    await chat.李老师("/任务 王老师 周五前 交单元卷")
    await visit(browser, chat.王老师)
    assert "9月9日 周三第8–9节以前交自己的初案" in await page(browser, "/board/")
    assert "第2周初案已收到" in await fill(browser, "/board/", say="/初案", words="https://docs.example.com/w2")
    text = await fill(browser, "/board/", say="/完成", words="5")
    assert "任务 5 交单元卷 完成了" in text
    assert "交自己的初案" not in text
    assert 'value="/完成"' not in text
    assert "请假" in await fill(browser, "/board/", say="/请假", words="明天 外出学习")
    await chat.until("2026-09-09T16:30")  # the meeting is over: nobody waits for a draft any more
    await visit(browser, chat.张老师)
    assert "交自己的初案" not in await page(browser, "/board/")


async def test_the_calendar_goes_to_the_telephone(chat, browser):
    await visit(browser, chat.王老师)
    text = await fill(browser, "/board/calendar", say="/日程 订阅")
    found = re.search(r'<a href="(http[^"]+/calendar/[^"]+)">', text)
    assert found
    assert "链接只给自己用" in text
    assert "日历链接作废了" in await fill(browser, "/board/calendar", say="/日程 退订")
    await fill(browser, "/board/calendar", 403, say="/日程 取消 4")


async def test_the_quota_is_set_by_the_month_or_the_term(chat, browser):
    await visit(browser, chat.李老师)
    assert "现在没有配额" in await page(browser, "/board/settings")
    assert "每人每月 3 节" in await fill(browser, "/board/settings", say="/听课 配额", per="每月", each="3")
    assert "每人每学期 15 节" in await fill(browser, "/board/settings", say="/听课 配额", per="每学期", each="15")
    for wrong in ("", "99", "三十", "-1", "1e3"):
        await fill(browser, "/board/settings", say="/听课 配额", per="每月", each=wrong)
        assert "每人每学期 15 节" in await page(browser, "/board/settings"), wrong
    assert "现在没有配额" in await fill(browser, "/board/settings", say="/听课 配额 取消")


async def test_the_leaders_week_says_what_waits_for_a_word(chat, browser):
    await held_card(chat)
    await visit(browser, chat.李老师)
    text = await page(browser, "/board/")
    assert '<a class="records" href="/board/pending">1 条消息说不准' in text


async def test_a_seat_is_taken_waited_for_and_given_back(chat, browser):
    for name in ("张老师", "陈老师", "刘老师", "周老师", "孙老师"):  # one of them gives the lesson
        await chat.say(name, "/报名 1")
    await visit(browser, chat.王老师)
    assert 'value="/候补 1"' in await page(browser, "/board/sign-up")
    assert "您是第 1 位" in await fill(browser, "/board/sign-up", say="/候补 1")
    assert "候补第 1 位" in await page(browser, "/board/sign-up")
    month = await page(browser, "/board/calendar?month=2026-09")
    assert re.search("上课 [^；]+；听课 张老师、[^；]+；候补 王老师<", month)  # each part once, the guests behind
    await chat.张老师("/取消报名 1")
    text = await page(browser, "/board/sign-up")
    assert "已报名" in text
    assert "听课 4/4" in text
    text = await fill(browser, "/board/sign-up", say="/取消报名 1")
    assert "✅ 已取消 1" in text
    assert "听课 3/4" in text


async def test_a_tap_on_undo_takes_back_what_it_stands_under_and_nothing_later(chat, browser):
    await visit(browser, chat.王老师)
    text = await fill(browser, "/board/sign-up", say="/报名 1")
    mark = hidden(text, "mark")
    await chat.王老师.private("/报名 2")
    assert "这个按钮是更早的一步" in await fill(browser, "/board/sign-up", say="/撤销", mark=mark)
    text = await fill(browser, "/board/sign-up", say="/取消报名 1")
    assert "已撤销" in await fill(browser, "/board/sign-up", say="/撤销", mark=hidden(text, "mark"))


async def test_a_form_sent_twice_is_one_message(chat, browser):
    await visit(browser, chat.王老师)
    fields = {"say": "/报名 1", "once": "the same"}
    answers = [await fill(browser, "/board/sign-up", **fields) for _ in range(2)]
    assert ["已报名 1" in text for text in answers] == [True, True]
    await visit(browser, chat.张老师)  # the same form from somebody else is another message
    assert "✅ 已报名 1" in await fill(browser, "/board/sign-up", **fields)
    assert "听课 2/4" in await page(browser, "/board/sign-up")


async def test_a_page_says_its_own_commands_and_no_others(chat, browser):
    await visit(browser, chat.李老师)
    for path, said in (
        ("sign-up", "/任务 王老师 明天 交卷"),
        ("reflections", "/成员 移出 王老师"),
        ("reflections", "/反思x"),
        ("settings", "/计划 停用"),
        ("members", ""),
    ):
        await fill(browser, f"/board/{path}", 403, say=said)
    assert (await browser.post("/board/backup", data={})).status == 405


async def test_a_reflection_is_written_changed_shared_and_taken_back(chat, browser):
    await visit(browser, chat.王老师)
    wild = "<script>alert(1)</script> & \"'🙂\n第二行"
    text = await fill(browser, "/board/reflections", say="/反思", text=wild, number="")
    number = re.search(r"✅ 反思 (\d+) 已保存，只有您自己看得到", text)
    assert number
    assert "<script>" not in text
    opened = await page(browser, f"/board/reflections?n={number[1]}")
    assert unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", opened, re.DOTALL)[1]) == wild
    text = await fill(
        browser, f"/board/reflections?n={number[1]}", say="/反思", text="导入压到三分钟", number=number[1]
    )
    assert f"反思 {number[1]} 已修改" in text
    text = await fill(browser, "/board/reflections", say="/反思 分享", words=number[1])
    assert "已分享给全组" in text
    assert "全组可见" in text
    text = await fill(browser, "/board/reflections", say="/撤销", mark=hidden(text, "mark"))
    assert "全组可见" not in text
    assert "还没有写内容" in await fill(browser, "/board/reflections", 400, say="/反思", text=" ", number="")


async def test_nobody_reads_anothers_by_changing_the_number(chat, browser):
    reply = await chat.王老师.private("/反思 这是我一个人的心里话")
    number = re.search(r"反思 (\d+)", reply)[1]
    for speaker in (chat.张老师, chat.李老师):
        await visit(browser, speaker)
        text = await page(browser, f"/board/reflections?n={number}", 403)
        assert "心里话" not in text
        text = await fill(browser, "/board/reflections", say="/反思 改", text="x" * 8, number=number)
        assert "别人写的" in text
        assert "别人写的" in await fill(browser, "/board/reflections", say="/反思 分享", words=number)
    for wrong in ("0x1", "-1", "１", "9999999", "1 or 1", "999"):
        await page(browser, f"/board/reflections?n={wrong}", 400)


async def test_what_the_guard_refuses_is_kept_for_its_writer_and_saved_with_codes_by_a_tap(chat, browser):
    await visit(browser, chat.王老师)
    text = await fill(browser, "/board/reflections", say="/反思", text=PUPIL, number="")
    assert "没有保存" in text
    assert PUPIL in text.partition("<textarea")[2]
    kept = await page(browser, "/board/reflections")
    assert "没存完的草稿" in kept
    assert "这次只考了 42 分，要单独谈" in kept
    assert "李明" not in kept  # a draft is stored, too
    async with chat.playground.store.transaction(SYSTEM) as tx:
        assert "李明" not in str(await tx.scan(BoardDraft))
    coded = unescape(re.search(r'name="say" value="(/反思 [^"]*42[^"]*)"', text)[1])
    assert "李明" not in coded
    text = await fill(browser, "/board/reflections", say=coded)
    assert "已保存" in text
    assert "没存完的草稿" not in await page(browser, "/board/reflections")
    assert "李明" not in await page(browser, "/board/reflections")


async def test_what_was_written_outlives_the_visit_and_is_its_writers_alone(chat, browser):
    await visit(browser, chat.王老师)
    text = await page(browser, "/board/reflections")
    fields = {name: hidden(text, name) for name in ("form", "once", "keep")}
    await chat.later(hours=9)
    late = {**fields, "say": "/反思", "text": "写了半天的话", "number": ""}
    response = await browser.post("/board/reflections", data=late)
    assert response.status == 401
    assert "您写的已经存好了" in await response.text()
    assert "写了半天" not in await chat.王老师.private("/反思")
    for forged in ("", "x", fields["form"], fields["keep"][:-1] + ("A" if fields["keep"][-1] != "A" else "B")):
        response = await browser.post("/board/reflections", data={**late, "keep": forged, "text": "别的"})
        assert "请先从聊天里打开看板" in await response.text()
    for speaker, sees in ((chat.张老师, False), (chat.王老师, True)):
        await visit(browser, speaker)
        assert ("写了半天的话" in await page(browser, "/board/reflections")) is sees
        assert "写了半天的话" not in await page(browser, "/board/observations")
    await chat.later(days=4)
    assert (await browser.post("/board/reflections", data=late)).status == 401
    assert "请先从聊天里打开看板" in await (await browser.post("/board/reflections", data=late)).text()


async def test_a_draft_belongs_to_what_it_was_written_of(chat, browser):
    numbers = [re.search(r"反思 (\d+)", await chat.王老师.private(f"/反思 第{n}篇的导入太长"))[1] for n in ("一", "二")]
    await visit(browser, chat.王老师)
    one, other = (f"/board/reflections?n={number}" for number in numbers)
    await fill(browser, one, say="/反思", do="keep", text="第一篇的新写法", number=numbers[0])
    assert "第一篇的新写法" in await page(browser, one)
    for elsewhere in (other, "/board/reflections"):
        text = await page(browser, elsewhere)
        assert "第一篇的新写法" not in text
        assert f'href="{one}">反思 {numbers[0]}</a>' in text
    await fill(browser, other, say="/反思", text="第二篇改好了", number=numbers[1])
    assert "第一篇的新写法" in await page(browser, one)
    await fill(browser, one, say="/反思", text="第一篇也改好了", number=numbers[0])
    assert "草稿：" not in await page(browser, "/board/reflections")


async def test_a_page_of_an_earlier_visit_loses_no_word(chat, browser):
    await visit(browser, chat.王老师)
    text = await page(browser, "/board/reflections")
    fields = {name: hidden(text, name) for name in ("form", "once", "keep")}
    await chat.later(hours=9)
    await visit(browser, chat.王老师)
    response = await browser.post("/board/reflections", data={**fields, "say": "/反思", "text": "另一页上的话"})
    assert response.status == 403
    assert "您写的已经存好了" in await response.text()
    assert "另一页上的话" in await page(browser, "/board/reflections")


async def test_a_draft_waits_two_weeks_and_goes(chat, browser):
    await visit(browser, chat.王老师)
    text = await fill(browser, "/board/observations", say="/听课", do="keep", teacher="张老师", text="没写完")
    assert "💾 草稿存好了" in text
    assert 'value="张老师"' in await page(browser, "/board/observations")
    async with chat.playground.store.transaction(SYSTEM) as tx:
        now = chat.playground.clock.now()
        assert await forget(tx, now, 10) == 0
        assert await forget(tx, now + LIFE * 2, 10) == 1
        assert await tx.count(BoardDraft) == 0


async def test_a_lesson_heard_is_noted_from_fields(chat, browser):
    await visit(browser, chat.王老师)
    fields = {"say": "/听课", "teacher": "张老师", "lesson": "2", "classroom": "高一3班", "text": "导入好"}
    text = await fill(browser, "/board/observations", day="2026-09-07", **fields)
    assert re.search(r"✅ 已记听课 \d+：张老师 9月7日 周一第2节 高一3班", text)
    assert "没存完" not in text
    assert "已经记过了" in await fill(browser, "/board/observations", day="今天", **fields)
    assert "没存完的草稿" in await page(browser, "/board/observations")
    assert "没看懂“前世”" in await fill(browser, "/board/observations", 400, day="前世", **fields)
    for day in ("2026-09-20", "2027-09-07"):
        assert "还没到" in await fill(browser, "/board/observations", day=day, **fields)
    assert "2025年9月7日不在这个学期里" in await fill(browser, "/board/observations", day="2025-09-07", **fields)
    assert "还没有选听了谁" in await fill(browser, "/board/observations", 400, **{**fields, "teacher": ""})


async def test_ones_own_record_and_what_is_stored_of_oneself(chat, browser):
    await chat.王老师.private("/反思 导入太长，下次三分钟内进入文本")
    await chat.张老师.private("/反思 板书太满了，下次先写提纲")
    await visit(browser, chat.王老师)
    mine = await page(browser, "/board/mine")
    assert "反思 1 篇" in mine
    assert "板书" not in mine
    assert "没有“x”" in await page(browser, "/board/mine?term=x", 400)
    text = await page(browser, "/board/privacy")
    assert re.search(r'<th scope="row">反思</th><td>1</td>', text)
    assert "所在的组（2 个）" in text


@pytest.mark.parametrize("leaders", [each.path for each in pages_for(leader=True)])
async def test_the_leaders_pages_are_the_leaders(chat, browser, leaders):
    await visit(browser, chat.王老师)
    assert "由组长看" in await page(browser, f"/board/{leaders}", 403)
    secret = hidden(await page(browser, "/board/reflections"), "form")
    given = next(each for each in PAGES if each.path == leaders)
    if given.says:
        fields = {"form": secret, "once": "1", "words": "", "say": f"/{given.says.pattern[4:6]}"}
        response = await browser.post(f"/board/{leaders}", data=fields)
        assert response.status == 403


async def test_in_the_first_weeks_the_month_that_has_something_is_shown(chat, browser):
    await visit(browser, chat.李老师)
    assert "<h1>9月小结</h1>" in await page(browser, "/board/digest")  # nothing of August is known
    await chat.王老师("/反思 导入太长")
    text = await fill(browser, "/board/digest", say="/汇总 改 9月 1", words="九月的第一行")
    assert "<h1>9月小结</h1>" in text
    assert "九月的第一行" in text
    assert "没有记录" in await page(browser, "/board/digest?of=8月")


async def test_the_month_is_looked_at_edited_published_and_taken_back(chat, browser):
    await chat.王老师("/反思 课题：归园田居 改进：再多读一遍")
    await chat.until("2026-10-08T12:00")
    await visit(browser, chat.李老师)
    text = await page(browser, "/board/digest")
    assert "9月小结 · 高一语文备课组" in text
    lines = text.count('aria-label="第 ')
    text = await fill(browser, "/board/digest", say="/汇总 改 9月 1", words="大家<b>辛苦")
    assert "大家&lt;b&gt;辛苦" in text
    text = await fill(browser, "/board/digest", say="/汇总 加", words="十月继续")
    assert text.count('aria-label="第 ') == lines + 1
    text = await fill(browser, "/board/digest", say="/汇总 删 2", words="9月")
    assert text.count('aria-label="第 ') == lines
    assert "发到群里了" in await fill(browser, "/board/digest", say="/汇总 发布", words="9月")
    assert any("大家<b>辛苦" in each for each in await said_in_the_group(chat))
    text = await page(browser, "/board/digest?of=9月")
    assert "发过" in text
    assert "发到群里<" not in text
    text = await fill(browser, "/board/digest", say="/汇总 改 9月 1", words="改过的一行")
    assert "后来改了" in text
    assert "发到群里了" in await fill(browser, "/board/digest", say="/汇总 发布", words="9月 确认")
    for query, words in (
        ("of=9月&trace=反思", "归园田居|王老师 9月7日"),
        ("of=12月", "还没到"),
        ("of=8月", "没有记录"),
    ):
        assert re.search(words, await page(browser, f"/board/digest?{query}"))
    for wrong in ("of=十三月", "of=<b>", "of=9月&trace=没有"):
        await page(browser, f"/board/digest?{wrong}", 400)


async def test_what_was_changed_meanwhile_is_neither_dropped_nor_published_unseen(chat, browser):
    await chat.王老师("/反思 课题：归园田居 改进：再多读一遍")
    await chat.王老师("/听课 张老师 今天第1节 高一3班 导入好")
    await chat.until("2026-10-08T12:00")
    await visit(browser, chat.李老师)
    old = await page(browser, "/board/digest")
    lines = [unescape(each) for each in re.findall(r'<textarea name="words"[^>]*>([^<]*)</textarea>', old)]
    whole = re.findall(r'name="line" value=""><input type="hidden" name="was" value="(\w+)"', old)[0]
    await chat.李老师.private("/汇总 删 1")  # in the chat, or in another window
    meant = {"of": "9月", "line": "2", "was": lines[2]}
    text = await fill(browser, "/board/digest", 400, say="/汇总 删 2", words="9月", **meant)
    assert "这一行刚才改过或者删了" in text
    text = await fill(browser, "/board/digest", 400, say="/汇总 改 9月 2", words="写了半天的<b>", **meant)
    assert "您写的：写了半天的&lt;b&gt;" in text
    text = await fill(browser, "/board/digest", 400, say="/汇总 发布", words="9月", of="9月", line="", was=whole)
    assert "草稿刚才变了，没有发" in text
    assert not any("9月小结" in each for each in await said_in_the_group(chat))
    meant = {"of": "9月", "line": "1", "was": lines[2]}
    assert "写好的一行" in await fill(browser, "/board/digest", say="/汇总 改 9月 1", words="写好的一行", **meant)
    assert "写好的一行" in await fill(browser, "/board/digest", say="/汇总 改 9月 1", words="写好的一行", **meant)
    for wrong in ("99", "-1", "x"):
        meant = {"of": "9月", "line": wrong, "was": lines[2]}
        await fill(browser, "/board/digest", 400, say="/汇总 删 1", words="9月", **meant)


async def test_all_records_of_a_figure_are_reached(chat, browser):
    for n in range(1, 6):
        for name, teacher in (("王老师", "张老师"), ("张老师", "王老师"), ("赵老师", "王老师")):
            await chat.say(name, f"/听课 {teacher} 今天第{n}节 高一{n}班 导入好")
    await visit(browser, chat.李老师)
    text = await page(browser, "/board/digest?of=9月&trace=听课")
    (rest,) = re.findall(r'href="(/board/digest\?[^"]*page=2)">还有 5 条<', text)
    second = await page(browser, unescape(rest))
    assert second.count("<li>•") == 5
    assert "page=3" not in second


async def test_charts_have_words_and_a_table_and_are_the_leaders(chat, browser):
    await chat.王老师("/反思 课题：归园田居 改进：再多读一遍")
    await visit(browser, chat.李老师)
    text = await page(browser, "/board/digest?of=9月")
    [picture, alt] = re.search(r'<img src="([^"]+)" alt="([^"]+)"', text).groups()
    assert "每周活动" in alt
    assert "第2周 1 条" in alt
    assert re.search(r'<th scope="row">第2周</th>', text)
    response = await browser.get(picture)
    assert response.content_type == "image/svg+xml"
    assert "script" not in await response.text()
    assert "sandbox" in response.headers["Content-Security-Policy"]
    await page(browser, "/board/chart/000000000000000000000000.svg", 404)
    await visit(browser, chat.王老师)
    await page(browser, picture, 403)
    browser.session.cookie_jar.clear()
    await page(browser, picture, 401)


async def test_members_come_and_go(chat, browser):
    await chat.新人("/我是 周老师")
    await visit(browser, chat.李老师)
    assert "等您确认是本人" in await page(browser, "/board/members")
    assert "已加进名单" in await fill(browser, "/board/members", say="/成员 加", words="钱老师")
    assert "还没登记" in await page(browser, "/board/members")
    assert "副组长" in await fill(browser, "/board/members", say="/副组长", words="张老师")
    assert "已移出名单" in await fill(browser, "/board/members", say="/成员 移出", words="钱老师")
    text = await fill(browser, "/board/members", say="/成员 码", words="周老师")
    assert re.search(r"验证码：\w{6,}", text)


async def test_settings_are_set(chat, browser):
    await visit(browser, chat.李老师)
    assert "卡片改到 07:30" in await fill(browser, "/board/settings", say="/设置 时间 卡片", time="07:30")
    assert 'value="07:30"' in await page(browser, "/board/settings")
    assert "反思不再自己发" in await fill(browser, "/board/settings", say="/设置 关", words="反思")
    assert 'value="/设置 开"' in await page(browser, "/board/settings")
    assert "没看懂时间" in await fill(browser, "/board/settings", say="/设置 时间 卡片", time="<b>")


async def test_what_may_not_have_arrived_is_decided_by_what_it_is_not_by_its_place(chat, browser):
    await held_card(chat)
    await visit(browser, chat.李老师)
    text = await page(browser, "/board/pending")
    number = hidden(text, "id")
    text = await fill(browser, "/board/pending", 400, say="/待定 重发", words="1", id=str(int(number) + 1))
    assert "已经处理过了" in text
    tapped = {"say": "/待定 重发", "words": "1", "id": number, **{key: hidden(text, key) for key in ("form", "once")}}
    for status, words in ((200, "✅ 再发一次"), (400, "已经处理过了")):
        response = await browser.post("/board/pending", data=tapped)
        assert response.status == status
        assert words in await response.text()
    assert "没有待定的消息" in await page(browser, "/board/pending")


async def test_the_copies_are_listed_and_a_missing_one_is_said(chat, browser, tmp_path):
    await visit(browser, chat.李老师)
    assert "试用的数据，不做备份" in await page(browser, "/board/backup")
    clock = chat.playground.clock
    assert copies(tmp_path, clock.zone) == []
    look = await _look_at(chat, tmp_path)
    assert (await listed(look, {"now": clock.now()}))["late"]
    (tmp_path / "backups").mkdir()
    for name in ("nightly-2026-09-07.sqlite3", "by-hand.sqlite3", ".by-hand.sqlite3.1.2.partial", "note.txt"):
        (tmp_path / "backups" / name).write_bytes(b"x" * 2048)
    os.utime(tmp_path / "backups" / "nightly-2026-09-07.sqlite3", (clock.now().timestamp(),) * 2)
    os.utime(tmp_path / "backups" / "by-hand.sqlite3", (0, 0))
    shown = await listed(look, {"now": clock.now()})
    assert [(copy.name, copy.nightly) for copy in shown["copies"]] == [
        ("nightly-2026-09-07.sqlite3", True),
        ("by-hand.sqlite3", False),
    ]
    assert not shown["late"]


async def _look_at(chat, data) -> Any:
    """As somebody looks at a page of a bot with this data folder."""
    playground = chat.playground
    house = House(playground.clock, playground.hear, playground.engine.programme, {}, here, Blobs(data), data)
    return SimpleNamespace(house=house)


async def test_every_page_is_small_strict_and_in_chinese(chat, browser):
    await visit(browser, chat.李老师)
    for each in PAGES:
        response = await browser.get(f"/board/{each.path}", headers={"Accept-Encoding": "gzip"})
        assert response.status == 200, each.path
        assert response.headers["Content-Encoding"] == "gzip"
        assert "'unsafe" not in response.headers["Content-Security-Policy"]
        text = await response.text()
        assert len(gzip.compress(text.encode())) + 5_000 < FIRST_VIEW, each.path
        assert 'lang="zh-CN"' in text
        assert "<script" not in text
        assert "style=" not in text
    response = await browser.get("/board/board.css")
    assert len(gzip.compress(await response.read())) < 5_000


YOUNGER = (
    r"inset\s*:",
    "aspect-ratio",
    r":(?:is|where|has)\(",
    r"\b(?:min|max|clamp)\(",
    r"\d(?:dvh|svh)",
    "@(?:layer|container)",
)
"""What Chrome 69, the age of a school's old Android phones, knows nothing of (caniuse.com)."""


async def test_the_style_is_for_phones_of_2018(browser):
    style = re.sub(r"/\*.*?\*/", "", await (await browser.get("/board/board.css")).text(), flags=re.DOTALL)
    for each in YOUNGER:
        assert not re.search(each, style), each
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", style)
    gapped = [selector for selector, body in rules if "gap:" in body and "display: grid" not in body]
    assert gapped == []  # in a row of boxes it leaves no room there
    lone = [selector for selector, body in rules if "overflow-wrap: anywhere" in body and "break-word" not in body]
    assert lone == []

"""The board's pages: who sees which, what their forms do, and that sent again, late or by others they do no harm."""

import asyncio
import gzip
import re
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from bot.domain import board_drafts
from bot.domain.board_drafts import BoardDraft
from bot.domain.people import SYSTEM, Role
from bot.reports.report import build
from bot.scheduling.backups import Backups
from bot.web.board.pages import PAGES, backup, digest
from bot.web.board.site import LATE_PER_MINUTE
from tests.handlers.test_pending import held_card, states
from tests.web.visitor import said, value_of

LEADERS = [page for page in PAGES if page.needs is Role.LEADER]
EVERYBODYS = [page for page in PAGES if page.needs is not Role.LEADER]
FIRST_VIEW = 50 * 1024
PUPIL = "张小明58分，基础差"


@pytest.mark.parametrize("page", LEADERS, ids=lambda page: page.name)
async def test_a_page_of_the_leaders_is_closed_to_members(visitors, page):
    wang = await visitors.王老师()
    assert "由组长看" in await wang.see(page.name, 403)
    if page.commands:  # whoever may not is told so before anything of the form is read
        response = await wang.browser.post(f"/board/{page.name}", data=b"\xff", headers={"Content-Type": "x/y"})
        assert response.status == 403
        assert "由组长看" in await response.text()


async def test_the_menu_holds_what_one_may_see(visitors):
    for visitor, pages in ((await visitors.李老师(), PAGES), (await visitors.王老师(), EVERYBODYS)):
        menu = re.findall(r'<a href="/board/([\w-]+)"', (await visitor.see("")).partition("</nav>")[0])
        assert menu == [page.name for page in pages]


async def test_a_deputy_sees_what_the_leader_sees(chat, visitors):
    await chat.李老师("/副组长 王老师")
    wang = await visitors.王老师()
    assert "成员 8 人" in await wang.see("people")
    await chat.李老师("/副组长 取消 王老师")
    await wang.see("people", 403)


async def test_every_page_is_small_strict_and_not_kept(visitors):
    li = await visitors.李老师()

    async def fetched(path):
        response = await li.browser.get(path, auto_decompress=False, headers={"Accept-Encoding": "gzip"})
        assert response.headers["Content-Encoding"] == "gzip", path
        packed = await response.read()
        return response, len(packed), gzip.decompress(packed).decode()

    _, _, first = await fetched("/board/")
    sheets = [await fetched(path) for path in re.findall(r'rel="stylesheet" href="([^"]+)"', first)]
    assert [response.content_type for response, _, _ in sheets] == ["text/css"] * 2
    for page in PAGES:
        response, size, text = await fetched(f"/board/{page.name}")
        assert size + sum(each for _, each, _ in sheets) < FIRST_VIEW
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script" not in policy
        assert response.headers["Cache-Control"] == "no-store"
        assert 'lang="zh-CN"' in text
        assert "<script" not in text
        assert " style=" not in re.sub(r'src="data:[^"]+"', "", text)


async def test_what_an_old_browser_does_not_know_is_left_out_of_the_style(visitors):
    li = await visitors.李老师()
    text = await (await li.browser.get("/board/board.css")).text()
    text += await (await li.browser.get("/board/parts.css")).text()
    for younger in ("color-mix(", " min(", "clamp(", ":has(", ":is(", "inset:", "aspect-ratio", "@layer", "&:"):
        assert younger not in text
    assert not re.search(r"display: (?:inline-)?flex[^}]*[ ;]gap:", text)


async def test_a_page_full_of_long_texts_is_small_all_the_same(chat, visitors):
    for number in range(30):
        await chat.王老师.private(
            "/反思 " + "".join(chr(0x4E00 + (number * 7919 + n * 104729) % 20000) for n in range(9_000))
        )
    wang = await visitors.王老师()
    for page in ("reflection", "mine", "week"):
        assert len(gzip.compress((await wang.see(page)).encode())) < FIRST_VIEW


async def test_the_week_says_who_prepares_and_what_is_mine(chat, visitors):
    await chat.李老师("/任务 王老师 周五前 交单元卷")
    wang = await visitors.王老师()
    text = await wang.see("")
    assert "《立在地球边上放号》" in text
    assert "这周您主备" in text
    assert "交单元卷" in text
    assert "交单元卷" not in await (await visitors.张老师()).see("week")
    await chat.吴老师("/我是 吴老师")
    assert "1 个登记申请等您确认" in await (await visitors.李老师()).see("week")
    assert "登记申请" not in await wang.see("week")


async def test_what_is_due_is_done_on_the_page(chat, visitors):
    await chat.李老师("/任务 王老师 周五前 交单元卷")
    wang = await visitors.王老师()
    assert "初案" not in await wang.see("week")
    await chat.张老师("/初案 https://docs.example.com/zhang")
    assert "这周的初案还没交" in await wang.see("week")
    assert "完成了" in said(await wang.send("week", say="/完成", words="5"))
    assert "任务 5" not in await wang.see("week")
    assert "初案" in said(await wang.send("week", say="/初案", words="https://docs.example.com/wang"))
    assert "这周的初案还没交" not in await wang.see("week")
    assert "请假" in said(await wang.send("mine", say="/请假", words="周三到周五 外出学习"))
    assert "9月9日–9月11日" in await wang.see("mine")
    assert "已销假" in said(await wang.send("mine", say="/请假 取消"))
    link = re.search(r'<a href="(http://[^"]+/calendar/[^"]+\.ics)">', await wang.send("calendar", say="/日程 订阅"))
    assert link


async def test_signing_up_waiting_and_withdrawing(chat, visitors):
    for name in ("张老师", "刘老师", "周老师"):
        await getattr(chat, name)("/报名 1")
    wang, li = await visitors.王老师(), await visitors.李老师()
    form = {**await wang.fields("sign-up"), "say": "/报名", "words": "1"}
    for _ in range(2):  # the same form sent twice
        assert "已报名 1" in said(await wang.post("sign-up", form))
    assert "听课 4/4" in await wang.see("sign-up")
    assert "座位已满" in said(await li.send("sign-up", say="/报名", words="1"))
    assert "第 1 位" in said(await li.send("week", say="/候补", words="1"))
    assert "候补第 1 位" in await li.see("sign-up")
    text = await wang.send("sign-up", say="/取消报名", words="1")
    assert "已取消" in said(text)
    assert "已报名" in await li.see("sign-up")
    assert "已报名 1" in said(await wang.post("sign-up", form))  # sent once more, later: still the first one's answer
    assert "听课 4/4" in await wang.see("sign-up")


async def test_a_clash_is_asked_about_and_answered_by_a_tap(chat, visitors):
    await chat.李老师("/公开课 发布 9月10日第2节 周老师《插秧歌》 录播室 4座")
    wang = await visitors.王老师()
    await wang.send("sign-up", say="/报名", words="1")
    text = await wang.send("sign-up", say="/报名", words="5")
    assert "时间冲突" in said(text)
    assert 'name="say" value="/报名 5 确认"' in text
    assert "已报名 5" in said(await wang.send("sign-up", say="/报名 5 确认"))


async def test_the_button_under_an_answer_takes_back_that_and_nothing_newer(chat, visitors):
    wang = await visitors.王老师()
    text = await wang.send("sign-up", say="/报名", words="1")
    mark = re.search(r'name="mark" value="(\w+)"', text)
    assert mark
    await wang.send("reflection", say="/反思", text="导入太长")
    stale = await wang.send("sign-up", say="/撤销", mark=mark[1])
    assert "没有撤销" in said(stale)
    assert "导入太长" in await wang.see("reflection")
    text = await wang.send("reflection", say="/反思", text="第二篇")
    mark = re.search(r'name="mark" value="(\w+)"', text)
    assert mark
    assert "已撤销" in said(await wang.send("reflection", say="/撤销", mark=mark[1]))
    assert "第二篇" not in (await wang.see("reflection")).partition("我这学期的")[2]


@pytest.mark.parametrize("page", [page for page in PAGES if page.commands], ids=lambda page: page.name)
async def test_a_page_says_its_own_commands_and_no_others(visitors, page):
    li = await visitors.李老师()
    for say in ("/移交 王老师", "/建组 x y", "帮助", "", f"{page.commands[0]}x", f"x {page.commands[0]}"):
        text = await li.send(page.name, 403, say=say, text="x", words="1")
        assert "这一页放久了" in text


# Reflections and lessons heard: nothing that was typed is lost.


async def drafts(chat) -> list[BoardDraft]:
    async with chat.playground.store.transaction(SYSTEM) as tx:
        return await tx.scan(BoardDraft)


async def test_a_reflection_is_written_edited_and_shared(chat, visitors):
    wang = await visitors.王老师()
    whole = "改 3 处板书\r\n<b>&\"'🙂 @全体 =1+1"
    assert "只有您自己看得到" in said(await wang.send("reflection", say="/反思", text=whole))
    text = await wang.see("reflection")
    assert "改 3 处板书\n&lt;b&gt;&amp;&#34;&#39;🙂 @全体 =1+1" in text
    edit = await wang.see("reflection?number=5")
    assert value_of(edit, "text") == "改 3 处板书\n<b>&\"'🙂 @全体 =1+1"
    assert "已修改" in said(await wang.send("reflection?number=5", say="/反思", number="5", text="改好了"))
    assert "全组可见" not in text
    assert "已分享给全组" in said(await wang.send("reflection", say="/反思 分享", words="5"))
    assert "全组可见" in await wang.see("reflection")
    headed = await wang.send("reflection", say="/反思", topic="百合花", good="朗读", bad="", next="少讲")
    assert "已保存" in said(headed)
    assert "课题：百合花\n亮点：朗读\n改进：少讲" in headed


async def test_ten_thousand_characters_come_out_whole(visitors):
    wang = await visitors.王老师()
    long = "<i>🙂" + "长" * 9_990
    assert "已保存" in said(await wang.send("reflection", say="/反思", text=long))
    assert value_of(await wang.see("reflection?number=5"), "text") == long
    assert "&lt;i&gt;🙂长" in await wang.see("mine")
    refused = await wang.send("reflection", say="/反思", text=long + "长" * 10)
    assert "最多 10000 字" in said(refused)
    assert value_of(refused, "text") == long + "长" * 10
    assert value_of(await wang.see("reflection"), "text") == long + "长" * 10


async def test_what_the_guard_refuses_is_typed_again_by_nobody_and_kept_without_the_name(chat, visitors):
    wang = await visitors.王老师()
    text = await wang.send("reflection", say="/反思", text=PUPIL, good="朗读")
    assert "没有保存" in said(text)
    assert value_of(text, "text") == PUPIL  # as it was typed, to go on with
    [kept] = await drafts(chat)
    assert "张小明" not in str(kept)
    assert kept.fields["good"] == "朗读"
    assert "学生A" in value_of(await wang.see("reflection"), "text")
    coded = re.search(r'name="say" value="(/反思 写 [^"]*学生A[^"]*)"', text)
    assert coded
    assert "已保存" in said(await wang.send("reflection", say=coded[1]))
    assert "张小明" not in await wang.see("mine")


@pytest.mark.parametrize("what", ["over", "secret", "gone", "garbage"])
async def test_a_form_that_comes_too_late_is_kept(chat, visitors, what):
    wang = await visitors.王老师()
    form = {**await wang.fields("reflection"), "say": "/反思", "text": "写了一半的"}
    if what == "over":
        await chat.later(hours=9)
    elif what == "gone":
        wang.browser.session.cookie_jar.clear()
    elif what == "garbage":
        wang.browser.session.cookie_jar.clear()
        wang.browser.session.cookie_jar.update_cookies({"board": "x"})
    else:
        form["form"] = "x"
    text = await wang.post("reflection", form, 403 if what == "secret" else 401)
    assert "替您存着了" in text
    assert "写了一半的" in text
    for _ in range(2):
        await wang.enter()
        assert value_of(await wang.see("reflection"), "text") == "写了一半的"
    assert "没写完的反思" in await wang.see("week")
    assert value_of(await (await visitors.张老师()).see("reflection"), "text") == ""
    assert "已保存" in said(await wang.send("reflection", say="/反思", text="写完了"))
    assert value_of(await wang.see("reflection"), "text") == ""
    assert await drafts(chat) == []


async def test_a_late_form_does_nothing_but_keep_and_overwrites_nothing_newer(chat, visitors):
    wang = await visitors.王老师()
    form = {**await wang.fields("reflection"), "say": "/反思", "text": "旧的"}
    await chat.later(minutes=5)
    assert "先存着了" in said(await wang.send("reflection", say="/反思", do="keep", text="新的"))
    await chat.later(hours=9)
    text = await wang.post("reflection", form, 401)
    assert "请先复制下来" in text
    assert [draft.fields["text"] for draft in await drafts(chat)] == ["新的"]
    for author in ("", "x", form["author"][:-2], form["form"]):
        text = await wang.post("reflection", {**form, "author": author, "text": "别人的"}, 401)
        assert "请先复制下来" in text
    await wang.post("observation", {**form, "text": "别的页"}, 401)
    await chat.later(days=3)
    await wang.post("reflection", {**form, "text": "太晚"}, 401)
    assert [draft.fields["text"] for draft in await drafts(chat)] == ["新的"]
    assert "0 篇" not in await chat.王老师.private("/反思")


async def test_forms_without_a_visit_are_read_at_a_pace(visitors):
    wang = await visitors.王老师()
    form = {**await wang.fields("reflection"), "say": "/反思", "text": "半句"}
    wang.browser.session.cookie_jar.clear()
    texts = [await wang.post("reflection", {**form, "author": "x"}, 401) for _ in range(LATE_PER_MINUTE + 1)]
    assert ["半句" in text for text in texts] == [True] * LATE_PER_MINUTE + [False]


async def test_a_long_look_keeps_nobody_of_the_group_waiting(chat, visitors, monkeypatch):
    li, looking, looked = await visitors.李老师(), asyncio.Event(), asyncio.Event()

    async def slow(group, period):
        looking.set()
        await looked.wait()
        return await build(group, period)

    await chat.王老师("/反思 导入太长")
    monkeypatch.setattr(digest, "build", slow)
    page = asyncio.create_task(li.see("digest"))
    await looking.wait()
    assert (await chat.王老师("/报名 1")).startswith("✅")
    assert "已报名" in await (await visitors.王老师()).see("sign-up")
    looked.set()
    assert "9月小结" in await page


async def test_a_file_that_is_asked_for_comes_in_the_private_chat(chat, visitors):
    await chat.王老师.private("/听课 张老师 今天第1节 高一3班 导入好")
    wang = await visitors.王老师()
    assert "集体备课记录表" not in await wang.see("forms")
    assert "由组长使用" in said(await wang.send("forms", say="/导出 备课记录"))
    for page, say in (("mine", "/我的 导出"), ("forms", "/导出 听课记录 5")):
        assert "正在做" in said(await wang.send(page, say=say))
    shown = await chat.playground.transcript("高一语文备课组", "王老师", 0)
    assert [file.name[-5:] for bubble in shown for file in bubble.files] == [".docx"] * 2
    assert "集体备课记录表" in await (await visitors.李老师()).see("forms")


async def test_who_has_left_leaves_no_draft(chat, visitors):
    wang = await visitors.王老师()
    form = {**await wang.fields("reflection"), "say": "/反思", "text": "半句"}
    await chat.李老师("/成员 移出 王老师")
    assert "不在这个组里" in await wang.post("reflection", form, 403)
    assert await drafts(chat) == []


async def test_a_draft_is_emptied_at_will_and_forgotten_after_two_weeks(chat, visitors):
    wang = await visitors.王老师()
    await wang.send("observation", say="/听课", do="keep", text="导入好", teacher="张老师")
    text = await wang.see("observation")
    assert value_of(text, "text") == "导入好"
    assert "<option selected>张老师" in text
    await wang.send("observation", say="/听课", do="drop", text="导入好")
    assert value_of(await wang.see("observation"), "text") == ""
    await wang.send("observation", say="/听课", do="keep", text="导入好")
    await chat.later(days=15)
    await wang.enter()
    assert value_of(await wang.see("observation"), "text") == ""
    async with chat.playground.store.transaction(SYSTEM) as tx:
        assert await board_drafts.forget(tx, chat.playground.clock.now(), 10) == 1
        assert await tx.scan(BoardDraft) == []


async def test_another_ones_record_is_not_to_be_had_by_its_number(chat, visitors):
    await chat.张老师.private("/反思 只给自己看的话")
    await chat.张老师.private("/听课 李老师 今天第1节 高一3班 悄悄话")
    wang = await visitors.王老师()
    for number in ("5", "6", "999", "0", "x", "-1", "\uff15", "9" * 30):
        response = await wang.browser.get(f"/board/reflection?number={number}")
        text = await response.text()
        assert response.status == 400
        assert "只给自己看的话" not in text
    for page, say in (("reflection", "/反思 分享"), ("observation", "/听课 删"), ("observation", "/听课 交流")):
        text = await wang.send(page, say=say, words="5" if page == "reflection" else "6")
        assert re.search("别人写的|不是您记的", said(text))
    text = await wang.send("reflection", say="/反思", number="5", text="换成我的")
    assert "别人写的" in said(text)
    for page in EVERYBODYS:
        shown = await wang.see(page.name)
        assert "只给自己看的话" not in shown
        assert "悄悄话" not in shown


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"teacher": "张老师", "day": "2026-09-07", "period": "2", "classroom": "高一3班"}, "9月7日 周一第2节 高一3班"),
        ({"teacher": "other", "colleague": "钱老师", "day": "2026-09-04"}, "钱老师 9月4日 周五"),
        ({"teacher": "张老师", "day": "9月3日", "period": "1"}, "张老师 9月3日 周四第1节"),
        ({"teacher": "", "day": "2026-09-07"}, "听了谁的课"),
        ({"teacher": "other", "colleague": "钱", "day": "2026-09-07"}, "没看懂上课老师“钱”"),
        ({"teacher": "张老师", "day": ""}, "哪一天的课"),
        ({"teacher": "张老师", "day": "2026-09-08"}, "还没到"),
        ({"teacher": "张老师", "day": "2026-09-07", "classroom": "三（"}, "没看懂班级“三（”"),
        ({"teacher": "王老师", "day": "2026-09-07"}, "自己的课不记听课"),
    ],
)  # fmt: skip
async def test_a_lesson_heard(visitors, fields, answer):
    wang = await visitors.王老师()
    data = {**await wang.fields("observation"), "say": "/听课", "text": "周三第3节 高一4班\n李老师也这样", **fields}
    response = await wang.browser.post("/board/observation", data=data)
    text = await response.text()
    assert answer in said(text)
    if "已记听课" in said(text):
        assert "周三第3节 高一4班\n李老师也这样</p>" in text
        assert value_of(text, "text") == ""
    else:
        assert value_of(text, "text") == "周三第3节 高一4班\n李老师也这样"
        assert value_of(await wang.see("observation"), "text") == "周三第3节 高一4班\n李老师也这样"


# The leader's.


async def test_people_are_confirmed_added_and_taken_off(chat, visitors):
    await chat.吴老师("/我是 吴老师")
    await chat.赵老师("/请假 周三到周五 外出学习")
    li = await visitors.李老师()
    assert "外出学习" in await li.see("people")
    assert "可以用了" in said(await li.send("people", say="/成员 同意", words="1"))
    assert "成员 9 人" in await li.see("people")
    assert "已加进名单" in said(await li.send("people", say="/成员 加", words="郑老师"))
    assert "还没登记" in await li.see("people")
    assert "已移出" in said(await li.send("people", say="/成员 移出", words="郑老师"))
    assert "验证码" in said(await li.send("people", say="/成员 码", words="王老师"))
    assert "现在是副组长" in said(await li.send("people", say="/副组长", words="王老师"))


async def test_settings(chat, visitors):
    li = await visitors.李老师()
    assert "改到 07:30" in said(await li.send("settings", say="/设置 时间 卡片", words="07:30"))
    assert 'value="07:30"' in await li.see("settings")
    assert "不再自己发" in said(await li.send("settings", say="/设置 关", words="反思"))
    assert "关着" in await li.see("settings")
    assert "静音到" in said(await li.send("settings", say="/静音", words="到周五"))
    assert "每月 3 节" in said(await li.send("settings", say="/听课 配额", words="3"))
    assert "没看懂时间" in said(await li.send("settings", say="/设置 安静", words="<b>"))


async def test_what_may_not_have_arrived_is_sent_again_or_dropped_and_nothing_else_in_its_place(chat, visitors):
    await held_card(chat)
    li = await visitors.李老师()
    text = await li.see("undelivered")
    item = re.search(r'name="item" value="(\d+)"', text)
    assert item
    assert "第2周备课" in text
    for wrong in ("", "1x", "0", "99999"):
        assert "已经处理过了" in said(await li.send("undelivered", 400, say="/待定 放弃", item=wrong))
    assert await states(chat) == ["held"]
    form = {**await li.fields("undelivered"), "say": "/待定 重发", "item": item[1]}
    assert "再发一次" in said(await li.post("undelivered", form))
    assert await states(chat) == ["sent"]
    assert "已经处理过了" in said(await li.post("undelivered", form, 400))
    assert "都发出去了" in await li.see("undelivered")


async def test_what_a_person_was_not_told_is_not_told_to_the_leader(chat, visitors):
    await chat.playground.faults("reject", 1)
    await chat.张老师.private("/听课 王老师 今天第1节 高一3班 导入好")
    await chat.张老师.private("/听课 交流 5 只说给您听")
    text = await (await visitors.李老师()).see("undelivered")
    assert "给王老师的一条私信" in text
    assert "只说给您听" not in text


async def test_the_month_is_looked_at_edited_and_published_once(chat, visitors):
    await chat.王老师("/反思 课题：百合花 亮点：学生读得很投入")
    await chat.until("2026-10-08T12:00")
    li = await visitors.李老师()
    text = await li.see("digest")
    assert "9月小结" in text
    assert re.search(r'<img src="data:image/svg[^"]+" alt="9月每周活动[^"]+第2周', text)
    assert '<th scope="col">合计</th>' in text
    assert "改好了" in said(await li.send("digest", say="/汇总 改 9月 1", words="<b>四次都开了</b>"))
    assert "&lt;b&gt;四次都开了" in await li.see("digest?of=9月")
    form = {**await li.fields("digest"), "say": "/汇总 发布", "words": "9月"}
    for _ in range(2):
        assert "发到群里了" in said(await li.post("digest", form))
    posts = await chat.later(minutes=5)
    assert sum("四次都开了" in post.text for post in posts) <= 1
    assert "群里已经是这一份" in await li.see("digest")
    assert "没有记录" in await li.see("digest?of=8月")
    for of in ("13月", "<b>", "12月"):
        response = await li.browser.get("/board/digest", params={"of": of})
        assert response.status in (200, 400)
        assert "<b>" not in (await response.text()).partition("<main")[2]


async def test_privacy_says_what_is_stored_of_whoever_asks(chat, visitors):
    await chat.王老师.private("/反思 导入太长")
    await chat.王老师("/报名 1")
    wang = await visitors.王老师()
    await wang.send("observation", say="/听课", do="keep", text="半句")
    text = await wang.see("privacy")
    assert "反思：1 条" in text
    assert "公开课：1 条" in text
    assert "草稿：1 份" in text
    assert "高一年级课题组" in text
    other = await (await visitors.张老师()).see("privacy")
    assert "反思：1" not in other
    assert "没写完的草稿：1" not in other


async def test_one_person_in_two_groups_sees_the_group_of_the_link(chat, visitors):
    zhang = await visitors.张老师("高一年级课题组")
    assert "成员 3 人" in await zhang.see("people")
    assert "已加进名单" in said(await zhang.send("people", say="/成员 加", words="郑老师"))
    assert "郑老师" not in await chat.李老师("/成员")
    await (await visitors.张老师("高一语文备课组")).see("people", 403)


# The group's link.


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
        for name in ("李老师", "王老师", "张老师", "赵老师", "陈老师", "刘老师", "周老师", "孙老师"):
            assert name not in text, query
    assert "公开课《峨日朵雪峰之侧》" in await (await browser.get(path)).text()
    assert "高一语文备课组" in text
    for page in PAGES:
        assert (await browser.get(f"/board/{page.name}")).status == 401


async def test_the_groups_link_is_the_leaders_to_give_and_to_take(chat, browser):
    assert (await chat.王老师("/看板 全组")).startswith("🔒")
    assert (await chat.王老师("/看板 停用")).startswith("🔒")
    first = await public(chat)
    assert await public(chat) == first
    assert (await chat.李老师("/看板 停用")).startswith("✅")
    assert "停用了" in await (await browser.get(first)).text()
    assert "已撤销" in await chat.李老师("/撤销")
    assert (await browser.get(first)).status == 200
    await chat.李老师("/看板 停用")
    second = await public(chat)
    assert second != first
    statuses = [(await browser.get(path)).status for path in (first, second, second[:-1], "/board/group/x")]
    assert statuses == [410, 200, 410, 410]
    await chat.李老师("/看板 停用")
    assert "已经停用" in await chat.李老师("/看板 停用")
    assert (await browser.get(second)).status == 410


async def test_the_leader_sees_when_the_last_copy_was_made(chat, visitors):
    assert "试用页不做" in await (await visitors.李老师()).see("backup")
    playground = chat.playground
    backups = Backups(playground.attachments.folder, playground.clock)
    asked = SimpleNamespace(house=SimpleNamespace(backups=backups), group=SimpleNamespace(now=playground.clock.now()))
    none = await backup.after(asked, {})
    assert (none["last"], none["old"]) == ("", True)
    assert await backups.run()
    made = await backup.after(asked, {})
    assert made["days"] == ["9月7日"]
    assert made["size"].endswith(" MB")
    assert not re.search("sqlite|/", made["last"] + made["size"])

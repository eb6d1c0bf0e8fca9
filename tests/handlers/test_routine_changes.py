"""Changing the calendar in the chat: the next time, another one, all that come; what is said, and what is kept."""

import pytest

from bot.app import Playhouse
from tests.conftest import Chat


async def week(chat, words: str = "") -> str:
    return await chat.王老师(f"/日程 {words}".strip())


async def test_the_next_time_and_all_that_come_are_clearly_different(chat):
    once = await chat.李老师("/日程 改 4 周四第8节")
    assert once.startswith("✅ 4 集体备课：9月9日 周三第8–9节 → 9月10日 周四第8节（只改这一次）。")
    assert "@备课助手 /日程 改 4 以后都周四第8节" in once.actions
    assert "9月16日 周三第8–9节 集体备课" in await week(chat, "下周")
    assert (await chat.李老师("/撤销")).startswith("↩️ 已撤销：集体备课恢复原来的安排")
    always = await chat.李老师("/日程 改 4 以后都周四第8节 原因：和体育课冲突")
    assert "以后都改成每周四第8节" in always
    assert "【改】集体备课 从9月10日起：每周三第8–9节 → 每周四第8节，地点不变（和体育课冲突）。" in always
    assert "9月10日 周四第8节 集体备课 语文办公室\n" in await week(chat) + "\n"
    assert "9月17日 周四第8节 集体备课" in await week(chat, "下周")
    assert "（已改）" not in await week(chat, "下周")
    assert "每周三第8–9节）" in await chat.李老师("/撤销")
    assert "9月16日 周三第8–9节 集体备课" in await week(chat, "下周")


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("以后都周四第8节", "9月10日 周四第8节"),
        ("今后每次都改到周四第8节", "9月10日 周四第8节"),
        ("都周四第8节", "9月10日 周四第8节"),
        ("每周四第8节", "9月10日 周四第8节"),
        ("下周起周四第8节", "9月17日 周四第8节"),
        ("从第5周起都周四第8节", "9月9日 周三第8–9节"),
        ("以后都周一第1节", "9月7日 周一第1节"),
        ("以后都周五15:30\uff0d16:30", "9月11日 周五15:30"),
        ("以后都地点 三楼会议室", "9月9日 周三第8–9节 集体备课 三楼会议室"),
        ("单周周四第8节", "9月17日 周四第8节"),
    ],
)
async def test_a_new_rule_in_many_words(chat, words, first):
    reply = await chat.李老师(f"/日程 改 4 {words}")
    assert "以后都改成" in reply, reply
    shown = await week(chat) + await week(chat, "下周")
    assert first in shown


async def test_what_has_been_stays_where_it_was(chat):
    await chat.until("2026-09-10T12:00")
    await chat.李老师("/日程 改 4 以后都周一第1节")
    assert "9月9日 周三第8–9节 集体备课" in await week(chat)
    assert "9月14日 周一第1节 集体备课" in await week(chat, "下周")
    await chat.until("2026-10-01T08:00")
    digest = await chat.李老师.private("/汇总 9月", group="高一语文备课组")
    assert "集体备课 4/4 次" in digest  # the 9th, 14th, 21st and 28th: nothing twice, nothing lost


async def test_the_new_day_is_said_and_the_old_is_not(chat):
    await chat.李老师("/日程 改 4 以后都周四第8节")
    posts = await chat.until("2026-09-18T20:00")
    eve = {post.at.day for post in posts if "集体备课" in post.text and "第8节" in post.text and post.at.day != 7}
    assert {9, 16} <= eve
    assert not [post for post in posts if "周三第8–9节" in post.text]


async def test_another_time_than_the_next_is_named_by_its_day(chat):
    reply = await chat.李老师("/日程 改 4 10月14日 到 周四第2节 录播室 因为期中命题")
    assert "9月9日" not in reply
    assert "【改】集体备课 周三第8–9节（10月14日）→ 周四第2节（10月15日），地点：录播室（期中命题）。" in reply
    assert "9月9日 周三第8–9节" in await week(chat)
    assert "10月15日 周四第2节 集体备课 录播室（已改）" in await week(chat, "10月")
    assert "10月15日的集体备课取消了" in await chat.李老师("/日程 取消 4 10月14日 开会")
    assert "已经取消了" in await chat.李老师("/日程 取消 4 10月14日")
    assert "恢复原来的安排：10月14日 周三第8–9节" in await chat.李老师("/日程 恢复 4 10月14日")
    assert "恢复上一次的改动" in await chat.李老师("/撤销")
    assert "10月15日 周四第2节 集体备课 录播室（取消）" not in await week(chat)
    wrong = await chat.李老师("/日程 改 4 10月13日 到 10月15日第2节")
    assert "10月13日没有 4 集体备课" in wrong
    assert "离得最近的是10月14日" in wrong


async def test_skipping_restoring_and_the_history_with_who_when_why(chat):
    assert "9月9日的集体备课取消了，以后的照常" in await chat.李老师("/日程 跳过下次 4 体检")
    assert "（取消）" in await week(chat)
    assert "9月9日 周三第8–9节" in await chat.李老师("/日程 恢复 4")
    assert "没有改过的" in await chat.李老师("/日程 恢复 4")
    await chat.later(minutes=1)
    await chat.李老师("/日程 改 4 以后都周五第3节 原因：换教室")
    await chat.later(minutes=1)
    await chat.李老师("/撤销")
    history = await chat.李老师("/日程 记录 4")
    for row in (
        "9月7日 07:00 李老师取消（体检） · 9月9日那次",
        "9月7日 07:00 李老师恢复 · 9月9日那次",
        "9月7日 07:01 李老师以后都改成每周五第3节（换教室）",
        "9月7日 07:02 李老师撤销了这次改动",
    ):
        assert row in history


async def test_no_more_of_it_from_now_on(chat):
    await chat.until("2026-09-09T18:00")
    reply = await chat.李老师("/日程 取消 4 以后都 本学期改为网上")
    assert "【改】集体备课 从9月16日起不再安排（本学期改为网上）。" in reply
    assert "集体备课" in await week(chat)
    assert "集体备课" not in await week(chat, "下周")
    assert "4 集体备课以后的都取消了。" in await chat.李老师("/日程 改 4 周四第8节")
    await chat.李老师("/撤销")
    assert "9月16日 周三第8–9节 集体备课" in await week(chat, "下周")


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("都去开会", "✅ 9月9日的集体备课取消了"),
        ("以后再补", "✅ 9月9日的集体备课取消了"),
        ("全部老师外出培训", "✅ 9月9日的集体备课取消了"),
        ("明天起早开会", "❌ 9月8日没有 4 集体备课。"),
        ("因为开会", "✅ 9月9日的集体备课取消了"),
        ("9月16日开会", "✅ 9月16日的集体备课取消了"),
        ("9月16日 因为开会", "✅ 9月16日的集体备课取消了"),
        ("以后都", "✅ 集体备课从9月9日起不再安排"),
        ("以后不开了", "✅ 集体备课从9月9日起不再安排"),
        ("以后都取消 改为网上", "✅ 集体备课从9月9日起不再安排"),
        ("下周起都不开了", "✅ 集体备课从9月16日起不再安排"),
        ("10月起 改为网上", "✅ 集体备课从10月10日起不再安排"),
    ],
)
async def test_one_time_is_called_off_unless_all_are_clearly_meant(chat, words, first):
    assert (await chat.李老师(f"/日程 取消 4 {words}")).startswith(first)


async def test_a_day_that_has_its_own_time_is_asked_about(chat):
    reply = await chat.李老师("/日程 改 4 9月16日第2节")
    assert "那天本来就有一次（9月16日 周三第8–9节）" in reply
    assert "/日程 改 4 9月16日 到" in reply


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("10月10日第2节", "⚠️ 10月10日调休，按周三课表。"),
        ("11月4日第2节", "⚠️ 11月4日在第10周，是期中考试周。"),
        ("9月17日第2节", "⚠️ 9月17日 周四第2节还有：2 赵老师《百合花》。"),
        ("9月17日08:50", "⚠️ 9月17日 周四08:50还有：2 赵老师《百合花》。"),
        ("2027年1月6日第2节", "⚠️ 2027年的放假还没有公布"),
    ],
)
async def test_what_is_worth_knowing_of_the_new_time_is_said(chat, words, said):
    reply = await chat.李老师(f"/日程 改 4 {words}")
    assert reply.status == "ok", reply
    assert said in reply


async def test_a_lead_on_leave_is_said_to_the_leader_alone(chat):
    await chat.王老师.private("/请假 9月10日", group="高一语文备课组")
    reply = await chat.李老师("/日程 改 4 周四第8节")
    assert "请假" not in reply
    assert "主备王老师请假" in reply.notes["李老师"]
    await chat.李老师("/撤销")
    assert "主备王老师请假" in await chat.李老师.private("/日程 改 4 周四第8节", group="高一语文备课组")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("/日程 改 4 9月1日", "❌ 9月1日已经过去了。"),
        ("/日程 改 4 今天第1节", "❌ 今天07:40已经过去了。"),
        ("/日程 改 4 10月1日", "❌ 10月1日（周四）国庆节。"),
        ("/日程 改 4 周三第8-9节", "ℹ️ 集体备课本来就在周三第8–9节。"),
        ("/日程 改 4 以后都周三", "ℹ️ 4 集体备课本来就是每周三第8–9节。"),
        ("/日程 改 4 以后都", "❌ 改到什么时候？"),
        ("/日程 改 4 以后都9月", "❌ 以后都在星期几？"),
        ("/日程 改 4 以后都周八", "❌ 没看懂日期“周八”。"),
        ("/日程 改 4 越早越好", "❌ 没看懂“越早越好”。"),
        ("/日程 恢复 4 那次", "❌ 没看懂日期“那次”。"),
        ("/日程 恢复 4 9月9日", "ℹ️ 集体备课（9月9日）没有改过。"),
        (f"/日程 取消 4 {'因' * 10_000}", "❌ 原因有 10000 字，最多 60 字。"),
    ],
)
async def test_what_cannot_be_is_said_and_nothing_changes(chat, text, first):
    if "今天" in text:
        await chat.until("2026-09-07T09:00")
    reply = await chat.李老师(text)
    assert reply.splitlines()[0] == first
    assert reply.status == "refused"
    assert "9月9日 周三第8–9节 集体备课" in await week(chat)


async def test_it_is_the_same_after_a_restart(tmp_path):
    async with Playhouse(tmp_path / "data", None) as playground:
        chat = Chat(playground)
        await chat.李老师("/日程 改 4 以后都周四第8节 原因：换教室")
        await chat.李老师("/日程 改 4 9月17日 到 9月18日15:30")
        before = await week(chat, "9月"), await chat.李老师("/日程 记录 4")
    async with Playhouse(tmp_path / "data", None) as playground:
        chat = Chat(playground)
        assert (await week(chat, "9月"), await chat.李老师("/日程 记录 4")) == before
        assert "9月18日 周五15:30 集体备课" in before[0]
        assert "恢复原来的安排" in await chat.李老师("/撤销")
        assert "9月17日 周四第8节" in await week(chat, "9月")


async def test_one_time_only_has_no_rule_to_change(chat):
    await chat.李老师("/日程 加 下周五第3节 分享会")
    assert "不按星期重复" in await chat.李老师("/日程 改 5 以后都周四第8节")
    assert "以后每次" not in await chat.李老师("/日程 改 5 周四第3节")


async def test_two_leaders_at_it_take_back_only_their_own_last(chat):
    await chat.李老师("/副组长 张老师")
    await chat.李老师("/日程 改 4 周四第8节")
    await chat.张老师("/日程 改 4 周五第3节")
    assert "后来又改过，不撤销了" in await chat.李老师("/撤销")
    assert "恢复上一次的改动" in await chat.张老师("/撤销")
    assert "9月10日 周四第8节 集体备课" in await week(chat)
    await chat.李老师("/日程 改 4 以后都周四第2节")
    await chat.张老师("/日程 改 4 以后都周五第2节")
    assert "后来又改过，不撤销了" in await chat.李老师("/撤销")


async def test_a_pupils_name_in_a_reason_is_not_read_out(chat):
    reply = await chat.李老师("/日程 取消 4 张明宇考了58分要家访")
    assert reply.startswith("🛡️ 刚才那条没有保存")
    assert "张某" in reply.notes["李老师"]
    assert "（取消）" not in await week(chat)
    assert (await chat.李老师.private("1")).startswith("✅ 9月9日的集体备课取消了")
    assert "张明宇" not in await chat.李老师("/日程 记录 4")


async def test_ones_own_calendar_is_what_concerns_one(chat):
    await chat.王老师("/报名 1")
    await chat.李老师("/任务 王老师 周五前 交单元卷")
    await chat.李老师("/任务 张老师 周五前 出卷")
    await chat.李老师("/日程 加 周五第3节 例会")
    own = await chat.王老师("/日程 我的")
    assert "集体备课（主备）" in own
    assert "1 · 9月10日 周四第2节 陈老师《峨日朵雪峰之侧》（听课） 录播室" in own
    assert "5 · 9月11日 周五前 交单元卷" in own
    assert "例会" in own
    assert "出卷" not in own
    assert "交单元卷" not in await week(chat)
    assert "峨日朵" not in await chat.张老师("/日程 我的")
    assert "峨日朵雪峰之侧》（上课）" in await chat.陈老师("/日程 我的")
    assert "这段时间没有您的安排" in await chat.张老师("/日程 我的 10月5日")
    await chat.王老师("/完成 5")
    assert "交单元卷（已完成）" in await chat.王老师("/日程 我的")


async def test_nothing_stands_there_twice(chat):
    await chat.李老师("/日程 加 每周四第3节 教师轮流上研讨课")
    await chat.李老师("/轮值 研讨课 排 下周起 周四第3节 录播室")
    await chat.王老师("/报名 3")
    text = await chat.王老师("/日程 9月")
    assert "轮流上研讨课" not in text
    assert "开课机会" not in text
    assert text.count("9月29日 周二第3节 王老师公开课（课题待定）") == 1

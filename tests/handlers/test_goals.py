"""The group's goals: set by the leader, counted by the bot or written down, and what must not be."""

import pytest

from tests.conftest import Chat


async def test_b10_goals_over_a_term(chat: Chat):
    assert "还没有定目标" in await chat.王老师("/目标")  # start
    reply = await chat.李老师("/目标 加 人均听课 从 0 到 4 节 期末")
    assert reply.splitlines()[0] == "✅ 目标 5 人均听课 0→4 节（1月24日前）。"
    assert "我从“听课”的记录里数：现在 0 节，走了 0%，按时" in reply
    assert "量到了就记，例：@备课助手 /目标 记 6 82" in await chat.李老师("/目标 及格率从82%提高到90%")
    await chat.王老师("/听课 张老师 今天第1节 高一3班 导入好")
    await chat.until("2026-10-08T12:00")  # middle
    for n in range(1, 8):
        await chat.王老师(f"/听课 张老师 今天第{n}节 高一{n}班 导入好")
    assert "5 人均听课 0→4 节：现在 1 节，走了 25%，按时（自动）" in await chat.张老师("/目标")
    await chat.李老师("/目标 记 6 85")
    assert "及格率：现在 86%（10月8日记），走了 50%" in await chat.李老师("/目标 6 现在 86")
    await chat.until("2026-11-09T08:00")
    notes = await chat.until("2026-11-10T08:00")
    assert not [note for note in notes if note.to == "group" and "看目标" in note.text]
    await chat.until("2026-12-01T08:00")  # late
    assert "目标 2 项：比时间慢 2" in await chat.李老师.private("/汇总 11月")
    assert "改成：人均听课 0→1 节（12月20日前）" in await chat.李老师("/目标 改 5 从 0 到 1 节 12月20日前")  # changed
    assert "现在 1 节，已达到" in await chat.王老师("/目标 5")
    assert "记过：10月8日 85%（李老师）；10月8日 86%（李老师）" in await chat.王老师("/目标 6")
    await chat.until("2027-01-20T08:00")  # finished
    assert "目标 2 项：达到 1，比时间慢 1" in await chat.李老师.private("/汇总 学期")
    assert "去掉了" in await chat.李老师("/目标 删 6")
    assert "目标 1 项：达到 1" in await chat.王老师("/目标")


async def test_the_leader_hears_of_them_twice_a_term_and_nobody_else(chat: Chat):
    await chat.李老师("/目标 加 微课 不少于 20 节")
    notes = [note for note in await chat.until("2027-01-24T22:00") if "看目标" in note.text]
    assert [(note.to, note.text.splitlines()[0][:7]) for note in notes] == [
        ("李老师", "🎯 期中看目标"),
        ("李老师", "🎯 期末看目标"),
    ]
    assert "5 微课 不少于 20 节：还没记现在的数" in notes[0].text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("人均听课 从 6 到 10 节 期末", "人均听课 6→10 节（1月24日前）"),
        ("人均听课从６节提高到１０节", "人均听课 6→10 节（1月24日前）"),
        ("优秀率由20%提高到25%，期中考试前", "优秀率 20→25%（11月8日前）"),
        ("每天作业时长 从60分钟降到40分钟", "每天作业时长 60→40 分钟（1月24日前）"),
        ("作业时长不超过四十分钟", "作业时长 不超过 40 分钟（1月24日前）"),
        ("微课至少二十节 12月20日前", "微课 不少于 20 节（12月20日前）"),
        ("教学模式 达到2种", "教学模式 不少于 2 种（1月24日前）"),
        ("教研论文 完成 3 篇以上", "教研论文 不少于 3 篇（1月24日前）"),
        ("家校满意度 从4.2到4.5分", "家校满意度 4.2→4.5 分（1月24日前）"),
        ("初案交齐率 达到 95%", "初案交齐率 不少于 95%（1月24日前）"),
        ("人均听课 6 到 10 节", "人均听课 6→10 节（1月24日前）"),
        ("人均听课 6节到10节 期末", "人均听课 6→10 节（1月24日前）"),
        ("人均听课 6 节，到 10 节", "人均听课 6→10 节（1月24日前）"),
        ("及格率 82%→90%", "及格率 82→90%（1月24日前）"),
        ("优秀率 20-25% 期中", "优秀率 20→25%（11月8日前）"),
        ("作业时长 60~40 分钟", "作业时长 60→40 分钟（1月24日前）"),
        ("高一1-6班优秀率 达到 25%", "高一1-6班优秀率 不少于 25%（1月24日前）"),
        ("9月-12月微课 完成 20 节", "9月-12月微课 不少于 20 节（1月24日前）"),
        ("第1-3单元微课 3 到 5 节", "第1-3单元微课 3→5 节（1月24日前）"),
        ("高一3班朗读 到 80 遍", "高一3班朗读 不少于 80 遍（1月24日前）"),
    ],
)
async def test_goals_as_teachers_write_them(chat: Chat, text, says):
    assert (await chat.李老师(f"/目标 加 {text}")).startswith(f"✅ 目标 5 {says}")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("加", "还少内容"),
        ("加 提高教学质量", "没看懂要从多少到多少"),
        ("加 从 6 到 10 节", "要说量的是什么"),
        ("加 6 到 10 节", "要说量的是什么"),
        ("加 公开课 -3 到 5", "没看懂“公开课 -3”"),
        ("加 听课 从 6 到 6 节", "是一样的"),
        ("加 及格率 从 80% 到 120%", "数太大了"),
        ("加 听课 从 6 到 10 节 下个世纪", "没看懂“下个世纪”"),
        ("加 听课 从 6 到 10 节 9月1日前", "已经过了"),
        ("加 " + "长" * 30 + " 从 1 到 2", "最多写 20 个字"),
        ("加 高一3班-07 从 60 到 80 分", "不写一个学生的"),
        ("加 李明同学42分 从 1 到 2", "没有保存"),
        ("加 =1+1 <b>😀 从 1 到 2 节", "✅ 目标 5 =1+1 <b>😀 1→2 节"),
        ("加 " + "从1到" * 3_000, "❌"),
        ("99", "没有编号 99 的目标"),
        ("记 99 3", "没有编号 99 的目标"),
        ("记 1 3", "没有编号 1 的目标"),
        ("改 99 从 1 到 2", "没有编号 99"),
        ("自动 99", "没有编号 99"),
        ("删 99", "没有编号 99"),
    ],
)
async def test_what_is_wrong_is_said(chat: Chat, text, says):
    assert says in await chat.李老师(f"/目标 {text}")


async def test_goals_are_the_leaders_to_set(chat: Chat):
    await chat.李老师("/目标 加 微课 不少于 20 节")
    for text in ("加 微课 从 1 到 2 节", "微课 从 1 到 2 节", "5 现在 3", "记 5 3", "改 5 从 1 到 2", "自动 5", "删 5"):
        assert (await chat.王老师(f"/目标 {text}")).startswith("🔒"), text
    assert (await chat.路人("/目标")).status != "ok"
    assert "5 微课 不少于 20 节：还没记现在的数" in await chat.王老师("/目标")


async def test_every_step_can_be_taken_back(chat: Chat):
    await chat.李老师("/目标 加 听课 从 0 到 30 节")
    assert "目标 5 去掉了" in await chat.李老师("/撤销")
    await chat.李老师("/目标 加 听课 从 0 到 30 节")
    for step, left in (
        ("改 6 从 0 到 40 节", "听课 0→30 节"),
        ("记 6 12", "（自动）"),
        ("删 6", "听课 0→30 节"),
    ):
        await chat.李老师(f"/目标 {step}")
        assert "已撤销" in await chat.李老师("/撤销"), step
        assert left in await chat.李老师("/目标"), step
    assert "以后按您记的；还由我数：@备课助手 /目标 自动 6" in await chat.李老师("/目标 记 6 12")
    assert "（自动）" not in await chat.李老师("/目标")
    assert (await chat.李老师("/目标 自动 6")).startswith("✅ 目标 6 以后由我数：现在 0 节")
    assert (await chat.李老师("/目标 自动 6")).startswith("ℹ️ 目标 6 本来就是我在数")


async def test_a_share_is_counted_from_what_was_done_of_the_plan(chat: Chat):
    await chat.李老师("/目标 加 初案交齐率 达到 50%")
    await chat.李老师("/任务 全组 周五前 交教案")
    await chat.李老师("/目标 加 任务完成率 达到 80%")
    for name in ("王老师", "张老师", "赵老师", "陈老师"):
        await chat.say(name, "/初案 https://docs.example.com/w2")
    await chat.until("2026-09-10T08:00")
    reply = await chat.李老师("/目标")
    assert "初案交齐率 不少于 50%：现在 50%，已达到（自动）" in reply
    assert "任务完成率 不少于 80%：还没有记录可数（自动）" in reply  # its day is still to come
    await chat.until("2026-09-12T08:00")
    assert "任务完成率 不少于 80%：现在 0%" in await chat.李老师("/目标")


async def test_goals_of_another_term_are_its_own(chat: Chat):
    await chat.李老师("/目标 加 微课 不少于 20 节")
    assert "已经有这个目标" in await chat.李老师("/目标 加 微课 不少于 30 节")
    for n in range(11):
        assert (await chat.李老师(f"/目标 加 第{'一二三四五六七八九十两'[n]}样 不少于 20 节")).startswith("✅")
    assert "已经有 12 个目标了" in await chat.李老师("/目标 加 再一样 不少于 20 节")
    reply = await chat.李老师("/目标")
    assert "……还有 4 个" in reply
    assert len(reply.splitlines()) <= 12


async def test_what_the_plan_asks_for_is_offered_to_the_leader(chat: Chat):
    await chat.李老师.private("/计划 导入 每人每学期公开课不少于 1 节\n每周三第8-9节：集体备课")
    assert "定成目标：/目标 加 人均公开课 不少于 1 节" in await chat.李老师.private("/目标")
    assert "计划里" not in await chat.王老师.private("/目标")
    assert (await chat.李老师.private("/目标 加 人均公开课 不少于 1 节")).startswith("✅ 目标")
    assert "定成目标" not in await chat.李老师.private("/目标")


async def test_what_is_counted_begins_at_nothing_whatever_it_came_to_before(chat: Chat):
    await chat.李老师("/目标 加 听课 从 6 到 20 节")  # six were last term's
    for n in range(1, 5):
        await chat.王老师(f"/听课 张老师 今天第{n}节 高一{n}班 导入好")
    assert "听课 6→20 节：现在 4 节，走了 20%，按时" in await chat.王老师("/目标")
    await chat.until("2026-11-30T12:00")
    assert "现在 4 节，走了 20%，比时间慢" in await chat.王老师("/目标")
    await chat.李老师("/目标 加 评课 达到 4 节")  # set late, counted from the beginning all the same
    assert "评课 不少于 4 节：现在 0 节，走了 0%，比时间慢" in await chat.王老师("/目标")


async def test_a_month_to_come_has_no_goals_and_each_is_traced_with_its_value(chat: Chat):
    await chat.李老师("/目标 加 听课 从 0 到 20 节")
    await chat.王老师("/听课 张老师 今天第1节 高一3班 导入好")
    assert "• 5 听课 0→20 节：现在 1 节，走了 5%，按时（1月24日前）" in await chat.李老师.private("/汇总 9月 目标")
    await chat.until("2026-10-08T12:00")
    await chat.李老师("/目标 记 5 7")  # from now on; September stays as it was
    assert "现在 1 节，走了 5%" in await chat.李老师.private("/汇总 9月 目标")
    assert "现在 7 节" in await chat.李老师.private("/汇总 10月 目标")
    ahead = await chat.李老师.private("/汇总 12月")
    assert "目标" not in ahead
    assert "/汇总 稿" not in ahead  # nothing to publish yet


async def test_what_is_not_said_of_a_change_stays(chat: Chat):
    await chat.李老师("/目标 加 人均听课 从 6 到 10 节 期中")
    for text, says in (
        ("到 12 节", "人均听课 6→12 节（11月8日前）"),
        ("从 5 到 12", "人均听课 5→12 节（11月8日前）"),
        ("不少于 11", "人均听课 5→11 节（11月8日前）"),
        ("12月20日前", "人均听课 5→11 节（12月20日前）"),
        ("期限 期中", "人均听课 5→11 节（11月8日前）"),
        ("到 10 节 期末", "人均听课 5→10 节（1月24日前）"),
        ("作业时长 不超过 40 分钟", "作业时长 不超过 40 分钟（1月24日前）"),
        ("到 30", "作业时长 不超过 30 分钟（1月24日前）"),
        ("至少 20", "作业时长 不少于 20 分钟（1月24日前）"),
    ):
        assert (await chat.李老师(f"/目标 改 5 {text}")).startswith(f"✅ 目标 5 改成：{says}"), text
    assert "已经过了" in await chat.李老师("/目标 改 5 9月1日前")
    for text in ("12", "节", "到", "改成", "期限"):
        assert (await chat.李老师(f"/目标 改 5 {text}")).startswith("❌"), text


async def test_on_the_terms_last_day_a_goal_may_be_set_and_not_after_it(chat: Chat):
    await chat.until("2027-01-24T23:59")
    assert (await chat.李老师("/目标 加 微课 从 1 到 2 节")).startswith("✅ 目标 5 微课 1→2 节（1月24日前）")
    await chat.until("2027-01-25T07:00")
    for words in ("加 论文 从 1 到 2 篇", "加 论文 从 1 到 2 篇 期末", "加 论文 从 1 到 2 篇 期中"):
        reply = await chat.李老师(f"/目标 {words}")
        assert (reply.status, "这学期已经结束了" in reply) == ("refused", True), words
    assert (await chat.李老师("/目标 改 5 从 1 到 3 节")).startswith("✅ 目标 5 改成")  # its day stays what it was

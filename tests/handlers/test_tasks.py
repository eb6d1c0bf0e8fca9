"""Tasks: given, reminded of twice, late, moved, called off, finished; and whose business they are."""

import pytest


def notes(posts, to):
    return [post.text for post in posts if post.to == to and post.kind == "note"]


async def test_the_story_of_a_task(chat):
    """Given, looked at, reminded of twice and no more, done late."""
    given = await chat.李老师("/任务 王老师 周五前 交单元卷")
    assert given.startswith("✅ 任务 5 交单元卷（9月11日 周五前） → 王老师，已私下告诉")
    assert given.notes["王老师"].startswith("📌 李老师给您一项任务：5 交单元卷")
    assert "• 5 交单元卷（9月11日 周五前）" in await chat.王老师("/任务")
    assert "任务 5 交单元卷（9月11日 周五前）" in await chat.王老师("/我的")
    posts = await chat.until("2026-09-18T20:00")
    told = [post.at.date().isoformat() for post in posts if "任务 5" in post.text]
    assert told == ["2026-09-10", "2026-09-11"]
    assert "还差 5 交单元卷：王老师" in (await chat.李老师("/汇总 9月")).notes["李老师"]
    done = await chat.王老师("/完成 5")
    assert done.startswith("✅ 任务 5 交单元卷 完成了。")
    assert done.notes["李老师"] == "✅ 任务 5 交单元卷 全部完成了。"
    month = await chat.李老师("/汇总 9月")
    assert "任务完成 1/1 项" in month
    assert "还差" not in month.notes["李老师"]


async def test_several_people_and_everybody(chat):
    first = await chat.李老师("/任务 王老师、张老师 9月18日前：分别出选择题")
    assert "→ 王老师、张老师" in first
    assert "（还有 1 位在做）" in await chat.王老师("/完成 5")
    second = await chat.李老师("/任务 全组 月底前 交计划")
    assert set(second.notes) == {"王老师", "张老师", "赵老师", "陈老师", "刘老师", "周老师", "孙老师"}
    assert "（9月30日 周三前）" in second
    assert "/8" not in await chat.李老师("/任务 6")
    assert "完成 0/7" in await chat.李老师("/任务 6")
    assert "任务完成 1/9 项" in await chat.李老师("/汇总 9月")


async def test_moved_and_called_off(chat):
    await chat.李老师("/任务 王老师 周五前 交单元卷")
    moved = await chat.李老师("/任务 改 5 下周三前")
    assert moved.startswith("✅ 任务改期：5 交单元卷（9月16日 周三前）")
    assert "任务改期：5" in moved.notes["王老师"]
    assert notes(await chat.until("2026-09-12T20:00"), "王老师")[:1] != ["⏰ 任务 5 交单元卷 今天到期。"]
    off = await chat.李老师("/任务 取消 5")
    assert "不用再做" in off.notes["王老师"]
    assert "已经取消" in await chat.王老师("/完成 5")
    assert "任务 5 交单元卷" not in "".join(notes(await chat.until("2026-09-17T20:00"), "王老师"))
    assert "没有要做的任务" in await chat.王老师("/任务")


@pytest.mark.parametrize(
    ("done", "says"),
    [
        ("/任务 张老师 周五前 出卷", "任务 6 收回了"),
        ("/任务 改 5 9月30日前", "周五前"),
        ("/任务 取消 5", "照旧"),
        ("/完成 5 王老师", "还没完成"),
    ],
)
async def test_each_can_be_taken_back(chat, done, says):
    await chat.李老师("/任务 王老师 周五前 交单元卷")
    assert (await chat.李老师(done)).status == "ok"
    assert says in await chat.李老师("/撤销")
    assert "• 5 交单元卷（9月11日 周五前）" in await chat.王老师("/任务")
    assert "没有要做的任务" in await chat.张老师("/任务")


async def test_which_one_is_asked_with_numbers(chat):
    await chat.李老师("/任务 王老师 周五前 交单元卷")
    await chat.李老师("/任务 王老师 明天 带教材")
    asked = await chat.王老师("/完成")
    assert asked.splitlines()[1:] == ["1. 6 带教材（9月8日 周二前）", "2. 5 交单元卷（9月11日 周五前）"]
    assert "任务 5 交单元卷 完成了" in await chat.王老师("2")


async def test_without_a_day_nobody_is_reminded(chat):
    assert "任务 5 整理资料 →" in await chat.李老师("/任务 王老师 整理资料")
    posts = await chat.until("2026-10-15T20:00")
    assert not [post for post in posts if "任务" in post.text and "小结" not in post.text]


async def test_a_task_on_a_day_off_is_reminded_of_before(chat):
    await chat.李老师("/任务 王老师 10月3日前 读完一本书")
    posts = await chat.until("2026-10-06T20:00")
    assert [post.at.date().isoformat() for post in posts if "任务 5" in post.text] == ["2026-09-30"]


async def test_given_over_the_holiday_it_is_said_once_on_its_day(chat):
    await chat.until("2026-10-05T09:00")
    await chat.李老师("/任务 王老师 10月8日前 交计划")
    [note] = notes(await chat.until("2026-10-08T20:00"), "王老师")
    assert note.count("任务 5") == 1
    assert "今天到期" in note


async def test_what_others_have_to_do_is_the_leaders_business_alone(chat):
    await chat.李老师("/任务 王老师 周五前 交单元卷")
    seen = await chat.李老师("/任务")
    assert "（9月11日" not in seen
    assert "5 交单元卷（9月11日 周五前）：王老师" in seen.notes["李老师"]
    assert "王老师" not in await chat.赵老师.private("/任务")
    assert (await chat.赵老师("/完成 5")).startswith("🔒")
    assert (await chat.王老师("/任务 张老师 周五前 交卷")).startswith("🔒")
    assert (await chat.访客("/完成 5")).startswith("🔒")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("/任务 周五前 交卷", "交给谁"),
        ("/任务 黄老师 周五前 交卷", "交给谁"),
        ("/任务 王老师", "做什么"),
        ("/任务 王老师 周五前", "做什么"),
        ("/任务 王老师 9月1日前 交卷", "已经过了"),
        ("/任务 王老师 周八前 交卷", "周八"),
        ("/任务 王老师 " + "长" * 501, "最多 500 字"),
        ("/任务 王老师 周五前 谈心\uff0c张小明考了59分", "学生"),
        ("/任务 99", "没有编号 99 的任务"),
        ("/任务 改 99 周五", "没有编号 99 的任务"),
        ("/任务 改 1 周五", "没有编号 1 的任务"),
        ("/任务 取消 99", "没有编号 99 的任务"),
        ("/完成 99", "没有编号 99 的任务"),
        ("/完成 " + "9" * 5000, "没看懂"),
        ("/任务 " + "9" * 5000, "交给谁"),
        ("/完成 那个", "没看懂“那个”"),
    ],
)
async def test_what_is_wrong_is_said(chat, text, says):
    reply = await chat.李老师(text)
    assert reply.status == "refused"
    assert says in reply + "".join(reply.notes.values())


async def test_the_code_the_guard_offers_keeps_who_and_when(chat):
    refused = await chat.李老师("/任务 王老师 谈心 周五前 张小明考了59分")
    assert refused.status == "refused"
    given = await chat.李老师("1")
    assert "学生A" in given
    assert "（9月11日 周五前） → 王老师" in given


async def test_finished_twice_is_said(chat):
    await chat.李老师("/任务 王老师 周五前 交单元卷")
    await chat.王老师("/完成 5")
    again = await chat.王老师("/完成 5")
    assert (again.status, "已经完成了" in again) == ("refused", True)
    assert "已经完成了" in await chat.李老师("/任务 改 5 下周三前")

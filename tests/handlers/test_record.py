"""The own record, and taking back: dialogues."""

import pytest


async def test_the_own_record_begins_with_a_nudge(chat):
    reply = await chat.王老师("/我的", group="高一年级课题组")
    assert reply.splitlines()[:2] == ["📒 王老师 2026学年第一学期", "这学期还没有记录\uff0c从一句反思开始吧。"]


async def test_the_own_record_holds_what_one_did_and_what_is_ahead(chat):
    await chat.王老师("/报名 1")
    await chat.王老师("/报名 3")
    await chat.王老师("/听课 张老师 今天第1节")
    await chat.王老师("/反思 导入太长\uff0c进入文本太慢")
    rows = (await chat.王老师("/我的")).splitlines()
    assert "✔️ 听课 1 节\uff0c本月 1 节" in rows
    assert "• 听课 1 陈老师《峨日朵雪峰之侧》 9月10日 周四第2节" in rows
    assert "• 要上 5 王老师公开课 9月29日 周二第3节" in rows
    assert len(rows) <= 12


async def test_a_long_record_is_cut(chat):
    for lesson in range(1, 10):
        await chat.李老师(f"/公开课 发布 9月11日第{lesson}节 王老师《第{lesson}课》")
    reply = await chat.王老师("/我的")
    assert reply.splitlines()[-1].startswith("……还有 ")
    assert len(reply.splitlines()) == 12


async def test_undo_ends_after_ten_minutes(chat):
    await chat.王老师("/报名 1")
    await chat.later(minutes=10, seconds=1)
    assert (await chat.王老师("/撤销")).startswith("❌ “报名 1”已经过了十分钟\uff0c不能撤销了")
    await chat.王老师("/报名 2")
    await chat.later(minutes=10)
    assert (await chat.王老师("/撤销")).startswith("↩️ 已撤销\uff1a2 赵老师")


async def test_undo_is_ones_own_and_works_once(chat):
    await chat.王老师("/报名 1")
    nothing = "ℹ️ 没有可以撤销的操作。"
    assert (await chat.张老师("/撤销")).splitlines()[0] == nothing
    assert (await chat.王老师("/撤销", group="高一年级课题组")).splitlines()[0] == nothing
    assert (await chat.王老师("/撤销", msgid="x")).startswith("↩️")
    assert (await chat.王老师("/撤销", msgid="x")).startswith("↩️")  # delivered again: the same answer
    assert (await chat.王老师("/撤销")).splitlines()[0] == nothing


async def test_undo_takes_back_the_last_thing(chat):
    await chat.王老师("/报名 1")
    await chat.王老师("/报名 2")
    assert (await chat.王老师("/撤销")).startswith("↩️ 已撤销\uff1a2 赵老师")
    assert (await chat.王老师("/撤销")).startswith("ℹ️ 没有可以撤销的操作")


async def test_undo_follows_the_rules_of_the_moment(chat):
    await chat.until("2026-09-10T08:25")
    await chat.王老师("/报名 1")
    await chat.until("2026-09-10T08:31")
    assert (await chat.王老师("/撤销")).startswith("❌ 1 陈老师《峨日朵雪峰之侧》已经开始了")


LOOKS = (
    "/初案",
    "/二备",
    "/共案",
    "/分层",
    "/请假",
    "/任务",
    "/问题",
    "/问题 5",
    "/完成",
    "/进度",
    "/备课 要点",
    "/静音",
)


@pytest.mark.parametrize("look", LOOKS)
async def test_who_only_looks_may_still_take_back(chat, look):
    await chat.李老师("/问题 学生审题不细")
    assert (await chat.李老师(look)).status == "ok"
    assert (await chat.李老师("/撤销")).startswith("↩️ 已撤销\uff1a问题 5 收回了")


async def test_a_question_leaves_the_way_back_and_its_answer_has_its_own(chat):
    await chat.李老师("/任务 王老师 周五前 交单元卷")
    await chat.李老师("/任务 王老师 周五前 出一道题")
    await chat.王老师("/问题 学生审题不细")
    asked = await chat.王老师("/完成")
    assert (asked.status, "1. " in asked) == ("question", True)
    assert "问题 7 收回了" in await chat.王老师("/撤销")
    await chat.王老师("/完成")
    assert "完成了" in await chat.王老师("1")
    await chat.王老师("/任务")
    undone = await chat.王老师("/撤销")
    assert "5" in undone
    assert "交单元卷" in await chat.王老师("/任务")


async def test_after_what_cannot_be_taken_back_nothing_older_is(chat):
    await chat.李老师("/问题 学生审题不细")
    await chat.李老师("/移交 王老师")
    assert (await chat.李老师("/移交 取消")).status == "ok"
    assert (await chat.李老师("/撤销")).startswith("ℹ️ 没有可以撤销的操作")
    assert "学生审题不细" in await chat.李老师("/问题")

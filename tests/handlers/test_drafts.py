"""Drafts before the meeting and own plans after it: who owes one is nobody else's business."""

import pytest

LINK = "https://docs.example.com/wang"


async def test_handed_in_changed_and_taken_back(chat):
    first = await chat.王老师(f"/初案 {LINK}")
    assert first.startswith("✅ 第2周初案已收到（全组 1/8）")
    assert "已换成新的一份" in await chat.王老师("/初案 https://docs.example.com/new")
    assert "恢复成前一份" in await chat.王老师("/撤销")
    assert f"您的：{LINK}" in await chat.王老师("/初案")
    assert (await chat.王老师("/撤销")).status == "refused"
    assert "1/8" in await chat.王老师("/初案")


async def test_the_way_back_of_the_first_one(chat):
    await chat.王老师(f"/初案 {LINK}")
    assert "收回了" in await chat.王老师("/撤销")
    assert "0/8" in await chat.王老师("/初案")


async def test_words_will_do_and_the_same_again_is_said(chat):
    assert (await chat.王老师("/初案 群文件夹 第2周 王老师.docx")).status == "ok"
    again = await chat.王老师("/初案 群文件夹 第2周 王老师.docx")
    assert (again.status, "已经交过同一份" in again) == ("refused", True)


async def test_late_is_welcome_and_the_next_one_goes_to_the_next_week(chat):
    await chat.until("2026-09-10T09:00")
    assert "第2周初案已收到" in await chat.王老师(f"/初案 {LINK}")
    assert "第3周初案已收到" in await chat.王老师("/初案 https://docs.example.com/w3")
    assert "第1周初案已收到" in await chat.王老师("/初案 第1周 https://docs.example.com/w1")
    assert "第5周初案已收到" in await chat.王老师("/初案 第五周：https://docs.example.com/w5")


async def test_the_group_sees_a_count_and_the_lead_privately_who_is_missing(chat):
    await chat.张老师("/初案 https://docs.example.com/zhang")
    for name in ("李老师", "王老师"):  # the leader, and the lead of the week
        reply = await chat.say(name, "/初案")
        assert "1/8" in reply
        assert "还没有交：" not in reply
        assert "张老师 https://docs.example.com/zhang" in reply.notes[name]
        assert "赵老师" in reply.notes[name]
    assert "还没有交：" in await chat.李老师.private("/初案")
    other = await chat.赵老师.private("/初案")
    assert "张老师" not in other


async def test_nobody_is_reminded_before_the_group_uses_drafts(chat):
    posts = await chat.until("2026-09-11T12:00")
    assert not [post for post in posts if "初案" in post.text or "二次备课" in post.text or "共案" in post.text]


async def test_the_lead_is_reminded_of_the_agreed_plan_once_it_is_a_habit(chat):
    await chat.王老师("/共案 https://docs.example.com/w2")
    posts = await chat.until("2026-09-17T20:00")
    assert [post.to for post in posts if "共案还没有放" in post.text] == ["张老师"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("/初案 a", "放在哪里"),
        ("/初案 第30周 https://docs.example.com/x", "只有第1周到第21周"),
        ("/二备 " + "长" * 501, "最多 500 字"),
        ("/初案 张小明59分的作文分析.docx", "学生"),
    ],
)
async def test_what_is_wrong_is_said(chat, text, says):
    reply = await chat.王老师(text)
    assert reply.status == "refused"
    assert says in reply + "".join(reply.notes.values())


async def test_visitors_hand_nothing_in(chat):
    for text in (f"/初案 {LINK}", f"/二备 {LINK}", "/共案 x", "/分层 保底 会背"):
        assert (await chat.访客(text)).startswith("🔒")


async def test_who_is_away_on_the_day_of_the_session_is_not_asked_for_a_draft(chat):
    await chat.王老师(f"/初案 {LINK}")
    await chat.孙老师("/请假 9月9日 培训")
    asked = {post.to for post in await chat.until("2026-09-08T20:00") if "初案还差您的一份" in post.text}
    assert asked == {f"{name}老师" for name in "李张赵陈刘周"}

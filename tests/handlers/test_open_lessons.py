"""Signing up, waiting, clashing, publishing: dialogues."""

import pytest

FULL = ("王老师", "张老师", "赵老师", "刘老师")


async def fill(chat) -> None:
    for name in FULL:
        assert (await chat.say(name, "/报名 1")).status == "ok"


async def test_a_teacher_signs_up_and_takes_it_back(chat):
    reply = await chat.王老师("/报名 1")
    assert reply.startswith("✅ 已报名 1 陈老师《峨日朵雪峰之侧》听课\uff0c9月10日 周四第2节 录播室")
    assert "还剩 3 座" in reply
    assert (await chat.王老师("/撤销")).startswith("↩️ 已撤销\uff1a1 陈老师")
    assert "听课 0/4" in await chat.王老师("/公开课")


@pytest.mark.parametrize(
    "text",
    ["/报名 1", "/报名1", "/报名 第1节", "/报名 1。", "/报名\uff1a\uff11", "/报名 一", "/报名 \u2460", "、报名 1号"],
)
async def test_a_number_is_read_however_it_is_typed(chat, text):
    assert (await chat.王老师(text)).startswith("✅ 已报名 1 ")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("/报名", [1, 2, 3]),
        ("/报名公开课", [1, 2, 3]),
        ("/报名 周四那节", [1, 2]),
        ("/报名\uff0c我报星期四赵老师那节", [2]),
        ("/报名 百合花", [2]),
        ("/报名 《百合》", [2]),
        ("/报名 9月10日", [1]),
        ("/报名 开课", [3]),
        ("/报名 赵老师", [2]),
    ],
)
async def test_words_are_asked_back_and_never_run(chat, text, numbers):
    reply = await chat.王老师(text)
    assert reply.status == "question"
    assert [int(row[0]) for row in reply.splitlines() if row[0].isdigit()] == numbers
    assert (await chat.王老师(str(numbers[-1]))).startswith(f"✅ 已报名 {numbers[-1]} ")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("/报名 99", "❌ 没有编号 99。"),
        ("/报名 0", "❌ 没有编号 0。"),
        ("/报名 周三那节", "❌ 没有找到“周三那节”这节课。"),
        ("/报名 1 2", "❌ 一次报一节。"),
        ("/报名 4", "❌ 4 是日程\uff0c不是公开课。"),
        ("/报名 1 新老师", "🔒 替别人报名由组长来做。"),
        ("/取消报名 2", "ℹ️ 您没有报 2 赵老师《百合花》。"),
        ("/候补 1", "ℹ️ 1 陈老师《峨日朵雪峰之侧》还有座位\uff0c不用候补。"),
        ("/候补", "ℹ️ 现在没有满座的课\uff0c不用候补。"),
        ("/公开课 取消 1", "🔒 取消公开课由组长或上课老师来做。"),
        ("/公开课 课题 1 《登高》", "🔒 改课题由组长或上课老师来做。"),
    ],
)
async def test_what_cannot_be_done_is_said_in_one_line_with_a_way_out(chat, text, first):
    reply = await chat.王老师(text)
    assert reply.splitlines()[0] == first
    assert "/" in reply.splitlines()[1]
    assert len(reply.splitlines()) <= 3


async def test_a_full_lesson_offers_the_wait_list(chat):
    await fill(chat)
    reply = await chat.周老师("/报名 1")
    assert reply.startswith("❌ 1 陈老师《峨日朵雪峰之侧》听课座位已满\uff084/4\uff09")
    assert "@备课助手 /候补 1" in reply
    assert "@备课助手 /报名 2" in reply


async def test_who_waits_first_moves_up_and_is_told_privately(chat):
    await fill(chat)
    assert "您是第 1 位" in await chat.周老师("/候补 1")
    assert "您是第 2 位" in await chat.孙老师("/候补 1")
    assert (await chat.周老师("/报名 1")).startswith("ℹ️ 您已经在候补了")
    gone = await chat.张老师("/取消报名 1")
    assert gone.notes["周老师"].startswith("🎉 1 陈老师《峨日朵雪峰之侧》空出一座")
    assert "孙老师" not in gone.notes
    assert "听课 4/4" in await chat.王老师("/公开课")


async def test_undo_says_when_the_wait_list_has_moved(chat):
    await fill(chat)
    await chat.周老师("/候补 1")
    await chat.张老师("/取消报名")
    reply = await chat.张老师("/撤销")
    assert reply.startswith("❌ 1 陈老师《峨日朵雪峰之侧》空出的座位已经有人补上")
    assert "@备课助手 /候补 1" in reply
    assert reply.status == "refused"


async def test_a_place_on_the_wait_list_can_be_given_back(chat):
    await fill(chat)
    await chat.周老师("/候补 1")
    assert "周老师" not in (await chat.周老师("/撤销")).notes
    assert (await chat.张老师("/取消报名 1")).notes == {}
    assert "听课 3/4" in await chat.王老师("/公开课")


async def test_a_seat_given_back_by_mistake_is_taken_again(chat):
    await chat.王老师("/报名 1")
    await chat.王老师("/取消报名")
    assert "重新报上了" in await chat.王老师("/撤销")
    assert (await chat.王老师("/报名 1")).startswith("ℹ️ 您已经报过了")


async def test_one_does_not_attend_ones_own_lesson(chat):
    assert (await chat.陈老师("/报名 1")).startswith("ℹ️ 1 陈老师《峨日朵雪峰之侧》是您自己的课")
    assert "是陈老师自己的课" in await chat.李老师("/报名 1 陈老师")


async def test_two_lessons_at_one_time_need_a_word(chat):
    await chat.李老师("/公开课 发布 9月17日第2-3节 刘老师《插秧歌》")
    await chat.王老师("/报名 2")
    reply = await chat.王老师("/报名 5")
    assert reply.startswith("⚠️ 周四第2–3节您已经报了 2 赵老师《百合花》")
    assert "@备课助手 /报名 5 确认" in reply
    assert (await chat.王老师("/报名 5 确认")).status == "ok"
    own = await chat.刘老师("/报名 2")
    assert own.startswith("⚠️ 周四第2节您自己要上 5 刘老师《插秧歌》")


async def test_the_leader_signs_somebody_up_and_takes_it_back(chat):
    done = await chat.李老师("/报名 1 周老师")
    assert done.startswith("✅ 已替周老师报名 1 ")
    assert done.notes["周老师"].startswith("📌 李老师替您报了名\uff1a1 陈老师")
    assert (await chat.周老师("/撤销")).startswith("ℹ️ 没有可以撤销的操作")
    back = await chat.李老师("/撤销")
    assert back.startswith("↩️ 已撤销\uff1a1 陈老师《峨日朵雪峰之侧》\uff0c周老师不报了。")
    assert "李老师替您取消了报名" in back.notes["周老师"]


async def test_the_leader_signs_somebody_off_and_takes_that_back(chat):
    await chat.周老师("/报名 1")
    off = await chat.李老师("/取消报名 1 周老师")
    assert off.startswith("✅ 已取消周老师的 1 ")
    assert "李老师替您取消了报名" in off.notes["周老师"]
    assert "周老师重新报上了" in await chat.李老师("/撤销")
    assert (await chat.周老师("/报名 1")).startswith("ℹ️ 您已经报过了")


async def test_the_leader_is_asked_which_lesson_of_a_teacher(chat):
    asked = await chat.李老师("/报名 周老师")
    assert asked.splitlines()[-1] == "回复例\uff1a@备课助手 /报名 1 周老师"
    taught = await chat.李老师("3")
    assert taught.startswith("✅ 已替周老师报名 3 开课机会")
    assert taught.notes["周老师"].startswith("📌 李老师发布了您的公开课\uff1a5 周老师公开课")
    assert (await chat.李老师("/取消报名 周老师")).splitlines()[0] == "📝 取消周老师的哪一节\uff1f"
    assert (await chat.李老师("3")).startswith("✅ 已取消周老师的 3 开课机会")
    assert (await chat.李老师("/取消报名 周老师")).startswith("ℹ️ 现在没有报名可以取消")


@pytest.mark.parametrize("text", ["/取消报名", "/不报了", "/取消报名 周四", "/取消报名 陈老师"])
async def test_giving_a_seat_back_by_words(chat, text):
    await chat.王老师("/报名 1")
    reply = await chat.王老师(text)
    if reply.status == "question":
        assert reply.splitlines()[1].startswith("1 · 9月10日")
        reply = await chat.王老师("1")
    assert reply.startswith("✅ 已取消 1 陈老师")


@pytest.mark.parametrize("text", ["/报名 1 周老师", "/取消报名 1 周老师"])
async def test_nobody_else_speaks_for_others(chat, text):
    await chat.周老师("/报名 1")
    assert (await chat.王老师(text)).startswith("🔒 替别人")
    assert "听课 1/4" in await chat.王老师("/公开课")


async def test_sign_up_closes_at_the_time_said(chat):
    reply = await chat.李老师("/公开课 发布 9月18日第3节 刘老师《插秧歌》 录播室 2座 9月16日截止")
    assert reply.startswith("✅ 已发布 5 · 9月18日 周五第3节 刘老师《插秧歌》 听课 0/2")
    await chat.until("2026-09-16T23:59")
    closed = await chat.王老师("/报名 5")
    assert closed.startswith("❌ 5 刘老师《插秧歌》的报名已于 9月16日 23:59 截止。")
    assert "5 ·" not in await chat.王老师("/报名")


async def test_what_has_begun_is_over_for_signing_up(chat):
    await chat.王老师("/报名 1")
    await chat.until("2026-09-10T08:30")
    assert (await chat.张老师("/报名 1")).startswith("❌ 1 陈老师《峨日朵雪峰之侧》已经开始了")
    assert (await chat.王老师("/取消报名 1")).startswith("❌ 1 陈老师《峨日朵雪峰之侧》已经开始了")
    await chat.until("2026-09-11T07:00")
    assert (await chat.张老师("/报名 1")).startswith(
        "❌ 1 陈老师《峨日朵雪峰之侧》已经上过了\uff089月10日 周四第2节\uff09"
    )
    assert "听公开课 1 节" in await chat.王老师("/我的")


async def test_cancelling_tells_those_who_signed_up_and_can_be_taken_back(chat):
    await chat.王老师("/报名 1")
    reply = await chat.陈老师("/公开课 取消 1")
    assert "【改】1 陈老师《峨日朵雪峰之侧》\uff089月10日 周四第2节\uff09取消。" in reply
    assert reply.notes["王老师"].endswith("取消了\uff0c您不用再去。")
    assert (await chat.张老师("/报名 1")).startswith("ℹ️ 1 陈老师《峨日朵雪峰之侧》已经取消了")
    back = await chat.陈老师("/撤销")
    assert back.notes["王老师"].endswith("照常。")
    assert "听课 1/4" in await chat.王老师("/公开课")


async def test_the_teacher_hears_when_the_leader_cancels(chat):
    assert (await chat.李老师("/公开课 取消 1")).notes["陈老师"].endswith("取消了。")


async def test_an_opening_becomes_a_lesson_with_its_own_number(chat):
    reply = await chat.王老师("/报名 3")
    assert reply.startswith("✅ 已报名 3 开课机会\uff0c9月29日 周二第3节")
    assert "报 5" in reply
    assert (await chat.王老师("/公开课 课题 5 荷塘月色")).startswith("✅ 5 课题定为《荷塘月色》")
    assert (await chat.张老师("/报名 5")).startswith("✅ 已报名 5 王老师《荷塘月色》听课")
    assert (await chat.张老师("/报名 3")).startswith("❌ 3 周二第3节的开课机会已由王老师报了")
    assert (await chat.张老师("/候补 3")).startswith("❌ 3 开课机会不排候补")


async def test_a_title_can_be_taken_back(chat):
    await chat.王老师("/报名 3")
    await chat.王老师("/公开课 课题 5 《荷塘月色》")
    await chat.王老师("/公开课 课题 5 《登高》")
    assert "改回《荷塘月色》" in await chat.王老师("/撤销")
    assert (await chat.王老师("/公开课 课题 5 " + "长" * 41)).startswith("❌ 课题要 1 到 40 个字")


async def test_giving_the_opening_back_calls_the_lesson_off_and_undo_holds_it_after_all(chat):
    await chat.王老师("/报名 3")
    await chat.张老师("/报名 5")
    gone = await chat.王老师("/取消报名 3")
    assert gone.notes["张老师"].startswith("📣 5 王老师公开课")
    back = await chat.王老师("/撤销")
    assert back.notes["张老师"].endswith("照常。")
    assert "5 · 9月29日 周二第3节 王老师" in await chat.张老师("/公开课")


async def test_a_teacher_who_cancels_the_lesson_frees_the_opening(chat):
    await chat.王老师("/报名 3")
    await chat.王老师("/公开课 取消 5")
    assert (await chat.张老师("/报名 3")).status == "ok"
    assert (await chat.王老师("/撤销")).startswith("❌ 3 的开课机会已经没有了")


async def test_with_the_opening_goes_its_lesson(chat):
    await chat.王老师("/报名 3")
    reply = await chat.李老师("/公开课 取消 3")
    assert reply.notes["王老师"]
    assert "王老师" not in await chat.张老师("/公开课")
    await chat.李老师("/撤销")
    assert "5 · 9月29日 周二第3节 王老师" in await chat.张老师("/公开课")


@pytest.mark.parametrize(
    ("details", "first"),
    [
        ("", "❌ 还少内容。"),
        ("刘老师《插秧歌》", "❌ 还少哪一天、第几节。"),
        ("周五 刘老师《插秧歌》", "❌ 9月11日第几节\uff1f"),
        ("周五第3节 《插秧歌》", "❌ 还少上课老师。"),
        ("周日第2节 刘老师", "❌ 9月13日\uff08周日\uff09不上课\uff0c不能安排公开课。"),
        ("10月1日第2节 刘老师", "❌ 10月1日\uff08周四\uff09国庆节\uff0c不能安排公开课。"),
        ("9月1日第2节 刘老师", "❌ 9月1日已经过去了。"),
        ("9月18日第3节 刘老师 0座", "❌ 至少要有 1 个座位。"),
        ("9月18日第3节 刘老师 9月20日截止", "❌ 报名截止不能晚于上课时间。"),
        ("9月10日第2节 陈老师", "❌ 9月10日 周四第2节陈老师已经有公开课了\uff081\uff09。"),
    ],
)
async def test_what_is_missing_for_publishing_is_named(chat, details, first):
    reply = await chat.李老师(f"/公开课 发布 {details}")
    assert reply.splitlines()[0] == first
    assert reply.status == "refused"


async def test_publishing_is_told_to_the_teacher_and_taken_back_without_a_correction(chat):
    done = await chat.李老师("/公开课 发布 9月20日第2节 刘老师 录播室")
    assert done.startswith("✅ 已发布 5 · 9月20日 周日第2节 刘老师公开课")  # a make-up Sunday
    assert done.notes["刘老师"].startswith("📌 李老师发布了您的公开课\uff1a5 ")
    back = await chat.李老师("/撤销")
    assert "【改】" not in back
    assert "刘老师" not in await chat.王老师("/公开课")


async def test_a_visitor_sees_lessons_but_signs_up_for_none(chat):
    shown = await chat.访客("/公开课")
    assert "1 · 9月10日" in shown
    assert shown.splitlines()[-1].endswith("/我是 姓名")
    assert (await chat.访客("/报名 1")).startswith("🔒 我还不认识您")


async def test_two_who_want_the_last_seat_at_once(chat):
    for name in FULL[:3]:
        await chat.say(name, "/报名 1")
    first, second = await chat.刘老师("/报名 1", msgid="a"), await chat.周老师("/报名 1", msgid="b")
    again = await chat.刘老师("/报名 1", msgid="a")
    assert (first.status, second.status, str(again)) == ("ok", "refused", str(first))
    assert "听课 4/4" in await chat.王老师("/公开课")


async def test_who_leaves_the_group_leaves_the_seat(chat):
    await fill(chat)
    await chat.周老师("/候补 1")
    gone = await chat.李老师("/成员 移出 张老师")
    assert gone.notes["周老师"].startswith("🎉")
    assert (await chat.陈老师("/公开课 取消 1")).status == "ok"

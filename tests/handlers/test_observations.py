"""Noting a lesson heard: dialogues."""

import pytest

from bot.domain.observations import Observation


@pytest.mark.parametrize(
    ("details", "label"),
    [
        ("张老师 今天第1节 高一3班 导入好\uff0c提问偏快", "张老师 9月7日 周一第1节 高一3班"),
        ("高一\uff083\uff09班 张老师 上周五第2节", "张老师 9月4日 周五第2节 高一\uff083\uff09班"),
        ("周三第2节 张老师", "张老师 9月2日 周三第2节"),
        ("张老师 9月2日", "张老师 9月2日 周三"),
        ("钱老师 今天第1节 高一5班", "钱老师 9月7日 周一第1节 高一5班"),
    ],
)
async def test_the_order_of_words_does_not_matter(chat, details, label):
    assert (await chat.王老师(f"/听课 {details}")).startswith(f"✅ 已记听课 5\uff1a{label}")
    assert "听课 1 节" in await chat.王老师("/我的")


@pytest.mark.parametrize(
    ("details", "first"),
    [
        ("王老师 今天第1节", "❌ 自己的课不记听课。"),
        ("张老师 9月8日第1节", "❌ 9月8日还没到\uff0c听完再记。"),
        ("张老师 今天第12节", "❌ 没看懂日期“今天第12节”\uff1a没有“第12节”。"),
    ],
)
async def test_what_is_wrong_is_said(chat, details, first):
    reply = await chat.王老师(f"/听课 {details}")
    assert reply.splitlines()[0] == first
    assert reply.status == "refused"


async def test_the_same_lesson_counts_once_and_undo_takes_it_back(chat):
    await chat.王老师("/听课 张老师 今天第1节")
    assert (await chat.王老师("/听课 今天第1节 张老师")).startswith("ℹ️ 这节课已经记过了\uff085\uff09")
    assert "听课 5 删掉了" in await chat.王老师("/撤销")
    assert (await chat.王老师("/听课")).startswith("📝 您这学期听课 0 节")


async def test_the_guard_speaks_privately_and_one_tap_notes_the_code(chat):
    reply = await chat.王老师("/听课 张老师 今天第1节 高一3班 张伟默写58分")
    assert reply.startswith("🛡️ 刚才那条没有保存")
    assert "张伟" not in reply + reply.notes["王老师"]
    assert (await chat.王老师("1")).startswith("✅ 已记听课 5\uff1a张老师 9月7日 周一第1节 高一3班")


async def test_a_missing_teacher_is_asked_for_and_the_answer_goes_on(chat):
    asked = await chat.王老师("/听课 今天第1节 高一3班 导入好")
    assert asked.status == "question"
    assert asked.splitlines()[:4] == [
        "👂 听了谁的课？回复前面的数字或姓名：",
        "1. 李老师",
        "2. 张老师",
        "3. 赵老师",
    ]
    assert (await chat.王老师("2")).startswith("✅ 已记听课 5：张老师 9月7日 周一第1节 高一3班")
    await chat.王老师("/听课 今天第2节")
    assert (await chat.王老师("赵老师")).startswith("✅ 已记听课 6：赵老师 9月7日 周一第2节")


async def test_a_missing_day_is_asked_for_and_the_answer_goes_on(chat):
    asked = await chat.王老师("/听课 张老师 第1–2节 高一3班 导入好")
    assert "1. 今天第1–2节" in asked
    assert "2. 9月4日第1–2节" in asked
    assert (await chat.王老师("2")).startswith("✅ 已记听课 5：张老师 9月4日 周五第1–2节 高一3班")
    await chat.王老师("/听课 赵老师 好课")
    assert (await chat.王老师("今天")).startswith("✅ 已记听课 6：赵老师 9月7日 周一")


async def test_both_missing_a_lesson_of_the_week_fits(chat):
    await chat.until("2026-09-10T12:00")
    asked = await chat.王老师("/听课 很受启发")
    assert asked.splitlines()[1] == "1. 陈老师《峨日朵雪峰之侧》 9月10日 周四第2节"
    assert len(asked.splitlines()) <= 12
    assert (await chat.王老师("1")).startswith("✅ 已记听课 5：陈老师 9月10日 周四第2节")
    assert "哪一天" in await chat.张老师("/听课 刘老师")
    assert (await chat.张老师("1")).startswith("✅ 已记听课 6：刘老师 9月10日 周四")


async def test_a_question_keeps_no_pupils_name(chat):
    reply = await chat.王老师("/听课 今天第1节 张伟默写58分")
    assert reply.startswith("🛡️")
    assert (await chat.王老师("1")).startswith("👂 听了谁的课")


async def test_the_code_takes_a_pupils_place_wherever_the_class_stands(chat):
    assert (await chat.王老师("/听课 导入好 高一3班 张伟默写58分 张老师 今天第1节")).startswith("🛡️")
    assert (await chat.王老师("1")).startswith("✅ 已记听课 5：张老师 9月7日 周一第1节 高一3班")
    assert (await chat.王老师("/听课 改 5 很稳 高一4班 张伟默写58分")).startswith("🛡️")
    assert (await chat.王老师("1")).startswith("✅ 听课 5 已改：张老师 9月7日 周一第1节 高一4班")


async def test_a_record_is_put_right_and_that_is_taken_back(chat):
    await chat.王老师("/听课 张老师 今天第1节 高一3班 导入好")
    assert (await chat.王老师("/听课 改 5 第3节 高一4班")).startswith("✅ 听课 5 已改：张老师 9月7日 周一第3节 高一4班")
    assert "还是张老师 9月7日 周一第1节 高一3班" in await chat.王老师("/撤销")
    assert "赵老师 9月4日 周五第1节" in await chat.王老师("/听课 改 5 赵老师 上周五")
    assert (await chat.王老师("/听课 改 5 比张老师更放得开")).startswith("✅ 听课 5 已改：赵老师")


@pytest.mark.parametrize(
    ("speaker", "text", "says"),
    [
        ("王老师", "/听课 改 99 第3节", "没有编号 99"),
        ("王老师", "/听课 改 1 第3节", "没有编号 1 的听课"),
        ("赵老师", "/听课 改 5 第3节", "不是您记的"),
        ("王老师", "/听课 改 5 第1节", "本来就是这样"),
        ("王老师", "/听课 改 5 第2节", "已经记过了（6）"),
        ("王老师", "/听课 改 5 9月9日", "还没到"),
        ("王老师", "/听课 改 5 王老师", "自己的课"),
        ("王老师", "/听课 改 5 " + "长" * 1001, "最多 1000 字"),
        ("赵老师", "/听课 交流 5 很好", "不是您记的"),
        ("王老师", "/听课 交流 5 张伟考了58分", "像有学生"),
        ("李老师", "/听课 配额 一百", "每月几节"),
        ("李老师", "/听课 配额 21", "1 到 20"),
        ("李老师", "/听课 配额 取消", "没有听课配额"),
        ("王老师", "/听课 配额 2", "由组长使用"),
    ],
)
async def test_what_may_not_be_changed(chat, speaker, text, says):
    await chat.王老师("/听课 张老师 今天第1节")
    await chat.王老师("/听课 张老师 今天第2节")
    reply = await chat.say(speaker, text)
    assert reply.status == "refused"
    assert says in reply + "".join(reply.notes.values())


async def test_the_talk_goes_to_the_teacher_privately(chat):
    await chat.王老师("/听课 张老师 今天第1节 高一3班")
    reply = await chat.王老师.private("/听课 交流 5 导入抓人，提问后多等三秒")
    assert reply.startswith("✅ 听课 5 的课后交流记下了，已私下转给张老师")
    assert reply.notes["张老师"].endswith("导入抓人，提问后多等三秒")
    assert "9月7日 周一第1节" in reply.notes["张老师"]
    assert "课后交流 1 节" in await chat.李老师.private("/汇总 9月")
    assert "不能换老师" in await chat.王老师("/听课 改 5 赵老师")
    assert (await chat.王老师("/听课 交流 5")).status == "refused"
    back = await chat.王老师("/撤销")
    assert "已撤销" in back
    assert "撤回" in back.notes["张老师"]
    assert "课后交流" not in await chat.李老师.private("/汇总 9月")
    only_spoken = await chat.王老师("/听课 交流 5")
    assert (only_spoken.status, only_spoken.notes) == ("ok", {})
    await chat.王老师("/听课 钱老师 今天第3节")
    assert "不在组里" in await chat.王老师("/听课 交流 6 很好")


async def test_the_story_of_a_quota(chat):
    assert "没有听课配额" in await chat.李老师("/听课 配额")
    await chat.李老师("/听课 配额 3")
    assert "每月 2 节" in await chat.李老师("/听课 配额 2")
    assert "每月 3 节" in await chat.李老师("/撤销")
    await chat.李老师("/听课 配额 2")
    await chat.王老师("/听课 张老师 今天第1节")
    await chat.王老师("/听课 张老师 今天第2节")
    await chat.张老师("/听课 王老师 今天第3节")
    assert "还差 1 节" in await chat.张老师.private("/听课")
    assert "还差" not in await chat.张老师("/听课")
    assert "听课 3 节，达到配额 1/8 位" in await chat.李老师("/汇总 9月")
    posts = await chat.until("2026-10-01T08:00")
    asked = [(post.to, post.at.date().isoformat()) for post in posts if "离配额还差" in post.text]
    assert sorted(name for name, _ in asked) == sorted(f"{name}老师" for name in "李张赵陈刘周孙")
    assert {day for _, day in asked} == {"2026-09-23"}  # five school days left: 25 to 27 September are a holiday
    assert not any("配额" in post.text for post in posts if post.to == "group")
    assert "听课 3 节，达到配额 1/8 位" in await chat.李老师("/汇总 9月")


async def test_a_quota_for_the_whole_term_is_spoken_of_once_before_its_end(chat):
    reply = await chat.李老师("/听课 配额 每学期 2 节")
    assert reply.startswith("✅ 听课配额\uff1a每人每学期 2 节。期末前只私下提醒还差的人一次。")
    await chat.王老师("/听课 张老师 今天第1节")
    await chat.王老师("/听课 张老师 今天第2节")
    await chat.张老师("/听课 王老师 今天第3节")
    assert "离本学期配额还差 1 节" in await chat.张老师.private("/听课")
    assert "达到配额" not in await chat.李老师("/汇总 9月")
    assert "达到配额 1/8 位" in await chat.李老师("/汇总 本学期")
    posts = await chat.until("2027-01-22T20:00")
    asked = [(post.to, f"{post.at:%m-%d}") for post in posts if "离配额还差" in post.text]
    assert sorted(name for name, _ in asked) == sorted(f"{name}老师" for name in "李张赵陈刘周孙")
    assert {day for _, day in asked} == {"12-21"}  # the week 17 of 21
    assert "1 到 80" in await chat.李老师("/听课 配额 每学期 90 节")


async def test_no_quota_no_word(chat):
    await chat.王老师("/听课 张老师 今天第1节")
    assert "听课 1 节（1 位老师）" in await chat.李老师("/汇总 9月")
    assert not any("配额" in post.text for post in await chat.until("2026-10-01T08:00"))
    await chat.李老师("/听课 配额 1")
    await chat.李老师("/听课 配额 取消")
    assert not any("配额" in post.text for post in await chat.until("2026-11-01T08:00"))


async def test_a_record_by_mistake_is_deleted_and_that_is_taken_back(chat):
    await chat.王老师("/听课 张老师 今天第1节 高一3班")
    gone = await chat.王老师("/听课 删 5")
    assert gone.startswith("✅ 听课 5 已删：张老师 9月7日 周一第1节 高一3班")
    assert gone.notes == {}  # 张老师 never heard of it
    assert "听课 0 节" in await chat.王老师("/听课")
    assert "听课" not in await chat.李老师("/汇总 9月")
    assert "还在" in await chat.王老师("/撤销")
    assert "5 张老师 9月7日 周一第1节 高一3班" in await chat.王老师("/听课")
    assert "听课 1 节" in await chat.李老师("/汇总 9月")


async def test_with_it_goes_its_review_and_the_teacher_who_was_told_hears_of_it(chat):
    await chat.王老师("/听课 张老师 今天第1节 高一3班")
    await chat.王老师("/听课 交流 5 导入抓人")
    await chat.王老师("/评课 5 目标达成5 环节设计4 学生参与3 效果4")
    assert "也不算了" in (await chat.王老师("/听课 删 5")).notes["张老师"]
    assert "评课" not in await chat.李老师("/汇总 9月")
    assert (await chat.王老师("/评课 5 目标达成5 环节设计4 学生参与3 效果4")).status == "refused"
    back = await chat.王老师("/撤销")
    assert "照旧" in back.notes["张老师"]
    month = await chat.李老师("/汇总 9月")
    assert "课后交流 1 节" in month
    assert "评课 1 节（1 份）" in month


@pytest.mark.parametrize(
    ("speaker", "text", "says"),
    [
        ("赵老师", "/听课 删 5", "不是您记的"),
        ("李老师", "/听课 删 5", "不是您记的"),
        ("王老师", "/听课 删 99", "没有编号 99"),
        ("王老师", "/听课 删 1", "没有编号 1 的听课"),
    ],
)
async def test_nobody_deletes_what_others_noted(chat, speaker, text, says):
    await chat.王老师("/听课 张老师 今天第1节")
    reply = await chat.say(speaker, text)
    assert reply.status == "refused"
    assert says in reply


async def test_noted_again_meanwhile_it_does_not_come_back_twice(chat):
    await chat.王老师("/听课 张老师 今天第1节")
    await chat.王老师("/听课 删 5")
    assert (await chat.王老师("/听课 张老师 今天第1节")).status == "ok"
    assert "听课 6 删掉了" in await chat.王老师("/撤销")  # the later of the two
    assert (await chat.王老师("/撤销")).status == "refused"


async def test_who_is_away_for_most_of_the_month_owes_no_quota(chat):
    await chat.李老师("/听课 配额 1")
    await chat.until("2026-10-08T08:00")
    await chat.赵老师("/请假 10月9日到10月30日 脱产培训")
    await chat.陈老师("/请假 10月9日到10月16日 病假")
    await chat.王老师("/听课 张老师 今天第1节")
    posts = await chat.until("2026-10-31T08:00")
    asked = {post.to for post in posts if "配额" in post.text}
    assert asked == {"李老师", "张老师", "陈老师", "刘老师", "周老师", "孙老师"}
    assert "听课 1 节，达到配额 1/7 位" in await chat.李老师("/汇总 10月")
    await chat.赵老师("/听课 张老师 10月8日第2节")
    assert "听课 2 节，达到配额 2/8 位" in await chat.李老师("/汇总 10月")


@pytest.mark.parametrize("colon", [":", "\uff1a"])
async def test_what_stands_behind_the_mark_is_kept_as_it_is(chat, colon):
    text = "周三第3节 高一4班\n李老师也这样\uff0c昨天"
    reply = await chat.王老师(f"/听课 张老师 今天第1节 感受{colon}{text}")
    assert reply.splitlines()[0] == "✅ 已记听课 5\uff1a张老师 9月7日 周一第1节"
    async with chat.playground.store.transaction("group:chinese") as tx:
        [stored] = await tx.find(Observation, term="2026学年第一学期", member="王老师")
    assert (stored.text, stored.classroom) == (text, "")
    asked = await chat.王老师(f"/听课 今天第2节 感受{colon}{text}")
    assert asked.status == "question"
    await chat.王老师("张老师")
    async with chat.playground.store.transaction("group:chinese") as tx:
        _, second = await tx.find(Observation, term="2026学年第一学期", member="王老师")
    assert (second.text, second.periods, second.classroom) == (text, (2,), "")

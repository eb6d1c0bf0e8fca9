"""A plan document becomes the group's term: questions, answers, activation, and the posts that follow."""

from pathlib import Path

import pytest

PLAN = """三、具体活动安排
• 每月第一周\uff1a 召开备课组例会\uff0c总结上月工作\uff0c布置本月重点任务。
• 每周固定时间\uff1a 集中进行集体备课\uff0c研讨下周教学内容。
• 每两周一次\uff1a 组织听评课活动\uff0c组内教师轮流上研讨课。
• 每学期初\uff1a 组织学习新学期课程标准和教材。
• 每学期末\uff1a 组织期末复习策略研讨\uff0c进行期末质量分析。
• 不定期\uff1a 邀请校内外专家进行专题讲座或指导。
• 贯穿学年\uff1a 持续推进“青蓝工程”。
"""
SEED = Path(__file__).parents[3] / "shared" / "plans" / "seed-plan.txt"


async def activated(chat, text=PLAN):
    return await chat.playground.read_plan(text, None, None, True)


async def test_the_leader_is_asked_one_question_at_a_time(chat):
    await activated(chat)
    reply = await chat.李老师.private("/计划")
    assert reply.status == "question"
    assert "2 处待组长回答" in reply
    assert "问题 1" in reply
    assert "问题 2" not in reply
    assert "1 周三第8\u20139节" in reply  # the time the group keeps already is the first choice
    reply = await chat.李老师.private("1")
    assert reply.startswith("✅")
    assert "单周还是双周" in reply
    reply = await chat.李老师.private("双周")
    assert reply.status == "menu"  # no throw-away number, no command: nothing is guessed
    reply = await chat.李老师.private("/计划 答 2 双周")
    assert reply.status == "ok"
    assert "待组长回答" not in await chat.李老师.private("/计划")


async def test_a_question_comes_to_the_leader_privately_when_the_plan_is_put_in(chat):
    await activated(chat)
    notes = [b.text for b in await chat.playground.transcript("", "李老师", 0)]
    assert any("计划里有 2 处" in text for text in notes)


async def test_the_old_weekly_meeting_makes_room_and_lends_its_place(chat):
    await activated(chat)
    await chat.李老师("/计划 答 1 周四第6-7节")
    reply = await chat.王老师("/本周备课")
    assert "周四第6\u20137节 语文办公室" in reply
    assert "周三" not in reply


@pytest.mark.parametrize(
    ("words", "problem"),
    [("周八", "周八"), ("随便", "没看懂"), ("", "还少内容"), ("第30周", "第30周")],
)
async def test_an_answer_that_is_not_understood_changes_nothing(chat, words, problem):
    await activated(chat)
    reply = await chat.李老师(f"/计划 答 1 {words}")
    assert reply.status == "refused"
    assert problem in reply
    assert "2 处待组长回答" in await chat.李老师("/计划")


@pytest.mark.parametrize("text", ["/计划 启用", "/计划 停用", "/计划 答 1 周三第8-9节"])
async def test_only_the_leader_decides(chat, text):
    await activated(chat)
    reply = await chat.王老师(text)
    assert reply.startswith("🔒")
    assert "李老师" in reply


async def test_a_plan_is_silent_until_it_is_activated(chat):
    await chat.playground.read_plan(PLAN, None, None, False)
    assert "还没有" not in await chat.李老师("/计划")  # the sample's own meeting stands there
    posts = await chat.until("2026-10-09T08:00")
    assert not any("备课组例会" in post.text for post in posts)


async def test_stopped_it_says_nothing_and_can_be_started_again(chat):
    await activated(chat)
    await chat.李老师("/计划 答 1 周三第8-9节")
    assert (await chat.李老师("/计划 停用")).startswith("✅ 已停用")
    posts = await chat.until("2026-09-21T06:00")
    assert [post for post in posts if post.to == "group" and "集体备课" in post.text] == []
    assert (await chat.李老师("/计划 启用")).startswith("✅ 已启用")
    assert any("第4周备课" in post.text for post in await chat.until("2026-09-21T08:00"))


async def test_the_same_plan_twice_keeps_what_was_answered(chat):
    await activated(chat)
    await chat.李老师("/计划 答 1 周四第6-7节")
    await activated(chat)
    reply = await chat.李老师("/计划")
    assert "1 处待组长回答" in reply
    assert reply.count("集体备课") == 1
    assert "问题 2" in reply


async def test_a_document_without_a_calendar_is_refused_in_a_sentence(chat):
    with pytest.raises(Exception, match="没有找到活动安排"):
        await activated(chat, "大家好\uff0c我们要好好教书。")


@pytest.mark.skipif(not SEED.is_file(), reason="the shared seed plan is not beside this checkout")
async def test_the_seed_plan_gives_its_nine_lines_and_runs_through_the_autumn(chat):
    entries = await chat.playground.read_plan(SEED.read_bytes(), SEED.name, None, True)
    kinds = [(entry["line"], entry["kind"]) for entry in entries]
    assert kinds == [
        (97, "monthly_week"), (98, "weekly"), (99, "biweekly"), (100, "term_start"), (101, "term_mid"),
        (102, "term_end"), (102, "term_end"), (103, "irregular"), (104, "irregular"), (105, "all_term"),
    ]  # fmt: skip
    await chat.李老师("/计划 答 1 周三第8-9节")
    await chat.李老师("/计划 答 2 双周")
    cards = [post for post in await chat.until("2026-10-31T20:00") if post.kind == "card"]
    days = [f"{post.at:%m-%d}" for post in cards]
    assert len(days) == len(set(days))
    assert not {day for day in days if "09-25" <= day <= "09-27" or "10-01" <= day <= "10-07"}
    assert any(f"{post.at:%m-%d}" == "10-09" and "10月10日 周六第8\u20139节" in post.text for post in cards)
    assert any(f"{post.at:%m-%d}" == "10-08" and "召开备课组例会" in post.text for post in cards)

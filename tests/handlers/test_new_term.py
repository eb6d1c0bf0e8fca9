"""A new term: what comes over, what stays behind, what of the old term can still be read."""

from datetime import date

import pytest

from bot.calendar.term import SchoolCalendar, Term
from bot.domain.groups import School
from bot.domain.people import SYSTEM
from bot.simulator import sample

SPRING = Term(name="2026学年第二学期", first_day=date(2027, 2, 22), weeks=20, midterm_week=10, final_week=20)


@pytest.fixture
async def two_terms(chat):
    """The sample school whose calendar knows the spring."""
    async with chat.playground.store.transaction(SYSTEM) as tx:
        (school,) = await tx.find(School, key="sample")
        calendar = SchoolCalendar(terms=(sample.TERM, SPRING), bells=sample.CALENDAR.bells)
        await tx.update(school.model_copy(update={"calendar": calendar}))
    return chat


async def test_the_story_of_a_new_term(two_terms):
    chat = two_terms
    await chat.王老师("/反思 导入太长，下次三分钟内进入文本")
    await chat.李老师("/日程 加 9月24日 参观博物馆")
    await chat.until("2027-02-20T12:00")
    begun = await chat.李老师("/新学期")
    assert "2026学年第二学期，2月22日开学" in begun
    assert "名单 8 人照旧；2026学年第一学期的 1 项安排放成了草稿" in begun
    assert "1 项只在上学期有日期" in begun
    assert len(begun.splitlines()) <= 12
    assert "集体备课（未启用）" in await chat.王老师("/计划")
    posts = await chat.until("2027-02-23T12:00")
    assert not [post for post in posts if "集体备课" in post.text and post.why != ("1月小结",)]
    assert "已启用 1 项" in await chat.李老师("/计划 启用")
    posts = await chat.until("2027-03-05T12:00")
    assert [post for post in posts if post.kind == "card" and "集体备课" in post.text]


async def test_the_old_term_can_still_be_read(two_terms):
    chat = two_terms
    await chat.王老师("/反思 导入太长，下次三分钟内进入文本")
    await chat.until("2027-02-20T12:00")
    before = await chat.李老师("/汇总 9月")
    assert "反思 1 篇" in before
    await chat.李老师("/新学期")
    await chat.until("2027-03-10T12:00")
    assert await chat.李老师("/汇总 9月") == before
    assert "反思 1 篇" not in await chat.李老师("/汇总 3月")


async def test_what_was_changed_for_good_comes_over_as_it_is_and_what_ended_does_not(two_terms):
    chat = two_terms
    await chat.李老师("/日程 加 每周四第3节 课例研讨")
    await chat.李老师("/日程 改 4 以后都周五第3节")
    await chat.李老师("/日程 取消 5 以后都")
    await chat.until("2027-02-20T12:00")
    await chat.李老师("/新学期")
    plan = await chat.李老师("/计划")
    assert "每周五第3节" in plan
    assert "课例研讨" not in plan


async def test_it_is_done_once_and_taken_back(two_terms):
    chat = two_terms
    await chat.until("2027-02-20T12:00")
    await chat.李老师("/新学期")
    again = await chat.李老师("/新学期")
    assert (again.status, "已经都带过来了" in again) == ("refused", True)
    assert "1 项草稿删掉了" in await chat.李老师("/撤销")
    assert "还没有导入计划" in await chat.李老师("/计划")
    await chat.李老师("/新学期")
    await chat.until("2027-02-20T12:05")
    assert "已启用" in await chat.李老师("/计划 启用")
    assert "1 项安排" not in await chat.李老师("/新学期")


async def test_it_is_not_taken_back_when_the_drafts_are_in_force(two_terms):
    chat = two_terms
    await chat.until("2027-02-20T12:00")
    await chat.李老师("/副组长 王老师")
    await chat.李老师("/新学期")
    await chat.王老师("/计划 启用")
    assert "已经启用" in await chat.李老师("/撤销")


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        ("2026-09-08T12:00", "2026学年第二学期2月22日开学，2026学年第一学期结束后再发"),
        ("2027-01-23T12:00", "结束后再发"),
        ("2027-06-01T12:00", "校历里还没有下一个学期"),
    ],
)
async def test_too_early_and_too_late(two_terms, moment, says):
    await two_terms.until(moment)
    reply = await two_terms.李老师("/新学期")
    assert (reply.status, says in reply) == ("refused", True), reply


async def test_a_school_with_one_term_and_a_teacher_who_does_not_lead(chat):
    assert "校历里还没有下一个学期" in await chat.李老师("/新学期")
    assert (await chat.王老师("/新学期")).startswith("🔒")


async def test_what_is_running_goes_on_under_new_numbers(two_terms):
    chat = two_terms
    await chat.李老师("/轮值 排 下周起 王老师 张老师")
    await chat.until("2027-01-20T12:00")
    await chat.李老师("/公开课 发布 3月5日第2节 赵老师《插秧歌》 录播室 4座")
    await chat.王老师("/报名 5")
    await chat.李老师("/任务 王老师、张老师 3月5日前 交单元卷")
    await chat.张老师("/完成 6")
    await chat.李老师("/任务 王老师 1月21日前 交总结")
    await chat.李老师("/听课 配额 2")
    await chat.until("2027-02-20T12:00")
    begun = await chat.李老师.private("/新学期")
    assert "接着做（新编号）：1 赵老师《插秧歌》，2 交单元卷" in begun
    assert "1 项任务过期没做完，留在上学期：/汇总 2026学年第一学期 任务" in begun
    assert "听课配额每月 2 节、轮值顺序照旧。" in begun
    assert "第1周 王老师" in await chat.李老师("/轮值 排")
    assert len(begun.splitlines()) <= 12
    mine = await chat.王老师("/我的")
    assert ("《插秧歌》 3月5日" in mine, "任务 2 交单元卷" in mine, "交总结" in mine) == (True, True, False)
    assert "王老师" not in await chat.张老师("/我的")
    assert "交单元卷" not in await chat.张老师("/我的")
    assert "每人每月 2 节" in await chat.李老师("/听课 配额")
    assert (await chat.王老师("/取消报名 1")).status == "ok"
    assert (await chat.王老师("/完成 2")).startswith("✅")
    posts = await chat.until("2027-03-05T12:00")
    assert [post for post in posts if "《插秧歌》" in post.text]


async def test_what_was_running_goes_back_when_the_new_term_is_taken_back(two_terms):
    chat = two_terms
    await chat.until("2027-01-20T12:00")
    await chat.李老师("/公开课 发布 3月5日第2节 赵老师《插秧歌》 录播室 4座")
    await chat.王老师("/报名 5")
    await chat.李老师("/任务 王老师 3月5日前 交单元卷")
    await chat.李老师("/听课 配额 2")
    await chat.until("2027-02-20T12:00")
    first = await chat.李老师("/新学期")
    assert "其余放回2026学年第一学期" in await chat.李老师("/撤销")
    assert "近期没有公开课" in await chat.李老师("/公开课")
    assert "没有要做的任务" in await chat.王老师("/任务")
    again = await chat.李老师("/新学期")
    assert [line.split("：")[0] for line in again.splitlines()] == [line.split("：")[0] for line in first.splitlines()]
    assert "《插秧歌》 3月5日" in await chat.王老师("/我的")


async def test_a_second_time_carries_only_what_is_new(two_terms):
    chat = two_terms
    await chat.until("2027-01-20T12:00")
    await chat.李老师("/任务 王老师 3月5日前 交单元卷")
    await chat.until("2027-02-20T12:00")
    await chat.李老师("/新学期")
    again = await chat.李老师("/新学期")
    assert (again.status, "已经都带过来了" in again) == ("refused", True)
    assert (await chat.王老师("/任务")).count("交单元卷") == 1


async def test_the_old_term_is_read_by_everybody_and_by_the_leader(two_terms):
    chat = two_terms
    await chat.王老师("/反思 导入太长，下次三分钟内进入文本")
    await chat.李老师("/任务 王老师 9月11日前 交单元卷")
    await chat.until("2027-02-25T12:00")
    assert "/我的 上学期" in await chat.王老师("/我的")
    for words in ("上学期", "2026学年第一学期", "第一学期"):
        old = await chat.王老师(f"/我的 {words}")
        assert old.splitlines()[0] == "📒 王老师 2026学年第一学期"
        assert "✔️ 反思 1 篇" in old
        assert "当时没做完：任务 6 交单元卷" in old
        assert "本月" not in old
    digest = await chat.李老师.private("/汇总 上学期")
    assert "📊 2026学年第一学期小结（组长版）" in digest
    assert "反思 1 篇" in digest
    assert "任务完成 0/1 项" in await chat.李老师.private("/汇总 上学期 任务")
    assert "反思 1 篇" not in await chat.李老师.private("/汇总 本学期")
    assert await chat.王老师("/我的 本学期") == await chat.王老师("/我的")


async def test_a_term_nobody_knows(two_terms):
    await two_terms.until("2027-02-25T12:00")
    for text, says in (
        ("/我的 学期学期", "没有“学期学期”的记录"),
        ("/我的 2026学年", "是哪个学期"),
        ("/我的 上上学期", "没有“上上学期”的记录"),
        ("/汇总 2019学年第一学期", "没有“2019学年第一学期”的记录"),
    ):
        reply = await two_terms.李老师(text)
        assert (reply.status, says in reply, "2026学年第二学期" in reply) == ("refused", True, True), reply


async def test_before_the_first_term_has_ended_there_is_no_last_one(two_terms):
    assert "没有“上学期”的记录" in await two_terms.王老师("/我的 上学期")

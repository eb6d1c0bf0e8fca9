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
    assert not [post for post in await chat.until("2027-02-23T12:00") if "集体备课" in post.text]
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

"""A new term begins, or one ends and none is known: the leader hears of it privately, once."""

import pytest

from bot.calendar.term import SchoolCalendar, Term
from bot.domain.groups import School
from bot.domain.people import SYSTEM
from bot.simulator import sample

SPRING = Term(name="2026学年第二学期", first_day="2027-02-22", weeks=20, midterm_week=10, final_week=20)
BEGINS = "上学期的安排还没带过来"
NO_NEXT = "校历里还没有下一个学期"


@pytest.fixture
async def two_terms(chat):
    async with chat.playground.store.transaction(SYSTEM) as tx:
        (school,) = await tx.find(School, key="sample")
        calendar = SchoolCalendar(terms=(sample.TERM, SPRING), bells=sample.CALENDAR.bells)
        await tx.update(school.model_copy(update={"calendar": calendar}))
    return chat


def saying(posts, words):
    return [(str(post.at)[:10], post.to) for post in posts if words in post.text]


async def test_the_leader_is_told_once_in_the_preparation_week_and_nobody_else(two_terms):
    posts = await two_terms.until("2027-04-01T12:00")
    assert saying(posts, BEGINS) == [("2027-02-15", "李老师")]
    assert "/新学期" in next(post.text for post in posts if BEGINS in post.text)
    assert saying(posts, NO_NEXT) == []


async def test_who_has_begun_hears_nothing(two_terms):
    await two_terms.until("2027-02-01T12:00")
    assert (await two_terms.李老师("/新学期")).status == "ok"
    assert saying(await two_terms.until("2027-04-01T12:00"), BEGINS) == []


async def test_a_group_that_had_no_plan_hears_nothing(two_terms):
    await two_terms.李老师("/计划 停用")
    assert saying(await two_terms.until("2027-04-01T12:00"), BEGINS) == []


async def test_the_leader_who_leads_then_is_told(two_terms):
    await two_terms.李老师("/移交 张老师")
    await two_terms.张老师("/移交 同意")
    assert [to for _, to in saying(await two_terms.until("2027-04-01T12:00"), BEGINS)] == ["张老师"]


async def test_it_is_switched_off_with_the_settings(two_terms):
    await two_terms.李老师("/设置 关 新学期")
    assert saying(await two_terms.until("2027-04-01T12:00"), BEGINS) == []


async def test_in_the_last_week_the_leader_hears_that_no_term_follows(chat):
    posts = await chat.until("2027-02-10T12:00")
    assert saying(posts, NO_NEXT) == [("2027-01-18", "李老师")]

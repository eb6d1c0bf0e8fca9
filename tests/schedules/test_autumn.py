"""September and October 2026 in the sample school, with the plan of nine lines in force."""

import asyncio
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import Playhouse
from bot.clock import in_zone
from bot.domain import groups, plans
from bot.domain.groups import space_of
from bot.simulator.api_models import MessageRequest, Post
from bot.simulator.simulation import Playground

SEED = Path(__file__).resolve().parents[3] / "shared" / "plans" / "seed-plan.txt"
PLAN = """三、具体活动安排
• 每月第一周: 召开备课组例会,总结上月工作,布置本月重点任务。
• 每周固定时间: 集中进行集体备课,研讨下周教学内容。
• 每两周一次: 组织听评课活动,组内教师轮流上研讨课。
• 每学期初: 组织学习新学期课程标准和教材。
• 每学期中: 组织一次专题研讨,如“信息技术与课堂教学融合”或“学科核心素养的培养实践”。
• 每学期末: 组织期末复习策略研讨,进行期末质量分析。
• 不定期: 邀请校内外专家进行专题讲座或指导。
• 不定期: 组织组内教师进行教学经验分享会。
• 贯穿学年: 持续推进“青蓝工程”,加强师徒交流。
"""
END = "2026-10-31T23:00"
OFF = [date(2026, 9, 25), date(2026, 9, 26), date(2026, 9, 27), *[date(2026, 10, day) for day in range(1, 8)]]


def when(text: str) -> datetime:
    return in_zone(datetime.fromisoformat(text))


async def activate(playground: Playground, plan: str) -> None:
    """The leader imports the plan and answers every question with its first choice."""
    await playground.read_plan(plan, None, None, True)
    for _ in range(10):
        async with playground.store.transaction(space_of("chinese")) as tx:
            bound = await groups.load(tx, "chinese", playground.clock.now())
            questions = await plans.open_questions(bound)
        if not questions:
            return
        words = f"/计划 答 {questions[0].question_number} {questions[0].entry.choices[0]}"
        answer = await playground.say(MessageRequest(speaker="李老师", text=words))
        assert answer.replies[0].status in ("ok", "question")
    pytest.fail("the questions do not come to an end")


async def played(plan: str, *, act: bool = False) -> list[Post]:
    """Everything posted up to the end of October."""
    async with Playhouse(None, None) as playground:
        await activate(playground, plan)
        if act:
            await playground.move_clock(when("2026-09-11T08:00"), None, False)
            await playground.say(MessageRequest(speaker="王老师", text="/反思 导入太长，下次三分钟内进入文本"))
        return list((await playground.move_clock(when(END), None, False)).posts)


def cards(posts: list[Post]) -> list[Post]:
    return [post for post in posts if post.kind == "card"]


def days_of(posts: list[Post], title: str) -> list[str]:
    return [f"{post.at:%m-%d}" for post in cards(posts) if any(title in why for why in post.why)]


@pytest.fixture(scope="module")
def autumn() -> list[Post]:
    return asyncio.run(played(PLAN))


def test_one_card_a_school_day_and_five_a_week(autumn: list[Post]) -> None:
    found = cards(autumn)
    assert len(found) >= 15
    assert max(Counter((post.group, post.at.date()) for post in found).values()) == 1
    assert max(Counter((post.group, post.at.isocalendar().week) for post in found).values()) <= 5
    assert {f"{post.at:%H:%M}" for post in found} == {"07:10"}
    assert {post.kind for post in autumn if post.to == "group"} == {"card"}


def test_holidays_are_silent(autumn: list[Post]) -> None:
    assert [post for post in autumn if post.at.date() in OFF] == []
    works = {date(2026, 9, 20), date(2026, 10, 10)}
    assert {post.at.date() for post in autumn if post.at.isoweekday() > 5} <= works


def test_make_up_days_work(autumn: list[Post]) -> None:
    """Saturday 10-10 runs Wednesday: the preparation meets there, and is called on Friday."""
    assert "10-09" in days_of(autumn, "10月10日")
    (week,) = [post for post in cards(autumn) if f"{post.at:%m-%d}" == "10-08"]
    assert "周六第8\u20139节" in week.text
    assert [f"{post.at:%m-%d}" for post in autumn if post.at.date() == date(2026, 9, 20)] == ["09-20"] * 8


@pytest.mark.parametrize(
    ("title", "days"),
    [
        ("召开备课组例会", ["10-08"]),  # September's first week was before the plan was in force
        ("组织听评课活动", ["09-14", "09-28", "10-12", "10-26"]),  # odd weeks
        ("第5周备课", ["09-28"]),
        ("专题研讨", []),  # midterm: week 10, November
        ("期末", []),
        ("青蓝工程", []),
        ("讲座", []),
    ],
)
def test_what_the_plan_says_falls_on_its_days(autumn: list[Post], title: str, days: list[str]) -> None:
    assert days_of(autumn, title) == days


def test_every_preparation_is_called_the_day_before(autumn: list[Post]) -> None:
    meetings = ["09-09", "09-16", "09-23", "09-30", "10-10", "10-14", "10-21", "10-28"]
    expected = ["09-08", "09-15", "09-22", "09-29", "10-09", "10-13", "10-20", "10-27"]
    assert days_of(autumn, "日集体备课") == expected
    for day, meeting in zip(expected, meetings, strict=True):
        (post,) = [post for post in cards(autumn) if f"{post.at:%m-%d}" == day]
        assert f"{int(meeting[:2])}月{int(meeting[3:])}日" in post.text


def test_notes_go_once_a_day_and_three_times_a_week_at_most(autumn: list[Post]) -> None:
    notes = [post for post in autumn if post.kind == "note"]
    assert notes
    assert max(Counter((post.to, post.at.date()) for post in notes).values()) == 1
    assert max(Counter((post.to, post.at.isocalendar().week) for post in notes).values()) <= 3


async def test_who_wrote_is_not_asked() -> None:
    posts = await played(PLAN, act=True)
    asked = [post.to for post in posts if f"{post.at:%m-%d}" == "09-11"]
    assert asked
    assert "王老师" not in asked
    assert set(asked) == {"李老师", "张老师", "赵老师", "陈老师", "刘老师", "周老师", "孙老师"}


async def test_a_rehearsal_is_what_comes_and_writes_nothing() -> None:
    async with Playhouse(None, None) as playground:
        await activate(playground, PLAN)
        await playground.move_clock(when("2026-09-10T09:00"), None, False)
        before = await counts(playground)
        shown = await playground.engine.rehearse(playground.clock.now(), when("2026-10-16T23:00"))
        again = await playground.engine.rehearse(playground.clock.now(), when("2026-10-16T23:00"))
        assert shown == again
        assert await counts(playground) == before
        posts = (await playground.move_clock(when("2026-10-16T23:00"), None, False)).posts
    expected = [(one.at.date(), one.group, one.to, one.why) for one in shown]
    assert sorted(expected) == sorted((post.at.date(), post.group, post.to, post.why) for post in posts)
    texts = {(one.at.date(), one.to): one.content.lines for one in shown}
    assert all(line in post.text for post in posts for line in texts[post.at.date(), post.to])


async def counts(playground: Playground) -> dict[str, int]:
    from bot.app import record_kinds

    found = {}
    for space in ("system", space_of("chinese"), space_of("research")):
        async with playground.store.transaction(space) as tx:
            found |= {f"{space}/{kind.TABLE}": await tx.count(kind) for kind in record_kinds()}
    return found


@pytest.mark.parametrize("step", [timedelta(minutes=7), timedelta(hours=5), timedelta(days=3, minutes=1)])
async def test_many_steps_are_one(step: timedelta) -> None:
    """Moving the clock on a little, many times, posts what moving it at once posts."""
    start, end = when("2026-09-07T07:00"), when("2026-09-08T17:00" if step < timedelta(hours=1) else "2026-09-24T17:00")
    results = []
    for span in (step, end - start):
        async with Playhouse(None, None) as playground:
            await activate(playground, PLAN)
            posts: list[Post] = []
            while (now := playground.clock.now()) < end:
                posts += (await playground.move_clock(min(now + span, end), None, False)).posts
            results.append(posts)
    assert results[0] == results[1]
    assert results[0]


@pytest.mark.skipif(not SEED.exists(), reason="the user's plan document is not in this checkout")
def test_the_whole_document_is_its_nine_lines(autumn: list[Post]) -> None:
    posts = asyncio.run(played(SEED.read_text(encoding="utf-8")))
    assert [(post.at, post.to, post.why) for post in posts] == [(post.at, post.to, post.why) for post in autumn]

"""The sample school with both terms of a school year, and everything turned on in both before the year begins.

Nobody does anything in the year itself: what is posted is what the calendar says by itself.
"""

from datetime import date, datetime, time, timedelta
from pathlib import Path

from bot.app import Playhouse
from bot.calendar.term import SchoolCalendar, Term
from bot.clock import SCHOOL_ZONE
from bot.domain import groups, plans
from bot.domain.groups import School, space_of
from bot.domain.people import SYSTEM
from bot.domain.prep import ProgressRow
from bot.simulator import sample
from bot.simulator.api_models import MessageRequest
from bot.simulator.simulation import Playground

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
AUTUMN = sample.TERM
SPRING = Term(name="2026学年第二学期", first_day=date(2027, 2, 22), weeks=20, midterm_week=10, final_week=20)
CALENDAR = SchoolCalendar(terms=(AUTUMN, SPRING), bells=sample.CALENDAR.bells)
FIRST = datetime(2026, 8, 24, 6, 0, tzinfo=SCHOOL_ZONE)
LAST = datetime(2027, 7, 10, 23, 0, tzinfo=SCHOOL_ZONE)


async def furnish(folder: Path) -> Path:
    """A data folder with the school as it stands on the morning of ``FIRST``; returns the folder of its store."""
    async with Playhouse(folder, FIRST) as playground:
        await set_calendar(playground, CALENDAR)
        for term in (AUTUMN, SPRING):
            # Arranged in its preparation week; the clock goes back afterwards, nothing was posted.
            playground.clock.set(datetime.combine(term.preparation_day, time(6), SCHOOL_ZONE))
            await _progress(playground, term)
            await _plan(playground)
            await _standing(playground)
            await _dated(playground, term)
        playground.clock.set(FIRST)
    return folder / "store"


async def set_calendar(playground: Playground, calendar: SchoolCalendar) -> None:
    async with playground.store.transaction(SYSTEM) as tx:
        (school,) = await tx.find(School, key="sample")
        await tx.update(school.model_copy(update={"calendar": calendar}))


async def _progress(playground: Playground, term: Term) -> None:
    async with playground.store.transaction(space_of("chinese")) as tx:
        for week, unit, topic, lead in sample.PROGRESS[: term.weeks]:
            if not await tx.find(ProgressRow, term=term.name, week=week):
                await tx.add(ProgressRow(term=term.name, week=week, unit=unit, topic=topic, lead=lead))


async def _plan(playground: Playground) -> None:
    """The leader imports the plan and answers every question with its first choice."""
    await playground.read_plan(PLAN, None, None, True)
    for _ in range(10):
        async with playground.store.transaction(space_of("chinese")) as tx:
            bound = await groups.load(tx, "chinese", playground.clock.now())
            questions = await plans.open_questions(bound)
        if not questions:
            return
        await _say(playground, f"/计划 答 {questions[0].question_number} {questions[0].entry.choices[0]}")
    raise AssertionError("the questions do not come to an end")


async def _standing(playground: Playground) -> None:
    names = "王老师 张老师 赵老师 陈老师 刘老师 周老师 孙老师"
    await _say(playground, "/听课 配额 2")
    await _say(playground, f"/轮值 排 第2周起 {names}")
    await _say(playground, "/轮值 研讨课 排 第2周起 周二第3节 录播室")


async def _dated(playground: Playground, term: Term) -> None:
    """A task and an open lesson every third week."""
    for week in range(2, term.weeks - 1, 3):
        monday = term.bounds(week)[0]
        friday = monday + timedelta(days=4)
        await _say(playground, f"/任务 全组 {friday.month}月{friday.day}日前 交单元卷")
        if lesson := CALENDAR.next_school_day(monday + timedelta(days=2)):
            await _say(playground, f"/公开课 发布 {lesson.month}月{lesson.day}日第2节 赵老师《劝学》 4座")


async def _say(playground: Playground, text: str) -> None:
    playground.clock.set(playground.clock.now() + timedelta(minutes=2))  # within the platform's limits
    answer = await playground.say(MessageRequest(speaker="李老师", text=text))
    assert answer.replies[0].status in ("ok", "question"), (text, answer.replies[0].text)

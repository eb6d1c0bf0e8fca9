"""What the calendar says of a plan that still waits for answers."""

from collections.abc import Sequence
from datetime import date, datetime, time

from bot.calendar.term import each_day
from bot.content import Action
from bot.domain import plans
from bot.domain.groups import Group
from bot.jobs import Ask, Due, on

TOPIC = "日程"


async def weeks(group: Group, first: date, last: date) -> Sequence[Due]:
    """The first school day of each week, while there is something to ask."""
    questions = await plans.open_questions(group)
    if not questions:
        return []
    found, since = [], questions[0].created
    for week in range(group.term.week_of(first), group.term.week_of(last) + 1):
        days = [day for day in each_day(*group.term.bounds(week)) if group.calendar.is_school_day(day)]
        if days:
            end = datetime.combine(days[0], time(23, 59), group.zone)
            found.append(Due(f"w{week:02d}", days[0], end, week, "计划待回答", since=since))
    return found


@on(weeks, when="day", until="day", private=True)
async def open_questions(group: Group, week: int) -> Sequence[Ask]:
    """每周第一个上课日：计划里还有待定的，私下问组长一处"""
    leader, questions = await group.leader(), await plans.open_questions(group)
    if leader is None or not questions:
        return []
    first = questions[0]
    example = (first.entry.choices or ["周三第8-9节"])[0]
    lines = (f"📝 计划里还有 {len(questions)} 处待定：{first.entry.question}",)
    deadline = datetime.combine(group.today, time(23, 59), group.zone)
    action = Action(label="回复例", send=f"/计划 答 {first.question_number} {example}", fill=True)
    return [Ask(leader.name, lines, deadline, (action,))]

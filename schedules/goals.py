"""What the calendar says of goals: after the middle of the term and before its end, privately to the leader."""

from collections.abc import Sequence
from datetime import date, datetime, time

from bot.calendar.term import each_day
from bot.content import Action
from bot.domain import goals
from bot.domain.groups import Group
from bot.jobs import Ask, Due, on

TOPIC = "目标"
MOST = 6
"""Of a reminder, which may have others beside it."""


async def looks_back(group: Group, first: date, last: date) -> Sequence[Due]:
    """The first school day after the middle examinations, and the first of the week before the final ones."""
    if not await goals.of_term(group):
        return []
    found = []
    for name, week in (("期中", group.term.midterm_week + 1), ("期末", group.term.final_week - 1)):
        begin, end = group.term.bounds(week)
        day = next((day for day in each_day(begin, end) if group.calendar.is_school_day(day)), None)
        if day and first <= day <= last:
            ends = datetime.combine(end, time(23, 59), group.zone)
            found.append(Due(name, day, ends, name, f"{name}看目标"))
    return found


@on(looks_back, when="day", until="end", private=True)
async def how_far(group: Group, name: str) -> Sequence[Ask]:
    """期中考试后一周、期末考试前一周：各目标走到哪了，私下告诉组长一次；没有目标就不说"""
    leader, found = await group.leader(), await goals.standings(group, group.today)
    if leader is None or not found:
        return []
    rows = [f"{each.goal.number} {each.line}" for each in found[:MOST]]
    more = [f"……还有 {len(found) - MOST} 个"] if len(found) > MOST else []
    waiting = next((each.goal for each in found if not each.goal.counter and not each.reached), None)
    steps = (
        (Action(label="记现在的数，例", send=f"/目标 记 {waiting.number} {waiting.target:g}", fill=True),)
        if waiting
        else ()
    )
    deadline = datetime.combine(group.today, time(23, 59), group.zone)
    return [Ask(leader.name, (f"🎯 {name}看目标，{goals.summary(found)}", *rows, *more), deadline, steps)]

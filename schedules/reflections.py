"""What the calendar says of reflections: a private word at the end of the week, to those who have written none."""

from collections.abc import Sequence
from datetime import date, datetime, time

from bot.calendar.term import each_day
from bot.content import Action
from bot.domain import prep, reflections
from bot.domain.groups import Group
from bot.jobs import Ask, Due, on

TOPIC = "反思"


async def week_ends(group: Group, first: date, last: date) -> Sequence[Due]:
    """The last school day of each week in which the group met to prepare."""
    found = []
    for session in await prep.sessions(group, group.term.week_of(first), group.term.week_of(last)):
        held = [h for h in session.meetings if not h.cancelled]
        days = [day for day in each_day(session.first, session.last) if group.calendar.is_school_day(day)]
        if held and days:
            since = held[-1].routine.since
            end = datetime.combine(days[-1], time(23, 59), group.zone)
            found.append(Due(session.key, days[-1], end, session.week, f"第{session.week}周反思", since=since))
    return found


@on(week_ends, when="day", until="day", private=True)
async def still_owed(group: Group, week: int) -> Sequence[Ask]:
    """每周最后一个上课日：私下提醒本周还没写反思的老师，写过的不打扰；连着两周没回应的，一个月只提一次"""
    sofar = [due for due in await week_ends(group, group.term.first_day, group.today) if _in_force(due, group.now)]
    names = await reflections.to_ask(group, [(due.item, due.day) for due in sofar if due.item <= week])
    deadline = datetime.combine(group.today, time(23, 59), group.zone)
    action = Action(label="写两句，例", send="/反思 导入太长，下次三分钟内进入文本", fill=True)
    return [Ask(name, (f"⏰ {name}，本周的教学反思还差您的一篇，两句就够。",), deadline, (action,)) for name in names]


def _in_force(due: Due, now: datetime) -> bool:
    """Whether the group was keeping its preparation here by then.

    What is to come only after ``now`` is known all the same: days gone by are being rehearsed.
    """
    return due.since is None or due.since <= due.ends or due.since > now

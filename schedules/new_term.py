"""What the calendar says when one term ends and another begins: a private word to the leader, once."""

from collections.abc import Sequence
from datetime import date, datetime, time

from bot.calendar.names import day_label
from bot.calendar.term import Term, each_day
from bot.content import Action
from bot.domain import new_term, routines, terms
from bot.domain.groups import Group
from bot.jobs import Ask, Due, on

TOPIC = "新学期"
LAST_WEEK = 2
"""The week of the term in which the word is of no use any more: a group that has not begun by then does without."""


async def beginnings(group: Group, first: date, last: date) -> Sequence[Due]:
    """The first day of the term on which teachers are at school, in the preparation week if there is one."""
    term = group.term
    days = [d for d in each_day(term.preparation_day, term.bounds(1)[1]) if group.calendar.is_work_day(d)]
    former = terms.former(group)
    if former is None or not days or not first <= days[0] <= last:
        return []
    since = datetime.combine(former.last_day, time(), group.zone)
    ends = datetime.combine(term.bounds(LAST_WEEK)[1], time(23, 59), group.zone)
    return [Due("begins", days[0], ends, term, f"{term.name}开始", since=since)]


async def endings(group: Group, first: date, last: date) -> Sequence[Due]:
    """The first school day of the term's last week, when the school calendar knows no term after it."""
    days = [day for day in each_day(*group.term.bounds(group.term.weeks)) if group.calendar.is_school_day(day)]
    if terms.following(group) or not days or not first <= days[0] <= last:
        return []
    ends = datetime.combine(days[-1], time(23, 59), group.zone)
    since = datetime.combine(group.term.first_day, time(), group.zone)
    return [Due("ends", days[0], ends, group.term, f"{group.term.name}结束", since=since)]


@on(beginnings, when="day", until="end", private=True)
async def not_begun(group: Group, term: Term) -> Sequence[Ask]:
    """新学期开始上班那天：还没发过 /新学期 的，私下提醒组长一次；已经带过安排或导入了新计划的不打扰"""
    leader = await group.leader()
    if leader is None or not await new_term.is_waiting(group):
        return []
    lines = (f"🎒 {term.name}{day_label(term.first_day)}开学，上学期的安排还没带过来。",)
    deadline = datetime.combine(term.bounds(LAST_WEEK)[1], time(23, 59), group.zone)
    return [Ask(leader.name, lines, deadline, (Action(label="带过来", send="/新学期"),))]


@on(endings, when="day", until="end", private=True)
async def no_next_term(group: Group, term: Term) -> Sequence[Ask]:
    """学期最后一周：校历里还没有下一个学期的，私下提醒组长一次，请管理员写上"""
    leader = await group.leader()
    if leader is None or not await routines.active(group):
        return []
    lines = (
        f"🎒 {term.name}{day_label(term.last_day)}结束，校历里还没有下一个学期。",
        "请管理员在配置里写上开学日期和周数，再重启一次。",
    )
    return [Ask(leader.name, lines, datetime.combine(term.last_day, time(23, 59), group.zone))]

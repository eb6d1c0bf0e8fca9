"""What the calendar says of lessons heard: one private word late in the month, to those who are short of the quota."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.content import Action
from bot.domain import observation_quota, observations
from bot.domain.groups import Group
from bot.domain.subjects import Period
from bot.jobs import Ask, Due, on

TOPIC = "听课"


async def month_closes(group: Group, first: date, last: date) -> Sequence[Due]:
    """The first of a month's last five school days, for months whose quota was known before."""
    found, quota = [], await observation_quota.current(group)
    month = Period.month(first.year, first.month)
    while quota and quota.each and quota.per == "month" and month.first <= last:
        day = observation_quota.closing_day(group, month)
        if day and first <= day <= last and quota.created and quota.created.date() < day:
            key = f"{month.first:%Y-%m}"
            found.append(Due(key, day, month.end(group.zone), month, f"{month.label}听课配额", since=quota.created))
        following = month.last + timedelta(days=1)
        month = Period.month(following.year, following.month)
    return found


@on(month_closes, when="day", until="end", private=True)
async def short(group: Group, month: Period) -> Sequence[Ask]:
    """每月最后五个上课日：私下提醒一次听课还没到配额的人"""
    deadline = datetime.combine(month.last, time(23, 59), group.zone)
    action = Action(label="记一次听课，例", send="/听课 张老师 今天第1节 高一3班 导入好", fill=True)
    missing = await observations.short_of(group, month)
    return [
        Ask(name, (f"👂 {name}，{month.label}听课离配额还差 {left} 节，月底前补上就好。",), deadline, (action,))
        for name, left in missing.items()
    ]


async def term_closes(group: Group, first: date, last: date) -> Sequence[Due]:
    """The fourth week before the final examinations, when a number for the term is asked."""
    quota, day = await observation_quota.current(group), observation_quota.term_closes(group)
    if quota is None or not quota.each or quota.per != "term" or quota.created is None or day is None:
        return []
    if not first <= day <= last or quota.created.date() >= day:
        return []
    term = observation_quota.whole_term(group)
    return [Due("term", day, term.end(group.zone), term, "学期听课配额", since=quota.created)]


@on(term_closes, when="day", until="end", private=True)
async def short_of_the_term(group: Group, term: Period) -> Sequence[Ask]:
    """期末前第四周：按学期定的听课配额，私下提醒一次还差的人"""
    deadline = datetime.combine(term.last, time(23, 59), group.zone)
    action = Action(label="记一次听课，例", send="/听课 张老师 今天第1节 高一3班 导入好", fill=True)
    missing = await observations.short_of(group, term)
    return [
        Ask(name, (f"👂 {name}，这学期听课离配额还差 {left} 节，期末前补上就好。",), deadline, (action,))
        for name, left in missing.items()
    ]

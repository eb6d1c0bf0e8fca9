"""What the calendar says of the monthly digest: its draft, privately to the leader, on the first school day after."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.calendar.term import each_day
from bot.content import Action
from bot.domain import digest_drafts
from bot.domain.groups import Group
from bot.domain.subjects import Period
from bot.jobs import Ask, Due, on

TOPIC = "小结"
MOST_LINES = 9
"""Of a draft in a note, which may have other reminders beside it: its figures stand closer; /汇总 稿 has them apart."""


async def months_over(group: Group, first: date, last: date) -> Sequence[Due]:
    """The first school day of each month in the term, with the month before it."""
    found, month = [], Period.month(first.year, first.month)
    while month.first <= last:
        days = (day for day in each_day(month.first, month.last) if group.term.contains(day))
        begun = next((day for day in days if group.calendar.is_school_day(day)), None)
        former = month.first - timedelta(days=1)
        over = Period.month(former.year, former.month)
        taught = any(term.start <= over.last and term.last_day >= over.first for term in group.calendar.terms)
        if begun and taught and first <= begun <= last:
            since = datetime.combine(month.first, time(), group.zone)
            found.append(
                Due(f"{over.first:%Y-%m}", begun, month.end(group.zone), over, f"{over.label}小结", since=since)
            )
        following = month.last + timedelta(days=1)
        month = Period.month(following.year, following.month)
    return found


@on(months_over, when="day", until="end", private=True, to_leader=True)
async def draft(group: Group, month: Period) -> Sequence[Ask]:
    """每月第一个上课日：上个月的小结草稿私下给组长，看过用 /汇总 发布；上个月没有记录，或者已经发过，就不说"""
    leader, known = await group.leader(), await digest_drafts.of_period(group, month)
    if leader is None or (known and known.published):
        return []
    from bot.reports import digest  # here, not above: once a month
    from bot.reports.report import build

    report = await build(group.in_term_of(month.last), month, charts=False)
    if not report.figures:
        return []
    lines = known.lines[1:] if known and known.lines else digest.group_form(report, most=MOST_LINES)[1:]
    more = ("……",) if len(lines) >= MOST_LINES else ()
    steps = (
        Action(label="发到群里", send=f"/汇总 发布 {month.label}"),
        Action(label="先改一改", send=f"/汇总 稿 {month.label}"),
    )
    today = datetime.combine(group.today, time(23, 59), group.zone)
    head = f"📝 {month.label}小结的草稿，看过再发到群里："
    return [Ask(leader.name, (head, *lines[: MOST_LINES - 1], *more), today, steps)]

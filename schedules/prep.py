"""What the calendar says of collective preparation: Monday's card, the day before, and a hint to the leader."""

from collections.abc import Sequence
from datetime import date, datetime, time

from bot.calendar.names import day_label
from bot.calendar.term import each_day
from bot.domain import prep
from bot.domain.groups import Group
from bot.domain.prep import Session
from bot.domain.routines import Happening
from bot.jobs import Ask, Due, Post, on


async def weeks(group: Group, first: date, last: date) -> Sequence[Due]:
    """The teaching weeks in which there is a preparation meeting to announce."""
    found = []
    for session in await prep.sessions(group, group.term.week_of(first), group.term.week_of(last)):
        if session.meetings:
            end = datetime.combine(session.last, time(23, 59), group.zone)
            since = max((h.routine.since for h in session.meetings if h.routine.since), default=None)
            found.append(Due(session.key, session.first, end, session, f"第{session.week}周备课", since=since))
    return found


async def meetings(group: Group, first: date, last: date) -> Sequence[Due]:
    """The preparation meetings themselves."""
    found = await prep.prep_happenings(group, first, last)
    return [
        Due(
            h.key,
            h.day,
            h.ends(group),
            h,
            f"{day_label(h.day)}{h.title}",
            starts=_starts(group, h),
            since=h.routine.since,
        )
        for h in found
        if h.precise and not h.cancelled
    ]


async def week_ends(group: Group, first: date, last: date) -> Sequence[Due]:
    """The last school day of each week of a group that prepares collectively."""
    if not await prep.is_on(group):
        return []
    found = []
    for week in range(group.term.week_of(first), group.term.week_of(last) + 1):
        days = [day for day in each_day(*group.term.bounds(week)) if group.calendar.is_school_day(day)]
        if days:
            end = datetime.combine(days[-1], time(23, 59), group.zone)
            found.append(Due(f"w{week:02d}", days[-1], end, week, f"第{week}周周末"))
    return found


@on(weeks, when="week start", until="end")
async def week_card(group: Group, session: Session) -> Post:
    """每周第一个上课日：本周课题、主备、时间地点"""
    row = session.following
    following = (f"下周：{row.title}（主备 {row.lead}）",) if row else ()
    return Post((*prep.lines(session), *following), order=10, headline=prep.headline(group, session))


@on(meetings, when="day before", until="start")
async def tomorrow(group: Group, meeting: Happening) -> Post | None:
    """集体备课前一个上课日：时间地点、主备和课题；与每周卡片同一天时不重复"""
    session = await prep.session(group, group.term.week_of(meeting.day))
    first_day = next((d for d in each_day(session.first, session.last) if group.calendar.is_work_day(d)), None)
    if first_day == group.today:
        return None
    where = f" {meeting.place}" if meeting.place else ""
    lead = f"主备：{session.row.lead}　课题：{session.row.title}" if session.row else "课题还没有定"
    return Post((f"⏰ {day_label(meeting.day)} {meeting.when}{where} 集体备课", lead), order=20)


@on(week_ends, when="day", until="day", private=True)
async def no_topic(group: Group, week: int) -> Sequence[Ask]:
    """每周最后一个上课日：下周没有课题时私下提醒组长"""
    leader = await group.leader()
    following = await prep.session(group, week + 1)
    if leader is None or following.row is not None or not following.meetings:
        return []
    deadline = datetime.combine(following.first, time(7), group.zone)
    return [Ask(leader.name, (f"⏰ 第{week + 1}周集体备课还没有课题和主备。",), deadline)]


def _starts(group: Group, meeting: Happening) -> datetime | None:
    return datetime.combine(meeting.day, meeting.start, group.zone) if meeting.start else None

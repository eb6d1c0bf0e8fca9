"""What the calendar says of collective preparation: Monday's card, the day before, and a hint to the leader."""

from collections.abc import Sequence
from datetime import date, datetime, time

from bot.calendar.names import day_label
from bot.calendar.term import each_day
from bot.content import Action
from bot.domain import drafts, issues, prep, prep_weeks, quiet
from bot.domain.drafts import FIRST, OWN
from bot.domain.groups import Group
from bot.domain.happenings import Happening
from bot.domain.prep import Session
from bot.domain.prep_weeks import POINTS
from bot.jobs import Ask, Due, Post, on

TOPIC = "集体备课"


async def weeks(group: Group, first: date, last: date) -> Sequence[Due]:
    """The teaching weeks in which there is a preparation meeting to announce."""
    found = []
    for session in await prep.sessions(group, group.term.week_of(first), group.term.week_of(last)):
        if session.meetings:
            end = datetime.combine(session.last, time(23, 59), group.zone)
            title = f"第{session.week}周备课"
            found.append(Due(session.key, session.first, end, session, title, since=session.since))
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
            starts=h.begins(group),
            since=h.since,
        )
        for h in found
        if h.precise and not h.cancelled
    ]


async def days_after(group: Group, first: date, last: date) -> Sequence[Due]:
    """The first school day after each week's last preparation meeting, with what became of it."""
    found = []
    for session in await prep.sessions(group, group.term.week_of(first), group.term.week_of(last)):
        held = session.held()
        day = group.calendar.next_school_day(held[-1].last) if held else None
        if day and first <= day <= last:
            end = datetime.combine(day, time(23, 59), group.zone)
            title = f"第{session.week}周备课之后"
            found.append(Due(f"{session.key} after", day, end, session, title, since=session.since))
    return found


async def week_ends(group: Group, first: date, last: date) -> Sequence[Due]:
    """The last school day of each week of a group that prepares collectively."""
    if not await prep.is_on(group):
        return []
    found, since = [], await prep.on_since(group)
    for week in range(group.term.week_of(first), group.term.week_of(last) + 1):
        days = [day for day in each_day(*group.term.bounds(week)) if group.calendar.is_school_day(day)]
        if days:
            end = datetime.combine(days[-1], time(23, 59), group.zone)
            found.append(Due(f"w{week:02d}", days[-1], end, week, f"第{week}周周末", since=since))
    return found


@on(weeks, when="week start", until="end")
async def week_card(group: Group, session: Session) -> Post:
    """每周第一个上课日：本周课题、主备、时间地点"""
    row = session.following
    following = (f"下周：{prep.announced(row)}",) if row else ()
    begun = await drafts.of_week(group, FIRST, session.week)  # on its first day nobody owes one yet
    handed = await _count(group, FIRST, session.week) if begun else ()
    waiting = len(await issues.open_ones(group))
    problems = (f"• 要研讨的问题 {waiting} 个，看：/问题",) if waiting else ()
    return Post(
        (*prep.lines(session), *handed, *problems, *following), order=10, headline=prep.headline(group, session)
    )


@on(meetings, when="day before", until="start")
async def tomorrow(group: Group, meeting: Happening) -> Post | None:
    """集体备课前一个上课日：时间地点、主备、课题和要研讨的问题；与每周卡片同一天时不重复"""
    session = await prep.session(group, group.term.week_of(meeting.day))
    first_day = next((d for d in each_day(session.first, session.last) if group.calendar.is_work_day(d)), None)
    if first_day == group.today:
        return None
    where = f" {meeting.place}" if meeting.place else ""
    lead = f"主备：{session.lead or '还没有定'}　课题：{session.title or '还没有定'}"
    more = [f"研讨：{session.topic}"] if session.row and session.topic else []
    more += [part for part in (prep.goals(session.agreed),) if part]
    more += [part for part in (await issues.session_line(group),) if part]
    handed = await _count(group, FIRST, session.week)
    more += [f"要点：{'、'.join(POINTS)}", *handed]
    owed = bool(handed and await drafts.missing(group, FIRST, session.week))
    actions = (Action(label="交初案", send="/初案 链接", fill=True),) if owed else ()
    return Post((f"⏰ {day_label(meeting.day)} {meeting.when}{where} 集体备课", lead, *more), order=20, actions=actions)


@on(meetings, when="day before", until="start", private=True)
async def first_draft(group: Group, meeting: Happening) -> Sequence[Ask]:
    """集体备课前一个上课日：初案还没交的，私下提醒本人；没用过初案的组不提醒"""
    if not await drafts.in_use(group, FIRST):
        return []
    week = group.term.week_of(meeting.day)
    actions = (Action(label="交初案", send="/初案 链接", fill=True),)
    deadline = meeting.begins(group) or meeting.ends(group)
    away = await quiet.away(group, meeting.day)  # whoever is not at the session need not prepare for it
    return [
        Ask(name, (f"⏰ {name}，{meeting.when}集体备课的初案还差您的一份。",), deadline, actions)
        for name in await drafts.missing(group, FIRST, week)
        if name not in away
    ]


@on(days_after, when="day", until="day", private=True)
async def afterwards(group: Group, session: Session) -> Sequence[Ask]:
    """集体备课后第一个上课日：共案没放的提醒主备；放了的提醒还没二备的老师；没用过的组不提醒"""
    deadline = datetime.combine(session.last, time(23, 59), group.zone)
    if not session.agreed.agreed:
        if session.lead not in await group.teachers():
            return []
        used = any(week.agreed for week in (await prep_weeks.of_term(group)).values())
        actions = (Action(label="放共案", send="/共案 链接", fill=True),)
        lines = (f"⏰ 第{session.week}周的共案还没有放，大家等着二次备课。",)
        return [Ask(session.lead, lines, deadline, actions)] if used else []
    if not await drafts.in_use(group, OWN):
        return []
    actions = (Action(label="交二备", send="/二备 链接", fill=True),)
    missing = await drafts.missing(group, OWN, session.week)
    return [Ask(name, (f"⏰ 第{session.week}周的二次备课还差您的一份。",), deadline, actions) for name in missing]


@on(week_ends, when="day", until="day", private=True)
async def no_topic(group: Group, week: int) -> Sequence[Ask]:
    """每周最后一个上课日：下周没有课题时私下提醒组长"""
    leader = await group.leader()
    following = await prep.session(group, week + 1)
    if leader is None or following.title or not following.meetings:
        return []
    deadline = datetime.combine(following.first, time(7), group.zone)
    actions = (Action(label="定课题", send="/备课 主题 下周 课题", fill=True),)
    return [Ask(leader.name, (f"⏰ 第{week + 1}周集体备课还没有课题和主备。",), deadline, actions)]


async def _count(group: Group, kind: str, week: int) -> list[str]:
    """ "初案已交 4/7", for a group that uses them."""
    return [f"• {kind}已交 {await drafts.count(group, kind, week)}"] if await drafts.in_use(group, kind) else []

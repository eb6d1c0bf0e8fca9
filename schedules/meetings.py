"""What the calendar says of the regular meeting: its week, the agenda the school day before, a hint to the leader."""

from collections.abc import Sequence
from datetime import date, datetime, time

from bot.content import Action
from bot.domain import meeting_agenda, meetings
from bot.domain.groups import Group
from bot.domain.meeting_agenda import shortened
from bot.domain.meeting_changes import SETTLE
from bot.domain.meetings import Meeting
from bot.jobs import Ask, Due, Post, on

TOPIC = "例会"

MOST, LONG = 5, 60


async def sittings(group: Group, first: date, last: date) -> Sequence[Due]:
    """The meetings of the plan and those the leader called, each once."""
    return [
        Due(
            s.happening.key,
            s.meeting.day,
            s.happening.ends(group),
            s.meeting,
            s.meeting.title,
            starts=s.happening.begins(group) if s.meeting.fixed else None,
            since=s.happening.since,
        )
        for s in await meetings.sittings(group, first, last)
        if not s.happening.routine.silent
    ]


@on(sittings, when="day", until="end")
async def its_week(group: Group, meeting: Meeting) -> Post | None:
    """计划只写了哪一周的例会：那一周的第一个上课日"""
    if meeting.fixed:
        return None
    span = "本周" if (meeting.last - meeting.day).days < 7 else meeting.when
    return Post((f"📌 {span}：{meeting.title}",), order=35)


@on(sittings, when="day before", until="start")
async def agenda(group: Group, meeting: Meeting) -> Post | None:
    """例会前一个上课日：时间地点和议程"""
    if not meeting.fixed or meeting.was_held:
        return None
    items = await meeting_agenda.agenda(group, meeting)
    rows = [f"{n}. {shortened(item, LONG)}" for n, item in enumerate(items[:MOST], start=1)]
    more = [f"……还有 {len(items) - MOST} 条，看全部：/例会"] if len(items) > MOST else []
    return Post((f"👥 {meeting.when} {meeting.title}", *rows, *more), order=18)


@on(sittings, when="day before", until="end", private=True)
async def unsettled(group: Group, meeting: Meeting) -> Sequence[Ask]:
    """例会那一周前的上课日，哪天开还没有定：私下提醒组长一次"""
    leader = await group.leader()
    if leader is None or meeting.fixed:
        return []
    deadline = datetime.combine(meeting.day, time(7), group.zone)
    action = Action(label="定时间，例", send=SETTLE, fill=True)
    return [Ask(leader.name, (f"⏰ {meeting.when}有例会，哪天开还没有定。",), deadline, (action,))]

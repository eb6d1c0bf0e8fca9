"""What the calendar says of the plan's plain events: on the day, or at the start of their week or month."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.calendar.names import day_label
from bot.content import Action
from bot.domain import happenings, routine_subject
from bot.domain.groups import Group
from bot.domain.happenings import Happening
from bot.jobs import Due, Post, on

TOPIC = "日程"

ACTIONS = {
    "听课": Action(label="记一次听课，例", send="/听课 张老师 今天第1节 高一3班 导入好", fill=True),
    "公开课": Action(label="看公开课", send="/公开课"),
    "研讨课": Action(label="看研讨课", send="/轮值 研讨课"),
    "反思": Action(label="写两句，例", send="/反思 导入太长，下次三分钟内进入文本", fill=True),
    "问题": Action(label="看共性问题", send="/问题"),
    "进度": Action(label="看进度", send="/进度"),
    "资源": Action(label="看备课资源", send="/资源"),
}
"""What an event of a subject leads to."""


async def events(group: Group, first: date, last: date) -> Sequence[Due]:
    """Events that no subject speaks for."""
    speaking = [routine for routine in await routine_subject.unspoken(group) if not routine.silent]
    return [
        Due(h.key, h.day, h.ends(group), h, h.title, starts=_starts(group, h), since=h.since)
        for h in await happenings.happenings(group, first, last, speaking)
        if not h.cancelled
    ]


@on(events, when="day", until="end")
async def today(group: Group, event: Happening) -> Post | None:
    """计划里的活动：当天早上，或那一周（那个月）的第一个上课日；有节次的前一天说过，不重复"""
    if event.precise and event.periods:
        return None
    place = f" {event.place}" if event.place else ""
    if event.precise:
        day = "今天" if event.day == group.today else f"{day_label(event.day)} "
        return Post((f"📌 {day}{event.when}{place} {event.title}",), order=15, actions=_actions(event))
    span = "本周" if (event.last - event.day).days < 7 else f"{day_label(event.day)}–{day_label(event.last)}"
    return Post((f"📌 {span}：{event.title}",), order=35, actions=_actions(event))


@on(events, when="day before", until="start")
async def tomorrow(group: Group, event: Happening) -> Post | None:
    """有日期有节次的活动：前一个上课日提醒"""
    if not event.precise or not event.periods:
        return None
    place = f" {event.place}" if event.place else ""
    line = f"⏰ {day_label(event.day)} {event.when}{place} {event.title}"
    return Post((line,), order=22, actions=_actions(event))


def _actions(event: Happening) -> tuple[Action, ...]:
    action = ACTIONS.get(event.routine.topic)
    return (action,) if action else ()


def _starts(group: Group, event: Happening) -> datetime | None:
    return datetime.combine(event.day, event.start, group.zone) if event.precise and event.start else None

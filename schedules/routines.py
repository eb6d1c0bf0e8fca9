"""What the calendar says of the plan's plain events: on the day, or at the start of their week or month."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.calendar.names import day_label
from bot.domain import happenings
from bot.domain.groups import Group
from bot.domain.happenings import Happening
from bot.jobs import Due, Post, on

TOPIC = "日程"


async def events(group: Group, first: date, last: date) -> Sequence[Due]:
    """Events that no subject speaks for."""
    return [
        Due(h.key, h.day, h.ends(group), h, h.title, starts=_starts(group, h), since=h.since)
        for h in await happenings.happenings(group, first, last, await happenings.unspoken(group))
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
        return Post((f"📌 {day}{event.when}{place} {event.title}",), order=15)
    span = "本周" if (event.last - event.day).days < 7 else f"{day_label(event.day)}–{day_label(event.last)}"
    return Post((f"📌 {span}：{event.title}",), order=35)


@on(events, when="day before", until="start")
async def tomorrow(group: Group, event: Happening) -> Post | None:
    """有日期有节次的活动：前一个上课日提醒"""
    if not event.precise or not event.periods:
        return None
    place = f" {event.place}" if event.place else ""
    return Post((f"⏰ {day_label(event.day)} {event.when}{place} {event.title}",), order=22)


def _starts(group: Group, event: Happening) -> datetime | None:
    return datetime.combine(event.day, event.start, group.zone) if event.precise and event.start else None

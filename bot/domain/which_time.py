"""Which time of an arrangement is meant: the next, those to come, or that of a day."""

from datetime import date

from bot.calendar.names import day_label
from bot.domain.groups import Group
from bot.domain.happenings import Happening, happenings
from bot.domain.routine_rules import ended_since
from bot.domain.routines import Routine, routine_numbered
from bot.errors import BadArgument, Refused


async def next_happening(group: Group, number: int) -> Happening:
    """The next time routine ``number`` falls due (today included).

    Raises:
        BadArgument: no such number; Refused: it does not fall due any more.
    """
    routine = await routine_numbered(group, number)
    for happening in await coming(group, routine):
        if not happening.cancelled:
            return happening
    if await ended_since(group, routine):
        raise Refused(f"{number} {routine.title}以后的都取消了。", f"照常安排：/计划 恢复 {number}", symbol="ℹ️")
    raise Refused(f"{number} {routine.title}这学期没有下一次了。", "看日程：/日程")


async def coming(group: Group, routine: Routine, *, ended: bool = False) -> list[Happening]:
    """The times that a routine still falls due this term, or would have but for its being called off, by day."""
    found = await happenings(group, group.today, group.term.last_day, [routine], ended=ended)
    return [happening for happening in found if happening.ends(group) > group.now]


async def happening_on(group: Group, number: int, day: date) -> Happening:
    """The time of routine ``number`` that is on a day, or was to be.

    Raises:
        BadArgument: no such number, or nothing of it on that day.
    """
    routine = await routine_numbered(group, number)
    found = await happenings(group, group.term.preparation_day, group.term.last_day, [routine])
    on = [h for h in found if h.day <= day <= h.last] or [h for h in found if h.occasion.day == day]
    if not on:
        near = min(found, key=lambda h: abs(h.day - day), default=None)
        hint = f"离得最近的是{day_label(near.day)}。" if near else "看日程：/日程"
        raise BadArgument(f"{day_label(day)}没有 {number} {routine.title}。", hint)
    return on[0]

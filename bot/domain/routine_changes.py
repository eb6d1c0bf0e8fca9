"""Changing the calendar: one occasion moved, called off or restored, an arrangement added; who, when and why is kept.

Every change is a record beside the plan; taking it back marks that record, and the group reads that too. Changes of all
coming occasions are the matter of bot/domain/routine_standing.py.
"""

from datetime import date, time
from typing import NamedTuple

from bot.calendar.entries import Entry, Kind
from bot.calendar.names import day_label, period_label, weekday_name
from bot.domain import guard
from bot.domain.groups import Group
from bot.domain.happenings import Happening, happenings
from bot.domain.routine_rules import ended_since
from bot.domain.routine_slots import must_be_held, must_be_possible
from bot.domain.routines import Routine, RoutineChange, State, routine_numbered, subject_of
from bot.domain.undo import Undo, inverse, undo_with
from bot.domain.which_time import coming
from bot.errors import BadArgument, Refused

LONGEST_PLACE, LONGEST_REASON = 30, 60


class Slot(NamedTuple):
    """A time for something: lessons, or hours by the clock; without either those it had. "" = the place it had."""

    day: date
    periods: tuple[int, ...] = ()
    start: time | None = None
    end: time | None = None
    place: str = ""


async def move(group: Group, by: str, happening: Happening, slot: Slot, reason: str = "") -> tuple[RoutineChange, Undo]:
    """Move one occasion to another day, hour or place; the group reads one 【改】 line.

    Raises:
        Refused: the time is over, without school, or nothing would change; BadArgument: too long a place or reason;
        guard.PupilNamed.
    """
    await check_words(group, slot.place, reason)
    keeps_hours = not slot.periods and slot.start is None
    periods = happening.periods if keeps_hours else slot.periods
    hours = (happening.start, happening.end) if keeps_hours else (slot.start, slot.end)
    begins = (group.calendar.lessons_span(slot.day, periods) or hours if periods else hours)[0]
    must_be_possible(group, slot.day, begins)
    as_it_is = (happening.day, happening.periods, happening.place, happening.cancelled)
    if (slot.day, periods, slot.place or happening.place, False) == as_it_is and begins == happening.start:
        raise Refused(f"{happening.title}本来就在{happening.when}。", symbol="ℹ️")
    stored = await _note(
        group, by, happening, reason, day=slot.day, periods=periods, start=hours[0], end=hours[1], place=slot.place
    )
    where = f"地点：{slot.place}" if slot.place and slot.place != happening.place else "地点不变"
    clock = "" if periods or begins is None else f"{begins:%H:%M}"
    new = f"{weekday_name(slot.day.isoweekday())}{period_label(periods) or clock}（{day_label(slot.day)}）"
    old = f"{happening.when}（{day_label(happening.day)}）" if happening.precise else f"{happening.when} "
    stays = (slot.day, begins) == (happening.day, happening.start) and happening.precise
    changed = f"{old} {where}" if stays else f"{old}→ {new}，{where}"
    group.announce(f"【改】{happening.title} {changed}{because(reason)}。")
    return stored, undo_with(drop_change, f"改 {happening.routine.number}", change=stored.id)


async def cancel(group: Group, by: str, happening: Happening, reason: str = "") -> tuple[RoutineChange, Undo]:
    """Call one occasion off; the group reads one 【改】 line.

    Raises:
        Refused: it is over, or called off already; BadArgument: too long a reason; guard.PupilNamed.
    """
    await check_words(group, "", reason)
    if happening.cancelled or happening.is_over(group):
        state = "取消" if happening.cancelled else "开过"
        raise Refused(f"{day_label(happening.day)}的{happening.title}已经{state}了。", "看日程：/日程", symbol="ℹ️")
    stored = await _note(group, by, happening, reason, cancelled=True)
    group.announce(f"【改】{happening.title} {day_label(happening.day)} {happening.when} 取消{because(reason)}。")
    return stored, undo_with(drop_change, f"停 {happening.routine.number}", change=stored.id)


async def restore(group: Group, by: str, happening: Happening) -> tuple[Happening, Undo]:
    """Have one occasion as the plan has it; the group reads one 【改】 line.

    Raises:
        Refused: it is as the plan has it, or the plan's time for it is over.
    """
    if not (happening.moved or happening.cancelled):
        raise Refused(f"{happening.title}（{day_label(happening.day)}）没有改过。", "看日程：/日程", symbol="ℹ️")
    stored = await _note(group, by, happening, "", restored=True)
    now = await _as_it_stands(group, happening.routine, happening.occasion.key)
    if now is None:
        raise Refused(f"{happening.title}原来的那天（{day_label(happening.occasion.day)}）没有课。", "看校历：/校历")
    if now.cancelled or now.is_over(group):
        raise Refused(
            f"{happening.title}原来的时间（{day_label(happening.occasion.day)}）已经过去了。", "看日程：/日程"
        )
    group.announce(f"【改】{now.title} 恢复原来的安排（{day_label(now.day)} {now.when}）。")
    return now, undo_with(drop_change, f"恢复 {happening.routine.number}", change=stored.id)


async def changed_next(group: Group, number: int) -> Happening:
    """The next occasion of routine ``number`` that was changed.

    Raises:
        BadArgument: no such number; Refused: none was.
    """
    routine = await routine_numbered(group, number)
    for happening in await coming(group, routine):
        if happening.moved or happening.cancelled:
            return happening
    if await ended_since(group, routine):
        raise Refused(f"{number} {routine.title}以后的都取消了。", f"照常安排：/计划 恢复 {number}", symbol="ℹ️")
    raise Refused(f"{number} {routine.title}接下来没有改过的。", "看改过几次：/日程 记录 " + str(number), symbol="ℹ️")


async def add(group: Group, by: str, entry: Entry, source: str = "") -> tuple[Routine, Undo]:
    """Put an entry into force at once.

    Raises:
        Refused: a date that is over or without school, the half of a day included.
    """
    if entry.kind is Kind.DATE and entry.date:
        must_be_possible(group, entry.date)
        must_be_held(group, entry)
    stored = await group.records.add(
        Routine(
            term=group.term.name,
            number=await group.next_number(),
            entry=entry,
            state=State.ACTIVE,
            subject=subject_of(entry),
            source=source,
            since=group.now,
            created=group.now,
            author=by,
        )
    )
    return stored, undo_with(stop_added, f"日程 {stored.number}", number=stored.number)


async def check_words(group: Group, place: str, reason: str) -> None:
    """Raises BadArgument when a place or a reason is too long; guard.PupilNamed."""
    for name, text, most in (("地点", place, LONGEST_PLACE), ("原因", reason, LONGEST_REASON)):
        if len(text) > most:
            raise BadArgument(f"{name}有 {len(text)} 字，最多 {most} 字。", "例：/日程 改 5 周四第8节 录播室")
    await guard.check_among(f"{place} {reason}", group.teachers)


def because(reason: str) -> str:
    """The reason as it follows a change."""
    return f"（{reason}）" if reason else ""


@inverse
async def drop_change(group: Group, who: str, change: int) -> str:
    """Inverse of moving, calling off and restoring: as it was before; the group reads that too."""
    await group.must_lead(who, "日程", "看日程：/日程")
    stored = await group.records.get(RoutineChange, change)
    routine = await group.records.get(Routine, stored.routine) if stored else None
    if stored is None or routine is None or stored.dropped:
        raise Refused("这次改动已经不在了。")
    same = await group.records.find(RoutineChange, routine=stored.routine, occasion=stored.occasion)
    if any(later.id > stored.id and later.dropped is None for later in same):
        raise Refused(f"{routine.title}这一次后来又改过，不撤销了。", f"看改过几次：/日程 记录 {routine.number}")
    await group.records.update(stored.model_copy(update={"dropped": group.now, "dropped_by": who}))
    now = await _as_it_stands(group, routine, stored.occasion)
    changed = now is not None and (now.moved or now.cancelled)
    what = "恢复上一次的改动" if changed else "恢复原来的安排"
    group.announce(f"【改】{routine.title} {what}（{_stands(now, routine)}）。")
    return f"已撤销：{routine.title}{what}。"


@inverse
async def stop_added(group: Group, who: str, number: int) -> str:
    """Inverse of adding."""
    await group.must_lead(who, "日程", "看日程：/日程")
    routine = await routine_numbered(group, number)
    routine.state = State.STOPPED
    await group.records.update(routine)
    return f"已撤销：{number} {routine.title}停用了。"


async def _note(group: Group, by: str, happening: Happening, reason: str, **what: object) -> RoutineChange:
    occasion = happening.occasion
    which = {"routine": happening.routine.id, "occasion": occasion.key, "origin": occasion.day}
    record = {"term": group.term.name, **which, "reason": reason, "created": group.now, "author": by, **what}
    return await group.records.add(RoutineChange.model_validate(record))


async def _as_it_stands(group: Group, routine: Routine, occasion: str) -> Happening | None:
    found = await happenings(group, group.term.preparation_day, group.term.last_day, [routine])
    return next((happening for happening in found if happening.occasion.key == occasion), None)


def _stands(now: Happening | None, routine: Routine) -> str:
    if now is None:
        return routine.rule
    return f"{day_label(now.day)} {now.when}{' 取消' if now.cancelled else ''}"

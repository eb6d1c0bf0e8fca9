"""Changing the calendar: one occasion moved or called off, an arrangement added; who did it and when is kept.

Every change is a record beside the plan; taking it back removes that record, and the group reads that too.
"""

from datetime import date, datetime

from bot.calendar.entries import Entry, Kind
from bot.calendar.names import day_label, period_label, weekday_name
from bot.domain.groups import Group
from bot.domain.happenings import Happening
from bot.domain.routine_history import edits
from bot.domain.routines import Routine, RoutineChange, State, routine_numbered, subject_of
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import Refused


async def move(
    group: Group, by: str, happening: Happening, *, day: date, periods: tuple[int, ...] = (), place: str = ""
) -> tuple[RoutineChange, Undo]:
    """Move one occasion to another day, lesson or place; the group reads one 【改】 line.

    Raises:
        Refused: the day is over, without school, or nothing would change.
    """
    _must_be_a_day_for_it(group, day)
    new_place = place or happening.place
    if (day, periods or happening.periods, new_place) == (happening.day, happening.periods, happening.place):
        raise Refused(f"{happening.title}本来就在{happening.when}。", symbol="ℹ️")
    change = RoutineChange(
        term=group.term.name,
        routine=happening.routine.id,
        occasion=happening.occasion.key,
        day=day,
        periods=periods or happening.periods,
        place=place,
        created=group.now,
        author=by,
    )
    stored = await group.records.add(change)
    where = f"地点：{place}" if place and place != happening.place else "地点不变"
    new = f"{weekday_name(day.isoweekday())}{period_label(stored.periods)}（{day_label(day)}）"
    old = f"{happening.when}（{day_label(happening.day)}）" if happening.precise else f"{happening.when} "
    group.announce(f"【改】{happening.title} {old}→ {new}，{where}。")
    return stored, undo_with(drop_change, f"改 {happening.routine.number}", change=stored.id)


async def cancel(group: Group, by: str, happening: Happening, reason: str = "") -> tuple[RoutineChange, Undo]:
    """Call one occasion off; the group reads one 【改】 line."""
    stored = await group.records.add(
        RoutineChange(
            term=group.term.name,
            routine=happening.routine.id,
            occasion=happening.occasion.key,
            cancelled=True,
            reason=reason,
            created=group.now,
            author=by,
        )
    )
    because = f"（{reason}）" if reason else ""
    group.announce(f"【改】{happening.title} {day_label(happening.day)} {happening.when} 取消{because}。")
    return stored, undo_with(drop_change, f"停 {happening.routine.number}", change=stored.id)


async def history(group: Group, routine: Routine) -> list[str]:
    """Who changed an arrangement, when and to what, oldest first."""
    rows = [f"{_stamp(routine.created)} {routine.author}{'从计划导入' if routine.source == '计划' else '加入'}"]
    changes = await group.records.find(RoutineChange, routine=routine.id)
    told = [(each.created, each.author, _what(each)) for each in changes]
    told += [(each.created, each.author, each.what) for each in await edits(group, routine)]
    told.sort(key=lambda each: each[0] or group.now)
    return [*rows, *(f"{_stamp(moment)} {who}{what}" for moment, who, what in told)]


def _what(change: RoutineChange) -> str:
    what = "取消" if change.cancelled else f"改到{day_label(change.day)}" if change.day else "改"
    return what + (f"（{change.reason}）" if change.reason else "")


def _stamp(moment: datetime | None) -> str:
    return f"{day_label(moment.date())} {moment:%H:%M}" if moment else ""


async def add(group: Group, by: str, entry: Entry, source: str = "") -> tuple[Routine, Undo]:
    """Put an entry into force at once.

    Raises:
        Refused: a date that is over or without school.
    """
    if entry.kind is Kind.DATE and entry.date:
        _must_be_a_day_for_it(group, entry.date)
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


def _must_be_a_day_for_it(group: Group, day: date) -> None:
    if day < group.today:
        raise Refused(f"{day_label(day)}已经过去了。", "例：/日程 改 5 周四第8节")
    if not group.calendar.is_school_day(day):
        note = group.calendar.day_note(day) or "不上课"
        raise Refused(f"{day_label(day)}（{weekday_name(day.isoweekday())}）{note}。", "换一个上课的日子。")


@inverse
async def drop_change(group: Group, who: str, change: int) -> str:
    """Inverse of moving or cancelling: as the plan has it; the group reads that too."""
    await group.must_lead(who, "日程", "看日程：/日程")
    stored = await group.records.get(RoutineChange, change)
    if stored is None:
        raise Refused("这次改动已经不在了。")
    routine = await group.records.get(Routine, stored.routine)
    await group.records.remove(stored)
    if routine is None:
        raise Refused("这条日程已经不在了。")
    group.announce(f"【改】{routine.title} 恢复原来的安排（{routine.rule}）。")
    return f"已撤销：{routine.title}恢复原来的安排。"


@inverse
async def stop_added(group: Group, who: str, number: int) -> str:
    """Inverse of adding."""
    await group.must_lead(who, "日程", "看日程：/日程")
    routine = await routine_numbered(group, number)
    routine.state = State.STOPPED
    await group.records.update(routine)
    return f"已撤销：{number} {routine.title}停用了。"

"""The arrangements that no other subject speaks for, in the digest and in the calendar (feature B6)."""

from datetime import date

from bot.calendar.names import day_label
from bot.domain import study_lessons
from bot.domain.dated import Dated
from bot.domain.groups import Group
from bot.domain.happenings import dated, happenings
from bot.domain.routine_history import RoutineEdit
from bot.domain.routine_rules import RoutineRule
from bot.domain.routines import Routine, RoutineChange, active, ever_active
from bot.domain.subjects import Figure, Period, Source, Subject


async def unspoken(group: Group) -> list[Routine]:
    """The routines in force that no other subject speaks for."""
    plain = [routine for routine in await active(group) if routine.is_plain]
    return [routine for routine in plain if not await study_lessons.speaks_for(group, routine)]


async def _agenda(group: Group, first: date, last: date, ended: bool) -> list[Dated]:
    return [dated(h) for h in await happenings(group, first, last, await unspoken(group), ended=ended)]


async def _digest(group: Group, period: Period) -> list[Figure]:
    plain = [routine for routine in await ever_active(group) if routine.is_plain]
    due = await happenings(group, period.first, period.last, plain)
    inside = [h for h in due if period.holds(h.day) and h.counts]
    done = [h for h in inside if h.is_over(group)]
    if not inside:
        return []
    moved = sum(h.moved for h in inside)
    off = sum(h.cancelled for h in inside)
    extra = "，".join(part for part in (f"改期 {moved} 项" if moved else "", f"取消 {off} 项" if off else "") if part)
    line = f"计划活动 {len(done)}/{len(inside)} 项{f'（{extra}）' if extra else ''}"
    sources = tuple(
        Source(
            "routines",
            h.routine.id,
            f"{h.title} {day_label(h.day)}（{h.state(group)}）",
            h.day if h.is_over(group) else None,
        )
        for h in inside
    )
    return [Figure("日程", line, (), sources, done=len(done), of=len(inside))]


SUBJECT = Subject(
    "日程",
    records=(Routine, RoutineChange, RoutineEdit, RoutineRule),
    digest=_digest,
    agenda=_agenda,
    order=15,
    speaks=True,
)

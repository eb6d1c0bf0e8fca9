"""Each time that something of the group's calendar falls due (feature B6): routines, school calendar and changes as
days, and how many of them took place.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from bot.calendar.names import day_label, period_label, weekday_name
from bot.calendar.recurrence import Occasion
from bot.domain import study_lessons
from bot.domain.dated import Dated
from bot.domain.groups import Group
from bot.domain.routine_rules import Planned, RoutineRule, planned, rules_of_term
from bot.domain.routines import Routine, RoutineChange, active, routine_numbered
from bot.domain.subjects import Figure, Period, Source, Subject
from bot.errors import BadArgument, Refused


@dataclass(frozen=True)
class Happening:
    """One time that a routine falls due, after the leader's changes.

    Attributes:
        cancelled: called off; ``ended`` = taken out of the calendar for good by a standing change.
        moved: this time alone was moved; ``shifted`` = a standing change moved it.
        changed: since when it is known as it stands; None = since the routine is in force.
        touched: when a change last meant it, one taken back included; ``revision`` counts those.
    """

    routine: Routine
    occasion: Occasion
    day: date
    last: date
    precise: bool
    periods: tuple[int, ...]
    start: time | None
    end: time | None
    place: str
    cancelled: bool = False
    ended: bool = False
    moved: bool = False
    shifted: bool = False
    changed: datetime | None = None
    touched: datetime | None = None
    revision: int = 0

    @property
    def key(self) -> str:
        """Stable name of this occasion within the group and term; moved, it is another: the new day is said too."""
        moved = f">{self.day}" if self.moved or self.shifted else ""
        return f"{self.routine.number}:{self.occasion.key}{moved}"

    @property
    def title(self) -> str:
        """What is done: the subject's own name, or the words of the plan."""
        return self.routine.title

    @property
    def when(self) -> str:
        """ "周三第8-9节" for a day, "本周"-like spans as "9月7日–9月11日"."""
        if self.precise:
            clock = f"{self.start:%H:%M}" if self.start else ""
            return f"{weekday_name(self.day.isoweekday())}{period_label(self.periods) or clock}"
        return day_label(self.day) if self.day == self.last else f"{day_label(self.day)}–{day_label(self.last)}"

    def ends(self, group: Group) -> datetime:
        """When it is over: the end of its lessons, or of its last day."""
        return datetime.combine(self.last, self.end or time(23, 59), group.now.tzinfo)

    def begins(self, group: Group) -> datetime | None:
        """When it begins; None when nobody knows the hour."""
        return datetime.combine(self.day, self.start, group.now.tzinfo) if self.start else None

    def has_begun(self, group: Group) -> bool:
        """Whether it is on, or over; without an hour it begins with its day."""
        return (
            not self.cancelled
            and (self.begins(group) or datetime.combine(self.day, time(), group.now.tzinfo)) <= group.now
        )

    @property
    def since(self) -> datetime | None:
        """Since when it is known as it stands: since it was moved, or since the routine is in force."""
        return self.changed or self.routine.since

    @property
    def counts(self) -> bool:
        """Whether it belongs in a digest: what lay before the routine was in force is nobody's debt."""
        since = self.routine.since
        return since is None or self.last >= since.date()

    def is_over(self, group: Group) -> bool:
        """Whether it has taken place."""
        return not self.cancelled and self.ends(group) <= group.now

    def state(self, group: Group) -> str:
        """How it stands, in a word."""
        return "取消" if self.cancelled else "已开" if self.is_over(group) else "还没到"


async def happenings(
    group: Group, first: date, last: date, routines: Sequence[Routine] | None = None, *, ended: bool = False
) -> list[Happening]:
    """What falls due between two days, cancelled ones included, by day.

    Args:
        routines: look at these alone; None = all active ones.
        ended: also what a standing change took out of the calendar.
    """
    changes: dict[tuple[int, str], list[RoutineChange]] = defaultdict(list)
    for change in await group.records.find(RoutineChange, term=group.term.name):
        changes[change.routine, change.occasion].append(change)
    rules = await rules_of_term(group)
    found = [
        _happening(group, routine, one, changes.get((routine.id, one.occasion.key), ()))
        for routine in (await active(group) if routines is None else routines)
        for one in planned(group, routine, rules.get(routine.id, ()))
        if (ended or not one.ended) and _may_touch(one.occasion, first, last, (routine.id, one.occasion.key) in changes)
    ]
    inside = [h for h in found if h.day <= last and h.last >= first]
    return sorted(inside, key=lambda h: (h.day, h.start or time(23, 59), h.routine.number))


async def next_happening(group: Group, number: int) -> Happening:
    """The next time routine ``number`` falls due (today included).

    Raises:
        BadArgument: no such number; Refused: it does not fall due any more.
    """
    routine = await routine_numbered(group, number)
    for happening in await coming(group, routine):
        if not happening.cancelled:
            return happening
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


async def unspoken(group: Group) -> list[Routine]:
    """The routines in force that no other subject speaks for."""
    plain = [routine for routine in await active(group) if routine.is_plain]
    return [routine for routine in plain if not await study_lessons.speaks_for(group, routine)]


def dated(
    happening: Happening, title: str = "", parts: Mapping[str, str] | None = None, notes: tuple[str, ...] = ()
) -> Dated:
    """A happening as the calendar has it, for the subject that speaks for it."""
    return Dated(
        key=f"r{happening.routine.id}-{happening.occasion.key}",
        title=title or happening.title,
        day=happening.day,
        last=happening.last,
        number=happening.routine.number,
        periods=happening.periods,
        start=happening.start if happening.precise else None,
        end=happening.end if happening.precise else None,
        place=happening.place,
        parts=parts or {},
        notes=notes,
        cancelled=happening.cancelled,
        moved=happening.moved,
        changed=happening.touched or happening.routine.created,
        revision=happening.revision,
    )


def _may_touch(occasion: Occasion, first: date, last: date, changed: bool) -> bool:
    return changed or (occasion.day <= last and occasion.last >= first)


def _happening(group: Group, routine: Routine, one: Planned, changes: Sequence[RoutineChange]) -> Happening:
    occasion, entry = one.occasion, one.entry
    moments = [moment for change in changes for moment in (change.created, change.dropped) if moment]
    lessons = group.calendar.lessons_meant(occasion.day, tuple(entry.periods or ()), entry.half)
    as_planned = Happening(
        routine,
        occasion,
        occasion.day,
        occasion.day if occasion.precise else occasion.last,
        occasion.precise,
        tuple(lessons) if occasion.precise else (),
        occasion.start,
        occasion.end,
        entry.place or "",
        cancelled=one.ended,
        ended=one.ended,
        shifted=one.shifted,
        changed=one.changed,
        touched=max([*moments, *([one.touched] if one.touched else [])], default=None),
        revision=one.revision + sum(1 + (change.dropped is not None) for change in changes),
    )
    live = [change for change in changes if change.dropped is None]
    return as_planned if one.ended or not live else _changed(group, as_planned, live[-1])


def _changed(group: Group, happening: Happening, change: RoutineChange) -> Happening:
    if change.restored:
        return happening
    if change.cancelled or change.day is None:
        return replace(happening, cancelled=True)
    times = group.calendar.lessons_span(change.day, change.periods) if change.periods else (change.start, change.end)
    start, end = times or (None, None)
    if not change.periods and change.start is None:  # of a version that kept no hour
        start, end = happening.start, happening.end
    return replace(
        happening,
        day=change.day,
        last=change.day,
        precise=True,
        periods=change.periods,
        moved=True,
        changed=change.created,
        start=start,
        end=end,
        place=change.place or happening.place,
    )


async def _agenda(group: Group, first: date, last: date, ended: bool) -> list[Dated]:
    return [dated(h) for h in await happenings(group, first, last, await unspoken(group), ended=ended)]


async def _digest(group: Group, period: Period) -> list[Figure]:
    plain = [routine for routine in await active(group) if routine.is_plain]
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
        Source("routines", h.routine.id, f"{h.title} {day_label(h.day)}（{h.state(group)}）") for h in inside
    )
    return [Figure("日程", line, (), sources)]


SUBJECT = Subject(
    "日程", records=(Routine, RoutineChange, RoutineRule), digest=_digest, agenda=_agenda, order=15, speaks=True
)

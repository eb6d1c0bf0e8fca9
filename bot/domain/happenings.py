"""Each time that something of the group's calendar falls due (feature B6): routines, school calendar and changes as
days, and how many of them took place.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from bot.calendar.entries import Entry
from bot.calendar.names import day_label, period_label, weekday_name
from bot.calendar.recurrence import Occasion, dates
from bot.domain.groups import Group
from bot.domain.routine_history import RoutineEdit
from bot.domain.routines import Routine, RoutineChange, active, ever_active, routine_numbered
from bot.domain.subjects import Figure, Period, Source, Subject
from bot.errors import Refused


@dataclass(frozen=True)
class Happening:
    """One time that a routine falls due, after the leader's changes."""

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
    moved: bool = False
    changed: datetime | None = None

    @property
    def key(self) -> str:
        """Stable name of this occasion within the group and term; moved, it is another: the new day is said too."""
        moved = f">{self.day}" if self.moved else ""
        return f"{self.routine.number}:{self.occasion.key}{moved}"

    @property
    def title(self) -> str:
        """What is done: the subject's own name, or the words of the plan."""
        return self.routine.title

    @property
    def when(self) -> str:
        """ "周三第8-9节" for a day, "本周"-like spans as "9月7日–9月11日"."""
        if self.precise:
            clock = self.routine.entry.time or ""
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
        """Since when it is known as it stands: since it was moved, or since its rule is in force."""
        return self.changed or self.routine.amended or self.routine.since

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


async def happenings(group: Group, first: date, last: date, routines: list[Routine] | None = None) -> list[Happening]:
    """What falls due between two days, cancelled ones included, by day.

    Args:
        routines: look at these alone; None = all active ones.
    """
    changes: dict[tuple[int, str], RoutineChange] = {}
    for change in await group.records.find(RoutineChange, term=group.term.name):
        changes[change.routine, change.occasion] = change
    found = [
        happening
        for routine in (await active(group) if routines is None else routines)
        for happening in _of_routine(group, routine, changes, first, last)
    ]
    return sorted(found, key=lambda h: (h.day, h.start or time(23, 59), h.routine.number))


async def next_happening(group: Group, number: int) -> Happening:
    """The next time routine ``number`` falls due (today included).

    Raises:
        BadArgument: no such number; Refused: it does not fall due any more.
    """
    routine = await routine_numbered(group, number)
    coming = await happenings(group, group.today, group.term.last_day, [routine])
    for happening in coming:
        if not happening.cancelled and happening.ends(group) > group.now:
            return happening
    raise Refused(f"{number} {routine.title}这学期没有下一次了。", "看日程：/日程")


def _of_routine(
    group: Group, routine: Routine, changes: dict[tuple[int, str], RoutineChange], first: date, last: date
) -> list[Happening]:
    found = []
    for version, after, until in routine.versions():
        for occasion in dates(version.entry, group.term, group.calendar):
            change = changes.get((version.id, occasion.key))
            if change is None and (occasion.day > last or occasion.last < first):
                continue
            happening = _happening(group, version, occasion)
            happening = _changed(group, happening, change) if change else happening
            if _within(happening.ends(group), after, until):
                found.append(happening)
    return [happening for happening in found if happening.day <= last and happening.last >= first]


def _within(end: datetime, after: datetime | None, until: datetime | None) -> bool:
    return (after is None or end > after) and (until is None or end <= until)


def _happening(group: Group, routine: Routine, occasion: Occasion) -> Happening:
    entry = routine.entry
    periods = _lessons(group, entry, occasion)
    return Happening(
        routine,
        occasion,
        occasion.day,
        occasion.day if occasion.precise else occasion.last,
        occasion.precise,
        periods,
        occasion.start,
        occasion.end,
        entry.place or "",
    )


def _lessons(group: Group, entry: Entry, occasion: Occasion) -> tuple[int, ...]:
    if not occasion.precise:
        return ()
    return tuple(group.calendar.lessons_meant(occasion.day, tuple(entry.periods or ()), entry.half))


def _changed(group: Group, happening: Happening, change: RoutineChange) -> Happening:
    if change.cancelled or change.day is None:
        return replace(happening, cancelled=True)
    times = group.calendar.lessons_span(change.day, change.periods) if change.periods else None
    return replace(
        happening,
        day=change.day,
        last=change.day,
        precise=True,
        periods=change.periods,
        moved=True,
        changed=change.created,
        start=times[0] if times else happening.start,
        end=times[1] if times else happening.end,
        place=change.place or happening.place,
    )


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
        Source("routines", h.routine.id, f"{h.title} {day_label(h.day)}（{h.state(group)}）") for h in inside
    )
    return [Figure("日程", line, (), sources)]


SUBJECT = Subject("日程", records=(Routine, RoutineChange, RoutineEdit), digest=_digest, order=15, speaks=True)

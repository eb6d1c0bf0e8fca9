"""Each time that something of the group's calendar falls due (feature B6): routines, school calendar and changes as
days.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import NamedTuple

from bot.calendar.names import day_label, period_label, weekday_name
from bot.calendar.recurrence import Occasion
from bot.domain.dated import Dated
from bot.domain.groups import Group
from bot.domain.routine_drift import held_to, last_of
from bot.domain.routine_rules import Planned, RoutineRule, planned, rules_of_term
from bot.domain.routines import Routine, RoutineChange, active


@dataclass(frozen=True)
class Happening:
    """One time that a routine falls due, after the leader's changes.

    Attributes:
        cancelled: called off; ``ended`` = taken out of the calendar for good by a standing change.
        moved: this time alone was moved; ``shifted`` = a standing change moved it.
        changed: since when it is known as it stands; None = since the routine is in force.
        touched: when a change last meant it, one taken back included; ``revision`` rises with each of them, and with
            each of its routine.
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


async def happenings(
    group: Group, first: date, last: date, routines: Sequence[Routine] | None = None, *, ended: bool = False
) -> list[Happening]:
    """What falls due between two days, cancelled ones included, by day.

    Args:
        routines: look at these alone; None = all active ones.
        ended: also what a standing change took out of the calendar.
    """
    changes: dict[int, dict[str, list[RoutineChange]]] = defaultdict(lambda: defaultdict(list))
    for change in await group.records.find(RoutineChange, term=group.term.name):
        changes[change.routine][change.occasion].append(change)
    kept = _Kept(changes, await rules_of_term(group))
    found = [
        happening
        for routine in (await active(group) if routines is None else routines)
        for happening in _of_routine(group, routine, kept, first, last)
        if (ended or not happening.ended) and happening.day <= last and happening.last >= first
    ]
    return sorted(found, key=lambda h: (h.day, h.start or time(23, 59), h.routine.number))


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
        silent=happening.routine.silent,
    )


class _Kept(NamedTuple):
    """What was changed in the term: one occasion by routine and key, all that come by routine and version."""

    changes: Mapping[int, Mapping[str, Sequence[RoutineChange]]]
    rules: Mapping[tuple[int, int], Sequence[RoutineRule]]


def _of_routine(group: Group, routine: Routine, kept: _Kept, first: date, last: date) -> Iterator[Happening]:
    """The occasions under each rule that the plan had for it, as long as that was in force."""
    for number, (version, after, until) in enumerate(routine.versions()):
        changes, rules = kept.changes.get(version.id, {}), kept.rules.get((version.id, number), ())
        for one in held_to(planned(group, version, rules), changes, version.entry, rules, after):
            own = changes.get(one.occasion.key, ())
            if not own and (one.occasion.day > last or one.occasion.last < first):
                continue
            happening = _happening(group, version, one, own, after)
            if _within(happening.ends(group), after, until):
                yield happening


def _within(end: datetime, after: datetime | None, until: datetime | None) -> bool:
    return (after is None or end > after) and (until is None or end <= until)


def _happening(
    group: Group, routine: Routine, one: Planned, changes: Sequence[RoutineChange], after: datetime | None
) -> Happening:
    occasion, entry = one.occasion, one.entry
    made = [moment for change in changes for moment in (change.created, change.dropped)]
    moments = [moment for moment in (*made, one.touched, after) if moment]
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
        touched=max(moments, default=None),
        revision=routine.revision - 1 + sum(1 + (change.dropped is not None) for change in changes),
    )
    change = last_of(changes)
    stays = change is not None and (not one.ended or (one.lapsed and change.moves))
    return _changed(group, as_planned, change) if change and stays else as_planned


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
        cancelled=False,
        ended=False,
        moved=True,
        changed=change.created,
        start=start,
        end=end,
        place=change.place or happening.place,
    )

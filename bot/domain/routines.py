"""The group's calendar (feature B6): routines that come from a plan or the leader, and each time they fall due.

A routine keeps the plan's entry; ``happenings`` turns routines, the school calendar and the leader's changes into days.
A change is a record of its own: who, when, why, and nothing is overwritten.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import ClassVar

from bot.calendar.entries import Entry, Kind
from bot.calendar.names import day_label, period_label, weekday_name
from bot.calendar.recurrence import Occasion, dates
from bot.calendar.wording import rule_of
from bot.domain.groups import Group, Numbered
from bot.domain.subjects import Figure, Period, Source, Subject, find_item
from bot.errors import BadArgument, Refused
from bot.storage import Record

PREPARATION = "集体备课"
MEETING = "例会"
_NOT_OURS = re.compile("(?:学校|全校|校级|年级|教研组|教职工|全体教师|班主任|行政|备?课?组长)(?:教师|教工|工作)?例会")
STANDING = (Kind.ALL_TERM, Kind.IRREGULAR)


class State(StrEnum):
    """Where a routine stands between the plan document and the group."""

    DRAFT = "未启用"
    ASKING = "待回答"
    ACTIVE = "已启用"
    STOPPED = "已停用"


class Routine(Numbered):
    """An entry of the plan that this group keeps.

    ``question_number`` is set while the leader has to answer something; ``subject`` names the domain subject that
    speaks for it (集体备课), else it is a plain event.
    """

    TABLE: ClassVar[str] = "routines"
    INDEXES: ClassVar = ("term",)

    entry: Entry
    state: State
    subject: str | None = None
    question_number: int | None = None
    source: str = ""
    since: datetime | None = None
    answered_by: str = ""

    @property
    def title(self) -> str:
        """What is done: the subject's own name, or the words of the plan."""
        return self.subject or self.entry.activity

    @property
    def is_meeting(self) -> bool:
        """Whether it is this group's regular meeting, which bot/domain/meetings.py speaks for; 年级例会 is not."""
        words = self.entry.activity
        return self.subject is None and MEETING in words and not _NOT_OURS.search(words)

    @property
    def is_plain(self) -> bool:
        """Whether no subject speaks for it."""
        return self.subject is None and not self.is_meeting

    @property
    def rule(self) -> str:
        """When it happens, in words: "每周三第8-9节", "双周", "每月第一周" …"""
        return rule_of(self.entry)


class RoutineChange(Record):
    """One change of one occasion: moved to ``day``, or cancelled."""

    TABLE: ClassVar[str] = "routine_changes"
    INDEXES: ClassVar = ("routine", "term")

    term: str
    routine: int
    occasion: str
    cancelled: bool = False
    day: date | None = None
    periods: tuple[int, ...] = ()
    place: str = ""
    reason: str = ""


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


async def active(group: Group) -> list[Routine]:
    """The routines in force this term, by number."""
    return [routine for routine in await all_routines(group) if routine.state is State.ACTIVE]


async def all_routines(group: Group) -> list[Routine]:
    """Every routine of this term, drafts and stopped ones too, by number."""
    return sorted(await group.records.find(Routine, term=group.term.name), key=lambda routine: routine.number)


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


async def routine_numbered(group: Group, number: int) -> Routine:
    """The routine with this number.

    Raises:
        BadArgument: there is none.
    """
    found = await find_item(group, number)
    if found is None or not isinstance(found[1], Routine):
        raise BadArgument(f"日程里没有编号 {number}。", "看编号：/日程")
    return found[1]


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


def subject_of(entry: Entry) -> str | None:
    """The subject of the domain that speaks for an entry; None = a plain event.

    A weekly (or fortnightly) 集体备课 is the preparation session; a meeting that merely mentions it is not.
    """
    repeats = entry.kind in (Kind.WEEKLY, Kind.BIWEEKLY)
    return PREPARATION if repeats and ("集体备课" in entry.activity or "集备" in entry.activity) else None


def _of_routine(
    group: Group, routine: Routine, changes: dict[tuple[int, str], RoutineChange], first: date, last: date
) -> list[Happening]:
    found = []
    for occasion in dates(routine.entry, group.term, group.calendar):
        change = changes.get((routine.id, occasion.key))
        if change is None and (occasion.day > last or occasion.last < first):
            continue
        happening = _happening(group, routine, occasion)
        found.append(_changed(group, happening, change) if change else happening)
    return [happening for happening in found if happening.day <= last and happening.last >= first]


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


SUBJECT = Subject("日程", records=(Routine, RoutineChange), digest=_digest, order=15, speaks=True)

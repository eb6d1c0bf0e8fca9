"""The group's calendar (feature B6): routines that come from a plan or the leader, and each time they fall due.

A routine keeps the plan's entry; ``happenings`` turns routines, the school calendar and the leader's changes into days.
A change is a record of its own: who, when, why, and nothing is overwritten.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import ClassVar

from bot.calendar.entries import Entry, Kind
from bot.calendar.names import day_label, period_label, weekday_name
from bot.calendar.recurrence import Occasion, dates
from bot.domain.groups import Group, Numbered
from bot.domain.subjects import Figure, Period, Source, Subject, find_item
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, Refused
from bot.storage import Record

PREPARATION = "集体备课"
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

    @property
    def rule(self) -> str:
        """When it happens, in words: "每周三第8-9节", "双周", "每月第一周" …"""
        return rule_of(self.entry)


class RoutineChange(Record):
    """One change of one occasion: moved or cancelled. ``day_from`` and ``day_to`` keep what it was and what it became."""

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

    @property
    def key(self) -> str:
        """Stable name of this occasion within the group and term."""
        return f"{self.routine.number}:{self.occasion.key}"

    @property
    def title(self) -> str:
        """What is done."""
        return self.routine.entry.activity

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
        for happening in _of_routine(group, routine, changes)
        if happening.day <= last and happening.last >= first
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
    raise Refused(f"{number} {routine.entry.activity}这学期没有下一次了。", "看日程：/日程")


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
    group.announce(f"【改】{happening.title} {happening.when}（{day_label(happening.day)}）→ {new}，{where}。")
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
    for change in await group.records.find(RoutineChange, routine=routine.id):
        what = "取消" if change.cancelled else f"改到{day_label(change.day)}" if change.day else "改"
        because = f"（{change.reason}）" if change.reason else ""
        rows.append(f"{_stamp(change.created)} {change.author}{what}{because}")
    return rows


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


def subject_of(entry: Entry) -> str | None:
    """The subject of the domain that speaks for an entry; None = a plain event.

    A weekly (or fortnightly) 集体备课 is the preparation session; a meeting that merely mentions it is not.
    """
    repeats = entry.kind in (Kind.WEEKLY, Kind.BIWEEKLY)
    return PREPARATION if repeats and ("集体备课" in entry.activity or "集备" in entry.activity) else None


def rule_of(entry: Entry) -> str:
    """When an entry happens, in words."""
    head = _RULE_WORDS.get(entry.kind, "")
    if entry.kind is Kind.BIWEEKLY and entry.parity:
        head = "单周" if entry.parity == "odd" else "双周"
    days = [entry.weekday] if isinstance(entry.weekday, int) else entry.weekday or []
    names = "、".join(weekday_name(day) for day in days)
    if entry.kind is Kind.WEEKLY and names:
        head = "每"
    if entry.kind is Kind.MONTHLY_WEEK:
        head += _week_of_month(entry)
    if entry.kind in (Kind.DATE, Kind.WEEK_NUMBER, Kind.MONTH):
        head = _dated(entry)
    periods = period_label(tuple(entry.periods or ()))
    return f"{head}{names}{entry.half or '' if not periods else ''}{periods or entry.time or ''}" or "时间待定"


_RULE_WORDS = {
    Kind.WEEKLY: "每周",
    Kind.BIWEEKLY: "每两周",
    Kind.MONTHLY: "每月",
    Kind.MONTHLY_WEEK: "每月",
    Kind.TERM_START: "学期初",
    Kind.TERM_MID: "学期中",
    Kind.TERM_END: "学期末",
    Kind.ALL_TERM: "贯穿学期",
    Kind.IRREGULAR: "不定期",
}


def _week_of_month(entry: Entry) -> str:
    weeks = [entry.week_of_month] if isinstance(entry.week_of_month, int) else entry.week_of_month or []
    words = [
        f"第{'一二三四五'[week - 1]}周" if week > 0 else ("最后一周" if week == -1 else "倒数第二周") for week in weeks
    ]
    return "、".join(words)


def _dated(entry: Entry) -> str:
    if entry.kind is Kind.MONTH:
        return "、".join(f"{month}月" for month in entry.months or [])
    if entry.weeks:
        first, last = entry.weeks[0], entry.weeks[-1]
        return f"第{first}周" if first == last else f"第{first}–{last}周"
    return day_label(entry.date) if entry.date else ""


def _must_be_a_day_for_it(group: Group, day: date) -> None:
    if day < group.today:
        raise Refused(f"{day_label(day)}已经过去了。", "例：/日程 改 5 周四第8节")
    if not group.calendar.is_school_day(day):
        note = group.calendar.day_note(day) or "不上课"
        raise Refused(f"{day_label(day)}（{weekday_name(day.isoweekday())}）{note}。", "换一个上课的日子。")


def _of_routine(group: Group, routine: Routine, changes: dict[tuple[int, str], RoutineChange]) -> list[Happening]:
    found = []
    for occasion in dates(routine.entry, group.term, group.calendar):
        happening = _happening(group, routine, occasion)
        change = changes.get((routine.id, occasion.key))
        found.append(_changed(group, happening, change) if change else happening)
    return found


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
        start=times[0] if times else happening.start,
        end=times[1] if times else happening.end,
        place=change.place or happening.place,
    )


@inverse
async def drop_change(group: Group, who: str, change: int) -> str:
    """Inverse of moving or cancelling: as the plan has it; the group reads that too."""
    stored = await group.records.get(RoutineChange, change)
    if stored is None:
        raise Refused("这次改动已经不在了。")
    routine = await group.records.get(Routine, stored.routine)
    await group.records.remove(stored)
    if routine is None:
        raise Refused("这条日程已经不在了。")
    group.announce(f"【改】{routine.entry.activity} 恢复原来的安排（{routine.rule}）。")
    return f"已撤销：{routine.entry.activity}恢复原来的安排。"


@inverse
async def stop_added(group: Group, who: str, number: int) -> str:
    """Inverse of adding."""
    routine = await routine_numbered(group, number)
    routine.state = State.STOPPED
    await group.records.update(routine)
    return f"已撤销：{number} {routine.entry.activity}停用了。"


def _counts(happening: Happening) -> bool:
    """What lay before the routine was in force is nobody's debt."""
    since = happening.routine.since
    return since is None or happening.last >= since.date()


async def _digest(group: Group, period: Period) -> list[Figure]:
    plain = [routine for routine in await active(group) if routine.subject is None]
    due = await happenings(group, period.first, period.last, plain)
    inside = [h for h in due if period.holds(h.day) and _counts(h)]
    done = [h for h in inside if not h.cancelled and h.ends(group) <= group.now]
    if not inside:
        return []
    moved = sum(h.moved for h in inside)
    off = sum(h.cancelled for h in inside)
    extra = "，".join(part for part in (f"改期 {moved} 项" if moved else "", f"取消 {off} 项" if off else "") if part)
    line = f"计划活动 {len(done)}/{len(inside)} 项{f'（{extra}）' if extra else ''}"
    sources = tuple(
        Source("routines", h.routine.id, f"{h.routine.number} {h.title} {day_label(h.day)}") for h in inside
    )
    return [Figure("日程", line, (), sources)]


SUBJECT = Subject("日程", records=(Routine, RoutineChange), digest=_digest, order=15)

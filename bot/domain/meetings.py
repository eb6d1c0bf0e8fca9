"""The group's regular meeting (feature B1): which one is meant, what it talks about, who was there, what was decided.

The calendar alone says when it is: a routine of the plan whose words name an 例会, or one that the leader called. The
record keeps what the calendar cannot know, and becomes one when somebody first adds to it. How it changes stands in
bot/domain/meeting_changes.py.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import ClassVar, NamedTuple

from bot.calendar.names import day_label, period_label, weekday_name
from bot.domain import quiet, tasks
from bot.domain.dated import Dated
from bot.domain.groups import Group
from bot.domain.happenings import Happening, dated, happenings
from bot.domain.people import Member
from bot.domain.routines import MEETING, active, ever_active
from bot.domain.subjects import Deed, Figure, Mine, Period, Source, Subject
from bot.domain.tasks import Task
from bot.storage import Record

LOOK_BACK = timedelta(days=14)
"""How long after a meeting its minutes, absences and decisions are still entered."""


class Meeting(Record):
    """One meeting.

    Attributes:
        occasion: the routine's number and the occasion's key; a meeting that is moved stays the same one.
        title: what the calendar calls it.
        day: when it is held; ``last`` differs when the plan knows only its week.
        fixed: the day is certain. ``opened`` = the leader held it without the calendar knowing the day.
        agenda: items added by hand, in order, with who added them.
        minutes: line by line.
        present: who was there, since when; ``absent`` who was not, and why.
    """

    TABLE: ClassVar[str] = "meetings"
    INDEXES: ClassVar = ("term",)
    UNIQUE: ClassVar = (("term", "occasion"),)

    term: str
    occasion: str
    title: str
    day: date
    last: date
    periods: tuple[int, ...] = ()
    place: str = ""
    fixed: bool = True
    opened: bool = False
    agenda: tuple[str, ...] = ()
    minutes: tuple[str, ...] = ()
    present: dict[str, datetime] = {}  # noqa: RUF012 - pydantic copies it for each record
    absent: dict[str, str] = {}  # noqa: RUF012 - the same

    @property
    def when(self) -> str:
        """ "10月8日 周四第8节 语文办公室", or "10月8日–10月11日" while the day is open."""
        if not self.fixed:
            return f"{day_label(self.day)}–{day_label(self.last)}"
        place = f" {self.place}" if self.place else ""
        return f"{day_label(self.day)} {weekday_name(self.day.isoweekday())}{period_label(self.periods)}{place}"

    @property
    def name(self) -> str:
        """ "10月8日的例会"."""
        return f"{day_label(self.day) if self.fixed else self.when}的{MEETING}"

    @property
    def origin(self) -> str:
        """What the tasks that come out of it are marked with."""
        return f"{MEETING} {self.occasion}"

    @property
    def was_held(self) -> bool:
        """Whether somebody signed in or wrote minutes."""
        return bool(self.present or self.minutes)


class Sitting(NamedTuple):
    """A meeting with its time in the calendar; ``over`` = it has taken place, as far as the calendar knows."""

    meeting: Meeting
    happening: Happening
    over: bool


async def sittings(group: Group, first: date, last: date) -> list[Sitting]:
    """The meetings between two days that are not called off, by day; two entries of the plan for one are one."""
    found = [routine for routine in await active(group) if routine.is_meeting]
    if not found:
        return []
    kept = {meeting.occasion: meeting for meeting in await of_term(group)}
    live = [h for h in await happenings(group, first, last, found) if not h.cancelled]
    return [_sitting(group, h, kept) for h in _merged(live)]


async def of_term(group: Group) -> list[Meeting]:
    """The meetings of this term that somebody added to, by day."""
    return sorted(await group.records.find(Meeting, term=group.term.name), key=lambda meeting: meeting.day)


async def coming(group: Group) -> Meeting | None:
    """The next meeting, or the one that is on."""
    found = await sittings(group, group.today, group.term.last_day)
    return next((sitting.meeting for sitting in found if not sitting.over), None)


async def latest(group: Group) -> Meeting | None:
    """The last meeting whose day has come, today's included; None when that is long ago."""
    found = await sittings(group, group.today - LOOK_BACK, group.today)
    begun = [sitting.meeting for sitting in found if sitting.meeting.day <= group.today]
    return max(begun, key=lambda meeting: meeting.day, default=None)


async def at_hand(group: Group) -> Meeting | None:
    """The meeting people mean without saying which: today's, else the next, else the last."""
    last = await latest(group)
    return last if last and last.fixed and last.day == group.today else await coming(group) or last


async def attendance(group: Group, meeting: Meeting) -> tuple[int, int]:
    """How many were there, of how many: those on leave that day are not expected, who has left since still counts."""
    expected = {*await quiet.there(group, [meeting.day]), *meeting.present, *meeting.absent}
    return len(meeting.present), len(expected)


async def decisions(group: Group, meeting: Meeting) -> list[Task]:
    """What was decided there."""
    found = await group.records.find(Task, term=group.term.name, origin=meeting.origin)
    return [task for task in found if not task.dropped]


async def open_decisions(group: Group) -> list[Task]:
    """What was decided in any meeting of this term and is not finished."""
    return [task for task in await tasks.waiting(group) if task.origin.startswith(MEETING)]


def occasion_of(happening: Happening) -> str:
    """What a meeting is known by; the day it was moved to is no part of it."""
    return f"{happening.routine.number}:{happening.occasion.key}"


def _sitting(group: Group, happening: Happening, kept: dict[str, Meeting]) -> Sitting:
    occasion = occasion_of(happening)
    record = kept.get(occasion)
    if record and record.opened and not happening.precise:
        return Sitting(record, happening, record.day < group.today)
    known = record or Meeting(
        term=group.term.name, occasion=occasion, title=happening.title, day=happening.day, last=happening.last
    )
    current = known.model_copy(
        update={
            "title": happening.title,
            "day": happening.day,
            "last": happening.last,
            "periods": happening.periods,
            "place": happening.place,
            "fixed": happening.precise,
        }
    )
    return Sitting(current, happening, happening.is_over(group))


def _merged(found: Sequence[Happening]) -> list[Happening]:
    """Without those that another entry of the plan names already: the same day, or a week in which a day is known."""
    kept: list[Happening] = []
    for one in sorted(found, key=lambda h: (h.cancelled, not h.precise)):
        if not any(_is_same(one, other) for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda h: h.day)


def _is_same(one: Happening, other: Happening) -> bool:
    if one.precise:
        return one.day == other.day and one.periods == other.periods
    return one.routine.id != other.routine.id and one.day <= other.last and other.day <= one.last


async def _digest(group: Group, period: Period) -> list[Figure]:
    """Held of planned, who came to those with a list, what was decided and is still open."""
    routines = [routine for routine in await ever_active(group) if routine.is_meeting]
    due = [h for h in await happenings(group, period.first, period.last, routines) if h.counts] if routines else []
    planned = {occasion_of(h) for h in _merged(due) if period.holds(h.day)}
    over = {s.meeting.occasion: s.meeting for s in await sittings(group, period.first, period.last) if s.over}
    held = {occasion: over[occasion] for occasion in planned if occasion in over}
    held |= {m.occasion: m for m in await of_term(group) if m.was_held and period.holds(m.day)}
    if not planned and not held:
        return []
    shown = sorted(held.values(), key=lambda meeting: meeting.day)
    counts = [await attendance(group, meeting) for meeting in shown if meeting.present]
    there = f"，到会 {sum(n for n, _ in counts)}/{sum(of for _, of in counts)} 人次" if counts else ""
    made = [task for meeting in shown for task in await decisions(group, meeting)]
    left = sum(bool(task.open_owners) for task in made)
    decided = f"，决定 {len(made)} 项{f'（没做完 {left}）' if left else ''}" if made else ""
    line = f"例会 {len(held)}/{len(planned | set(held))} 次{there}{decided}"
    sources = tuple(Source(Meeting.TABLE, m.id, _trace(m), m.day) for m in shown)
    return [Figure(MEETING, line, (), sources, done=len(held), of=len(planned | set(held)))]


def _trace(meeting: Meeting) -> str:
    return f"{meeting.when} 到会 {len(meeting.present)}，纪要 {len(meeting.minutes)} 条"


async def _agenda(group: Group, first: date, last: date, ended: bool) -> list[Dated]:
    """The meetings; one that the leader held without the calendar knowing the day stands on that day."""
    routines = [routine for routine in await active(group) if routine.is_meeting]
    due = await happenings(group, first, last, routines, ended=ended) if routines else []
    kept = {meeting.occasion: meeting for meeting in await of_term(group)}
    items = []
    for happening in _merged(due):
        item, meeting = dated(happening), kept.get(occasion_of(happening))
        opened = meeting is not None and meeting.opened and not happening.precise
        items.append(replace(item, day=meeting.day, last=meeting.day) if meeting and opened else item)
    return items


async def _mine(group: Group, member: Member) -> Mine:
    there = sum(member.name in meeting.present for meeting in await of_term(group))
    return Mine((f"参加例会 {there} 次",) if there else ())


async def _deeds(group: Group, member: Member) -> list[Deed]:
    there = [meeting for meeting in await of_term(group) if member.name in meeting.present]
    return [Deed(meeting.day, meeting.title, meeting.place) for meeting in there]


SUBJECT = Subject(
    MEETING,
    records=(Meeting,),
    digest=_digest,
    mine=_mine,
    agenda=_agenda,
    order=20,
    speaks=True,
    deeds=_deeds,
    amounts=(MEETING,),
)

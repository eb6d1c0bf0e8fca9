"""Collective preparation (feature A1): what is prepared this week, by whom, when and where.

The topic and the lead come from the progress table; time and place from the weekly routine of the calendar.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bot.calendar.names import day_label
from bot.calendar.term import each_day
from bot.domain.groups import Group
from bot.domain.people import Member
from bot.domain.routines import PREPARATION, Happening, active, happenings
from bot.domain.subjects import Figure, Mine, Period, Source, Subject
from bot.storage import Record


class ProgressRow(Record):
    """One week of the progress table 教学进度表."""

    TABLE: ClassVar[str] = "progress_rows"
    INDEXES: ClassVar = ("term", "week", "lead")

    term: str
    week: int
    unit: str
    topic: str
    lead: str
    lessons: int | None = None
    remark: str = ""

    @property
    def title(self) -> str:
        """ "必修上 第二单元《插秧歌》"."""
        return f"{self.unit}{self.topic}" if self.topic.startswith("《") else f"{self.unit} {self.topic}"


@dataclass(frozen=True)
class Session:
    """The preparation of one teaching week. ``row`` is what the table says of it, ``following`` of the week after."""

    week: int
    first: date
    last: date
    row: ProgressRow | None
    following: ProgressRow | None
    meetings: tuple[Happening, ...]

    @property
    def key(self) -> str:
        """Stable name within the term."""
        return f"w{self.week:02d}"


async def session(group: Group, week: int) -> Session:
    """The preparation of a teaching week of this term."""
    return (await sessions(group, week, week))[0]


async def sessions(group: Group, first: int, last: int) -> list[Session]:
    """The preparations of the teaching weeks ``first`` to ``last``, one each."""
    bounds = {week: group.term.bounds(week) for week in range(first, last + 1)}
    found = await prep_happenings(group, bounds[first][0], bounds[last][1])
    rows = {week: await row(group, week) for week in range(first, last + 2)}
    return [
        Session(week, begin, end, rows[week], rows[week + 1], tuple(h for h in found if begin <= h.day <= end))
        for week, (begin, end) in bounds.items()
    ]


def headline(group: Group, session: Session) -> str:
    """ "📅 第3周备课 9月14日–9月18日", from the first to the last day on which teachers are at school."""
    days = [day for day in each_day(session.first, session.last) if group.calendar.is_work_day(day)]
    first, last = (days[0], days[-1]) if days else (session.first, session.last)
    return f"📅 第{session.week}周备课 {day_label(first)}–{day_label(last)}"


async def row(group: Group, week: int) -> ProgressRow | None:
    """What the progress table says of a week."""
    found = await group.records.find(ProgressRow, term=group.term.name, week=week)
    return found[0] if found else None


async def prep_happenings(group: Group, first: date, last: date) -> list[Happening]:
    """The preparation meetings between two days; empty while the subject is silent."""
    routines = [routine for routine in await active(group) if routine.subject == PREPARATION]
    return await happenings(group, first, last, routines) if routines else []


async def is_on(group: Group) -> bool:
    """Whether the plan or the leader has turned collective preparation on."""
    return any(routine.subject == PREPARATION for routine in await active(group))


def lines(session: Session) -> list[str]:
    """What a teacher has to know of a week's preparation: topic, lead, time and place."""
    found = [f"课题：{session.row.title}"] if session.row else ["课题：还没有定"]
    lead = f"主备：{session.row.lead}" if session.row else ""
    meetings = [f"{h.when}{f' {h.place}' if h.place else ''}" for h in session.meetings if not h.cancelled]
    times = "、".join(meetings) or ("本周集体备课取消" if session.meetings else "")
    found.append("   ".join(part for part in (lead, times) if part))
    if session.row and session.row.remark:
        found.append(f"备注：{session.row.remark}")
    return [line for line in found if line]


async def _digest(group: Group, period: Period) -> list[Figure]:
    due = await prep_happenings(group, period.first, period.last)
    planned = [h for h in due if period.holds(h.day) and h.counts]
    if not planned:
        return []
    held = [h for h in planned if h.is_over(group)]
    sources = [Source("routines", h.routine.id, f"{day_label(h.day)} {h.when}（{h.state(group)}）") for h in planned]
    leads = []
    for happening in held:
        found = await row(group, group.term.week_of(happening.day))
        if found and found.lead not in leads:
            leads.append(found.lead)
    thanks = (f"主备：{'、'.join(leads)}",) if leads else ()
    return [Figure(PREPARATION, f"集体备课 {len(held)}/{len(planned)} 次", thanks, tuple(sources))]


async def _mine(group: Group, member: Member) -> Mine:
    rows = [r for r in await group.records.find(ProgressRow, term=group.term.name) if r.lead == member.name]
    coming = [f"第{r.week}周主备 {r.title}" for r in rows if r.week >= group.week][:3]
    done = [r for r in rows if r.week < group.week]
    return Mine((f"主备 {len(done)} 次",) if done else (), tuple(coming))


SUBJECT = Subject(PREPARATION, records=(ProgressRow,), digest=_digest, mine=_mine, order=10)

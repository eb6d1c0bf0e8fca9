"""Collective preparation (feature A1): what is prepared this week, by whom, when and where.

The topic and the lead come from the progress table, time and place from the weekly routine of the calendar, the rest
from what the group has agreed (bot/domain/prep_weeks.py).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from bot.calendar.names import day_label
from bot.calendar.term import each_day
from bot.domain import prep_weeks
from bot.domain.groups import Group
from bot.domain.happenings import Happening, happenings
from bot.domain.prep_weeks import LAYERS, PrepWeek
from bot.domain.routines import PREPARATION, active
from bot.storage import Record

LONGEST_REMARK = 80
"""Characters of a remark that are shown in the chat."""


class ProgressRow(Record):
    """One week of the progress table 教学进度表.

    Attributes:
        hand: the fields that somebody changed in the chat; an import leaves them as they are.
    """

    TABLE: ClassVar[str] = "progress_rows"
    INDEXES: ClassVar = ("term", ("term", "week"))

    term: str
    week: int
    unit: str
    topic: str
    lead: str
    lessons: int | None = None
    remark: str = ""
    hand: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """ "必修上 第二单元《插秧歌》"."""
        return f"{self.unit}{self.topic}" if self.topic.startswith("《") else f"{self.unit} {self.topic}".strip()

    @property
    def load(self) -> str:
        """ "，4课时", to follow the title; "" while nobody has said how many lessons it takes."""
        return f"，{self.lessons}课时" if self.lessons else ""


@dataclass(frozen=True)
class Session:
    """The preparation of one teaching week.

    Attributes:
        row: what the table says of it; ``following`` of the week after, with the lead that was agreed for it.
        agreed: what the group has agreed beyond the table.
    """

    week: int
    first: date
    last: date
    row: ProgressRow | None
    following: ProgressRow | None
    meetings: tuple[Happening, ...]
    agreed: PrepWeek

    @property
    def key(self) -> str:
        """Stable name within the term."""
        return f"w{self.week:02d}"

    @property
    def title(self) -> str:
        """What is taught, or else what the meeting is about; "" when neither is known."""
        return self.row.title if self.row else self.topic

    @property
    def topic(self) -> str:
        """What the meeting is about, with its kind: "重难点《插秧歌》的劳动之美"; "" when nothing was set."""
        return f"{self.agreed.kind} {self.agreed.topic}".strip() if self.agreed.topic else ""

    @property
    def lead(self) -> str:
        """Who leads, "" when nobody does yet."""
        return self.agreed.lead or (self.row.lead if self.row else "")

    @property
    def since(self) -> datetime | None:
        """Since when it has been known that the group meets in this week."""
        return max((h.routine.since for h in self.meetings if h.routine.since), default=None)

    def held(self) -> tuple[Happening, ...]:
        """The meetings that are not cancelled."""
        return tuple(meeting for meeting in self.meetings if not meeting.cancelled)

    def stage(self, group: Group) -> int:
        """How far it has come, 1 to 4: set by hand, or by the agreed plan, or by the meeting."""
        if self.agreed.stage or self.agreed.agreed:
            return self.agreed.stage or 4
        meetings = self.held()
        if meetings and all(meeting.is_over(group) for meeting in meetings):
            return 3
        return 2 if any(meeting.has_begun(group) for meeting in meetings) else 1


async def session(group: Group, week: int) -> Session:
    """The preparation of a teaching week of this term."""
    return (await sessions(group, week, week))[0]


async def sessions(group: Group, first: int, last: int) -> list[Session]:
    """The preparations of the teaching weeks ``first`` to ``last``, one each."""
    bounds = {week: group.term.bounds(week) for week in range(first, last + 1)}
    found = await prep_happenings(group, bounds[first][0], bounds[last][1])
    rows = {week: await row(group, week) for week in range(first, last + 2)}
    agreed = {week: await prep_weeks.of_week(group, week) for week in range(first, last + 2)}
    return [
        Session(
            week,
            begin,
            end,
            rows[week],
            _as_agreed(rows[week + 1], agreed[week + 1]),
            tuple(happening for happening in found if begin <= happening.day <= end),
            agreed[week] or PrepWeek(term=group.term.name, week=week),
        )
        for week, (begin, end) in bounds.items()
    ]


def headline(group: Group, session: Session) -> str:
    """ "📅 第3周备课 9月14日–9月18日", from the first to the last day on which teachers are at school."""
    days = [day for day in each_day(session.first, session.last) if group.calendar.is_work_day(day)]
    first, last = (days[0], days[-1]) if days else (session.first, session.last)
    return f"📅 第{session.week}周备课 {day_label(first)}–{day_label(last)}"


def announced(row: ProgressRow) -> str:
    """ "必修上 第二单元《插秧歌》（主备 陈老师）", without a lead while there is none."""
    return f"{row.title}（主备 {row.lead}）" if row.lead else row.title


def _as_agreed(row: ProgressRow | None, agreed: PrepWeek | None) -> ProgressRow | None:
    return row.model_copy(update={"lead": agreed.lead}) if row and agreed and agreed.lead else row


async def row(group: Group, week: int) -> ProgressRow | None:
    """What the progress table says of a week."""
    found = await group.records.find(ProgressRow, term=group.term.name, week=week)
    return found[0] if found else None


async def prep_happenings(group: Group, first: date, last: date, *, ended: bool = False) -> list[Happening]:
    """The preparation meetings between two days; empty while the subject is silent."""
    routines = [routine for routine in await active(group) if routine.subject == PREPARATION]
    return await happenings(group, first, last, routines, ended=ended) if routines else []


async def on_since(group: Group) -> datetime | None:
    """Since when collective preparation is on; None = nobody knows, or it is off."""
    known = [routine.since for routine in await active(group) if routine.subject == PREPARATION and routine.since]
    return min(known, default=None)


async def is_on(group: Group) -> bool:
    """Whether the plan or the leader has turned collective preparation on."""
    return any(routine.subject == PREPARATION for routine in await active(group))


def lines(session: Session) -> list[str]:
    """What a teacher has to know of a week's preparation: topic, lead, time and place, goals."""
    found = [f"课题：{session.title or '还没有定'}{session.row.load if session.row else ''}"]
    if session.row and session.topic:
        found.append(f"研讨：{session.topic}")
    lead = f"主备：{session.lead}" if session.lead else ""
    meetings = [f"{h.when}{f' {h.place}' if h.place else ''}" for h in session.held()]
    times = "、".join(meetings) or ("本周集体备课取消" if session.meetings else "")
    found += [part for part in ("   ".join(part for part in (lead, times) if part), goals(session.agreed)) if part]
    if session.row and session.row.remark:
        found.append(f"备注：{session.row.remark[:LONGEST_REMARK]}")
    return found


def goals(agreed: PrepWeek) -> str:
    """ "目标：保底 会背；达标 会写"; "" when none is set."""
    rows = [f"{layer} {agreed.goals[layer]}" for layer in LAYERS if layer in agreed.goals]
    return f"目标：{'；'.join(rows)}" if rows else ""


def week_now(group: Group) -> int:
    """The teaching week that is meant when none is named: today's, the first before the term, the last after it."""
    return min(max(group.week, 1), group.term.weeks)

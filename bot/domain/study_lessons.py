"""Study lessons by rotation (feature C1): every two weeks somebody gives one, and the others come and listen.

A turn is an open lesson of its own (bot/domain/open_lessons.py), so that its title, who signs up and calling it off are
as for any other. Who gives which is filled in as the leads are (bot/domain/turns.py); holidays and the weeks of
examinations are left out. A lesson whose time has passed was given unless somebody said that it was not.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from bot.calendar.names import period_label, weekday_name
from bot.domain import quiet
from bot.domain.dated import Dated
from bot.domain.groups import Group
from bot.domain.open_lesson_subject import dated
from bot.domain.open_lessons import OpenLesson, Seat, starts, taken
from bot.domain.people import Member
from bot.domain.routines import Routine
from bot.domain.subjects import Deed, Figure, Mine, Period, Source, Subject, Thanks
from bot.domain.turns import Rota, Turn
from bot.errors import BadArgument
from bot.storage import Record

NAME = "研讨课"
EXAMPLE = "/轮值 研讨课 排 下周起 周四第2节 录播室"
SEE = "看研讨课：/轮值 研讨课"
_BY_TURNS = re.compile("轮[流值].*(?:研讨|研究|公开)课|(?:研讨|研究|公开)课.*轮[流值]")


class StudyRota(Record):
    """How a group's study lessons go round, as the leader last set it; one a term.

    Attributes:
        order: who, in which order.
        since, every: the first teaching week, and how many weeks lie between two.
        weekday, periods, place: when and where they are, as long as a teacher does not need another time.
    """

    TABLE: ClassVar[str] = "study_rotas"
    UNIQUE: ClassVar = (("term",),)

    term: str
    order: tuple[str, ...]
    since: int
    every: int = 2
    weekday: int
    periods: tuple[int, ...]
    place: str = ""

    @property
    def rule(self) -> str:
        """ "每两周 周四第2节 录播室"."""
        rhythm = {1: "每周", 2: "每两周", 3: "每三周", 4: "每四周"}[self.every]
        place = f" {self.place}" if self.place else ""
        return f"{rhythm} {weekday_name(self.weekday)}{period_label(self.periods)}{place}"


class StudyTurn(Record):
    """One turn: ``lesson`` is the record id of its open lesson; ``dropped`` = it was replaced by another order.

    ``reason``: why it was not given, for the leader and who should have.
    """

    TABLE: ClassVar[str] = "study_turns"
    INDEXES: ClassVar = ("term", "lesson")

    term: str
    lesson: int
    dropped: bool = False
    reason: str = ""


@dataclass(frozen=True)
class StudyLesson:
    """A turn with its lesson."""

    turn: StudyTurn
    lesson: OpenLesson

    @property
    def teacher(self) -> str:
        """Whose turn it is."""
        return self.lesson.teacher or ""

    def week(self, group: Group) -> int:
        """The teaching week of its day."""
        return group.term.week_of(self.lesson.day)

    def has_begun(self, group: Group) -> bool:
        """Whether its time has come."""
        return starts(group, self.lesson) <= group.now

    def was_given(self, group: Group) -> bool:
        """Whether its time has passed and nobody said that it was not given."""
        return self.has_begun(group) and not self.lesson.cancelled

    def state(self, group: Group) -> str:
        """How it stands, in a word."""
        return "没上" if self.lesson.cancelled else "已上" if self.has_begun(group) else "还没到"


async def rota_of(group: Group) -> StudyRota | None:
    """How the turns of this term go; None while there are none."""
    found = await group.records.find(StudyRota, term=group.term.name)
    return found[0] if found else None


async def of_term(group: Group) -> list[StudyLesson]:
    """The turns of this term that were not replaced, by day; those that were called off too."""
    found = []
    for turn in await group.records.find(StudyTurn, term=group.term.name):
        lesson = None if turn.dropped else await group.records.get(OpenLesson, turn.lesson)
        if lesson is not None:
            found.append(StudyLesson(turn, lesson))
    return sorted(found, key=lambda one: (one.lesson.day, one.lesson.periods, one.lesson.number))


async def kept(group: Group) -> list[StudyLesson]:
    """The turns that are not cancelled, given or not, by day."""
    return [one for one in await of_term(group) if not one.lesson.cancelled]


async def coming(group: Group) -> list[StudyLesson]:
    """The turns that are still to be given, by day."""
    return [one for one in await kept(group) if not one.has_begun(group)]


async def numbered(group: Group, number: int) -> StudyLesson:
    """The turn with this number.

    Raises:
        BadArgument: there is none.
    """
    found = next((one for one in await of_term(group) if one.lesson.number == number), None)
    if found is None:
        raise BadArgument(f"没有编号 {number} 的研讨课。", SEE)
    return found


async def away(group: Group, one: StudyLesson) -> set[str]:
    """Who is on leave on its day; for the leader and for filling in, never for the group."""
    return await quiet.away(group, one.lesson.day)


async def there(group: Group, turns: Sequence[StudyLesson]) -> list[StudyLesson]:
    """The turns that count: not those whose teacher was on leave that day, and that nobody else took."""
    return [one for one in turns if one.teacher not in await away(group, one)]


async def turns_of(group: Group) -> Counter[str]:
    """How many turns each of the order has this term, by name; for the leader alone."""
    rota = await rota_of(group)
    had = Counter(one.teacher for one in await of_term(group) if not one.lesson.cancelled)
    return Counter({name: had[name] for name in (rota.order if rota else ())})


def days(group: Group, rota: StudyRota) -> dict[int, date]:
    """The days on which a turn falls due, by week: school days to come, outside the weeks of examinations."""
    found = {}
    for week in range(rota.since, group.term.weeks + 1, rota.every):
        first, _ = group.term.bounds(week)
        day = first + timedelta(days=(rota.weekday - first.isoweekday()) % 7)
        exam = week in (group.term.midterm_week, group.term.final_week)
        if not exam and day > group.today and group.calendar.is_school_day(day):
            found[week] = day
    return found


async def speaks_for(group: Group, routine: Routine) -> bool:
    """Whether the plan's own line on study lessons by turns (plan line 99) is said here, with name and hour."""
    words = f"{routine.entry.activity} {routine.entry.text}"
    return bool(_BY_TURNS.search(words)) and await rota_of(group) is not None


async def exchange(group: Group, by: str, one: StudyLesson, other: StudyLesson) -> None:
    """Give each the other's day; the title goes with who gives the lesson."""
    first, second = one.lesson, other.lesson
    before = (first.teacher, first.title)
    await put_teacher(group, by, first, second.teacher or "", second.title)
    await put_teacher(group, by, second, before[0] or "", before[1])


async def put_teacher(group: Group, by: str, lesson: OpenLesson, name: str, title: str = "") -> None:
    """Have ``name`` give a lesson; whoever gives one no longer sits in it."""
    for seat in await group.records.find(Seat, lesson=lesson.id, member=name):
        await group.records.remove(seat)
    lesson.teacher, lesson.title, lesson.author, lesson.changed = name, title, by, group.now
    await group.records.update(lesson)


async def _next_turn(group: Group, name: str) -> Turn | None:
    mine = [one for one in await coming(group) if one.teacher == name and one.week(group) > group.week]
    return Turn(mine[0].week(group), name, mine[0].lesson.number) if mine else None


async def _held(group: Group, week: int, name: str) -> Turn | None:
    found = (one for one in await coming(group) if one.teacher == name and one.week(group) == week)
    return next((Turn(week, name, one.lesson.number) for one in found), None)


async def _away(group: Group, turn: Turn) -> set[str]:
    return await away(group, await numbered(group, turn.key))


async def _exchange(group: Group, by: str, one: Turn, other: Turn) -> None:
    await exchange(group, by, await numbered(group, one.key), await numbered(group, other.key))


LESSONS = Rota(
    name=NAME,
    act="上研讨课",
    day=NAME,
    see=SEE,
    ask="/轮值 研讨课 换",
    doing="上第{}周的研讨课".format,
    next_turn=_next_turn,
    held=_held,
    away=_away,
    exchange=_exchange,
)


async def _digest(group: Group, period: Period) -> list[Figure]:
    """Given by rotation, out of the turns of the period."""
    due = await there(group, [one for one in await of_term(group) if period.holds(one.lesson.day)])
    if not due:
        return []
    given = [one for one in due if one.was_given(group)]
    sources = tuple(_source(group, one) for one in due)
    line = f"轮流上研讨课 {len(given)}/{len(due)} 节{await _heard(group, given)}"
    names = tuple(dict.fromkeys(one.teacher for one in given if one.teacher))
    thanks = (Thanks("研讨课", names),) if names else ()
    return [Figure(NAME, line, _why(due), sources, len(given), len(due), thanks)]


async def _heard(group: Group, given: Sequence[StudyLesson]) -> str:
    seats = sum([len(await taken(group, one.lesson)) for one in given])
    return f"，报名听课 {seats} 人次" if seats else ""


def _source(group: Group, one: StudyLesson) -> Source:
    lesson = one.lesson
    return Source(
        "study_turns",
        one.turn.id,
        f"{lesson.number} {lesson.label} {lesson.when_dated}（{one.state(group)}）",
        lesson.day if one.was_given(group) else None,
    )


def _why(due: Sequence[StudyLesson]) -> tuple[str, ...]:
    return tuple(f"{one.lesson.number} {one.lesson.label}没上：{one.turn.reason}" for one in due if one.turn.reason)


async def _mine(group: Group, member: Member) -> Mine:
    mine = [one for one in await of_term(group) if one.teacher == member.name]
    given = sum(one.was_given(group) for one in await there(group, mine))
    to_give = [one.lesson for one in mine if one.state(group) == "还没到"]
    rows = tuple(f"轮到上研讨课 {x.number} {x.title or '课题待定'} {x.when_dated}" for x in to_give[:2])
    return Mine((f"轮流上研讨课 {given} 节",) if given else (), rows)


async def _deeds(group: Group, member: Member) -> list[Deed]:
    mine = [one.lesson for one in await of_term(group) if one.teacher == member.name and one.was_given(group)]
    return [Deed(x.day, f"上课 {x.title or NAME}", f"轮流上研讨课 {x.when} {x.place}".rstrip()) for x in mine]


async def _agenda(group: Group, first: date, last: date, _ended: bool) -> list[Dated]:
    return [await dated(group, one.lesson) for one in await of_term(group) if first <= one.lesson.day <= last]


SUBJECT = Subject(
    NAME,
    records=(StudyRota, StudyTurn),
    digest=_digest,
    mine=_mine,
    agenda=_agenda,
    order=31,
    speaks=True,
    area="听评课",
    deeds=_deeds,
    amounts=(NAME,),
)

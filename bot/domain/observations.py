"""Lesson observations (feature C2): who heard whom, when, in which class, and what struck them."""

import re
from datetime import date, datetime
from typing import ClassVar

from bot.calendar.names import day_label, period_label, weekday_name
from bot.domain import guard
from bot.domain.groups import Group, Numbered
from bot.domain.people import Member
from bot.domain.subjects import Figure, Mine, Period, Source, Subject, find_item
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, NotAllowed, Refused

TEACHER = re.compile(r"(?<![\u4e00-\u9fff])(?:听了?)?([\u4e00-\u9fff]{1,3}老师)")
CLASS = re.compile(r"(?:高|初)?[一二三四五六七八九\d]{1,2}\s*[(\uff08]?\s*\d{1,2}\s*[)\uff09]?\s*班")


class Observation(Numbered):
    """One lesson heard."""

    TABLE: ClassVar[str] = "observations"
    INDEXES: ClassVar = ("term", ("member", "term"))

    member: str
    teacher: str
    day: date
    periods: tuple[int, ...] = ()
    classroom: str = ""
    text: str = ""

    @property
    def label(self) -> str:
        """ "张老师 9月16日 周三第2节 高一3班"."""
        when = f"{day_label(self.day)} {weekday_name(self.day.isoweekday())}{period_label(self.periods)}"
        return " ".join(part for part in (self.teacher, when, self.classroom) if part)


async def record(
    group: Group, who: str, *, teacher: str, day: date, periods: tuple[int, ...], classroom: str, text: str
) -> tuple[Observation, Undo]:
    """Note a lesson heard.

    Raises:
        BadArgument: the day lies ahead, or one's own lesson; Refused: the same lesson was noted already;
        guard.PupilNamed: the text seems to name a pupil.
    """
    if teacher == who:
        raise BadArgument("自己的课不记听课。", "课后写两句：/反思 内容")
    if day > group.today:
        raise BadArgument(f"{day_label(day)}还没到，听完再记。", "例：/听课 张老师 周三第2节 高一3班 导入好")
    await guard.check_among(text, group.teachers)
    for old in await group.records.find(Observation, member=who, term=group.term.name):
        if (old.teacher, old.day, old.periods) == (teacher, day, periods):
            raise Refused(f"这节课已经记过了（{old.number}）。", "看自己的记录：/我的", symbol="ℹ️")
    stored = await group.records.add(
        Observation(
            term=group.term.name,
            number=await group.next_number(),
            member=who,
            teacher=teacher,
            day=day,
            periods=periods,
            classroom=classroom,
            text=text,
            created=group.now,
            author=who,
        )
    )
    return stored, undo_with(remove, f"听课 {stored.number}", number=stored.number)


async def teacher_in(group: Group, words: str) -> str | None:
    """Whose lesson it was: a name of the group, else whoever is called …老师 (colleagues of other groups count)."""
    known = [name for name in await group.teachers() if name in words]
    other = TEACHER.search(words)
    return min(known, key=words.index) if known else (other[1] if other else None)


async def of_member(group: Group, who: str) -> list[Observation]:
    """The lessons somebody heard this term, oldest first."""
    return await group.records.find(Observation, member=who, term=group.term.name)


@inverse
async def remove(group: Group, who: str, number: int) -> str:
    """Inverse of ``record``."""
    found = await find_item(group, number)
    if found is None or not isinstance(found[1], Observation):
        raise Refused(f"听课 {number} 已经不在了。")
    if found[1].member != who:
        raise NotAllowed("只能撤销自己记的听课。")
    await group.records.remove(found[1])
    return f"已撤销：听课 {number} 删掉了。"


def month_of(moment: datetime) -> Period:
    """The calendar month of a moment."""
    return Period.month(moment.year, moment.month)


async def _digest(group: Group, period: Period) -> list[Figure]:
    heard = [x for x in await group.records.find(Observation, term=group.term.name) if period.holds(x.day)]
    if not heard:
        return []
    sources = tuple(Source("observations", x.id, f"{x.number} {x.member}听{x.label}") for x in heard)
    people = len({x.member for x in heard})
    return [Figure("听课", f"听课 {len(heard)} 节（{people} 位老师）", (), sources)]


async def _mine(group: Group, member: Member) -> Mine:
    heard = await of_member(group, member.name)
    month = month_of(group.now)
    now = sum(month.holds(x.day) for x in heard)
    return Mine((f"听课 {len(heard)} 节，本月 {now} 节",) if heard else ())


SUBJECT = Subject("听课", records=(Observation,), digest=_digest, mine=_mine, order=20)

"""Lesson observations (feature C2): who heard whom, when, in which class, and what struck them."""

import re
from datetime import date, datetime
from typing import ClassVar

from bot.calendar.names import day_label, period_label, weekday_name
from bot.domain import guard, observation_quota, quiet, terms
from bot.domain.groups import Group, Numbered
from bot.domain.observation_quota import Quota
from bot.domain.people import Member
from bot.domain.subjects import (
    Bar,
    Deed,
    Figure,
    Measure,
    Mine,
    Period,
    Source,
    Subject,
    find_item,
    found_in,
    traced,
)
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, NotAllowed, Refused

TEACHER = re.compile(r"(?<![\u4e00-\u9fff])(?:听了?)?([\u4e00-\u9fff]{1,3}老师)")
CLASS = re.compile(r"(?:高|初)?[一二三四五六七八九\d]{1,2}\s*[(\uff08]?\s*\d{1,2}\s*[)\uff09]?\s*班")

TEXT = "感受："
"""What follows is kept as it was written: times and classes in it are only spoken of."""

LONGEST = 1000

Lesson = tuple[str, date, tuple[int, ...]]


class Observation(Numbered):
    """One lesson heard.

    ``talked`` is when the talk with the teacher was noted, ``talk`` what the teacher was told; "" = it was only spoken.
    """

    TABLE: ClassVar[str] = "observations"
    INDEXES: ClassVar = ("term", ("member", "term"), ("term", "day"), ("member", "term", "day"))

    member: str
    teacher: str
    day: date
    periods: tuple[int, ...] = ()
    classroom: str = ""
    text: str = ""
    talked: datetime | None = None
    talk: str = ""

    @property
    def lesson(self) -> Lesson:
        """What is the same for everybody who heard it."""
        return self.teacher, self.day, self.periods

    @property
    def where(self) -> str:
        """ "张老师 第2节 高一3班", to stand beside its day."""
        return " ".join(part for part in (self.teacher, period_label(self.periods), self.classroom) if part)

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
    await check(group, who, (teacher, day, periods), text)
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


async def check(group: Group, who: str, lesson: Lesson, text: str, but: int = 0) -> None:
    """Whether ``who`` may note ``lesson``; ``but`` is the number of the record that is being changed.

    Raises:
        as for ``record``.
    """
    teacher, day, _ = lesson
    if teacher == who:
        raise BadArgument("自己的课不记听课。", "课后写两句：/反思 内容")
    if day > group.today:
        raise BadArgument(f"{day_label(day)}还没到，听完再记。", "例：/听课 张老师 周三第2节 高一3班 导入好")
    if day < terms.days_of(group, group.term).first:
        raise BadArgument(
            f"{day.year}年{day_label(day)}不在这个学期里。", "例：/听课 张老师 9月17日第2节 高一3班 导入好"
        )
    await check_text(group, text)
    for old in await of_member(group, who):
        if old.lesson == lesson and old.number != but:
            raise Refused(f"这节课已经记过了（{old.number}）。", "看自己的记录：/我的", symbol="ℹ️")


async def check_text(group: Group, text: str) -> None:
    """Let a text pass, or not.

    Raises:
        BadArgument: it is too long; guard.PupilNamed: it seems to name a pupil.
    """
    if len(text) > LONGEST:
        raise BadArgument(f"这条有 {len(text)} 字，最多 {LONGEST} 字。", "细节请放文档里，这里写要点。")
    await guard.check_among(text, group.teachers)


async def own(group: Group, who: str, number: int) -> Observation:
    """The lesson that ``who`` noted under ``number``.

    Raises:
        BadArgument: there is none; NotAllowed: it is somebody else's.
    """
    found = await find_item(group, number)
    if found is None or not isinstance(found[1], Observation):
        raise BadArgument(f"没有编号 {number} 的听课记录。", "看自己的：/听课")
    if found[1].member != who:
        raise NotAllowed(f"听课 {number} 不是您记的。", "看自己的：/听课")
    return found[1]


async def teacher_in(group: Group, words: str) -> str | None:
    """Whose lesson it was: a name of the group, else whoever is called …老师 (colleagues of other groups count)."""
    known = [name for name in await group.teachers() if name in words]
    other = TEACHER.search(words)
    return min(known, key=words.index) if known else (other[1] if other else None)


async def of_member(group: Group, who: str) -> list[Observation]:
    """The lessons somebody heard this term, oldest first."""
    return await group.records.find(Observation, member=who, term=group.term.name)


async def within(group: Group, period: Period) -> list[Observation]:
    """The lessons of this term that were heard in a month or another period, in the order of noting."""
    return await found_in(group, Observation, "day", period)


async def heard_by(group: Group, who: str, period: Period) -> int:
    """How many lessons of this term somebody heard in a period."""
    own = {"member": who, "term": group.term.name}
    return sum([await group.records.count(Observation, **own, day=day) for day in period.days()])


async def alike(group: Group, heard: Observation) -> list[Observation]:
    """Everybody's notes of the same lesson, in the order of noting."""
    found = await group.records.find(Observation, term=group.term.name, day=heard.day)
    return [x for x in found if x.lesson == heard.lesson]


async def short_of(group: Group, month: Period) -> dict[str, int]:
    """Who has heard fewer lessons in ``month`` (or a term) than its quota asks, and by how many; those away for most of
    it owe none. For each of them alone."""
    each = await observation_quota.of_period(group, month)
    if not each:
        return {}
    asked = await quiet.there(group, observation_quota.school_days(group, month))
    missing = {name: each - await heard_by(group, name, month) for name in asked}
    return {name: left for name, left in missing.items() if left > 0}


@inverse
async def remove(group: Group, who: str, number: int) -> str:
    """Inverse of ``record``."""
    await group.records.remove(await own(group, who, number))
    return f"已撤销：听课 {number} 删掉了。"


def month_of(moment: datetime) -> Period:
    """The calendar month of a moment."""
    return Period.month(moment.year, moment.month)


async def _digest(group: Group, period: Period) -> list[Figure]:
    heard = await within(group, period)
    each = await observation_quota.of_period(group, period)
    if not heard and not each:
        return []
    sources = await traced(heard, lambda x: Source("observations", x.id, f"{x.number} {x.member}听{x.label}", x.day))
    talks = sum(x.talked is not None for x in heard)
    talked = f"，课后交流 {talks} 节" if talks else ""
    if not each:
        people = len({x.member for x in heard})
        return [Figure("听课", f"听课 {len(heard)} 节（{people} 位老师）{talked}", (), sources, amount=len(heard))]
    reached, asked = await _reached(group, period, each)
    line = f"听课 {len(heard)} 节，达到配额 {reached}/{asked} 位{talked}"
    return [Figure("听课", line, (), sources, done=reached, of=asked, aim="听课达配额", amount=len(heard))]


async def _reached(group: Group, period: Period, each: int) -> tuple[int, int]:
    """How many have reached the quota, of how many."""
    reached = {name for name in await group.teachers() if await heard_by(group, name, period) >= each}
    asked = reached.union(await quiet.there(group, observation_quota.school_days(group, period)))
    return len(reached), len(asked)


async def _measures(group: Group, period: Period) -> list[Measure]:
    """Lessons heard by the whole group, month by month to the end of the period, beside what was asked of it."""
    bars = []
    for month in observation_quota.months(group, min(period.last, group.today)):
        days = [await group.records.count(Observation, term=group.term.name, day=day) for day in month.days()]
        each = await observation_quota.of_period(group, month)
        asked = each * (await _reached(group, month, each))[1] if each else None
        bars.append(Bar(month.label, sum(days), asked))
    if not any(bar.done for bar in bars):
        return []
    return [Measure("听课和配额", "节", tuple(bars), done="听课", of="配额合计")]


async def _mine(group: Group, member: Member) -> Mine:
    heard = await group.records.count(Observation, member=member.name, term=group.term.name)
    if not heard:
        return Mine()
    this_month = await heard_by(group, member.name, month_of(group.now)) if terms.is_present(group) else None
    return Mine((f"听课 {heard} 节{'' if this_month is None else f'，本月 {this_month} 节'}",))


async def _deeds(group: Group, member: Member) -> list[Deed]:
    return [Deed(x.day, x.where, x.text) for x in await of_member(group, member.name)]


SUBJECT = Subject(
    "听课",
    records=(Observation, Quota),
    digest=_digest,
    mine=_mine,
    order=20,
    speaks=True,
    area="听评课",
    measures=_measures,
    deeds=_deeds,
    amounts=("听课",),
)

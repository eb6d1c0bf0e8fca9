"""Where the classes stand against the progress table (feature A13), and edits of the table.

A teacher says how far their class has come; what counts is the distance to the table on the day it was said. The group
sees how many classes are behind, the leader alone whose.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from bot.calendar.names import day_label
from bot.domain import guard, prep
from bot.domain.groups import Group
from bot.domain.people import Member
from bot.domain.prep import ProgressRow
from bot.domain.progress_drafts import ProgressDraft
from bot.domain.subjects import Figure, Mine, Period, Source, Subject
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, Refused
from bot.storage import Record

LONGEST = 60
"""Characters of a unit or a topic: a table's cell."""

EDIT = "/进度 改 第5周 必修上 第二单元 《插秧歌》"


class ProgressMark(Record):
    """One teacher's word that their class has come to the table's row of week ``reached``.

    Attributes:
        said_in: the teaching week in which it was said.
    """

    TABLE: ClassVar[str] = "progress_marks"
    INDEXES: ClassVar = ("term", "member")

    term: str
    member: str
    reached: int
    said_in: int

    @property
    def gap(self) -> int:
        """Weeks ahead of the table; negative when behind."""
        return self.reached - self.said_in


@dataclass(frozen=True)
class Standing:
    """How many classes are on schedule, ahead and behind."""

    even: int
    ahead: int
    behind: int

    @property
    def line(self) -> str:
        """ "报了 3 个班：按计划 1，超前 1，落后 1"."""
        total = self.even + self.ahead + self.behind
        return f"报了 {total} 个班：按计划 {self.even}，超前 {self.ahead}，落后 {self.behind}"


def distance(gap: int) -> str:
    """ "比进度表落后 2 周", "比进度表超前 1 周", "正好按进度表"."""
    if gap == 0:
        return "正好按进度表"
    return f"比进度表{'超前' if gap > 0 else '落后'} {abs(gap)} 周"


async def table(group: Group) -> list[ProgressRow]:
    """The progress table of this term, by week."""
    return sorted(await group.records.find(ProgressRow, term=group.term.name), key=lambda row: row.week)


async def rows_called(group: Group, words: str) -> list[ProgressRow]:
    """The rows whose topic or unit ``words`` name, with or without 《》; the whole topic goes before a part of it.

    Raises:
        BadArgument: there is none; Refused: the table is empty.
    """
    rows, wanted = await table(group), _plain(words)
    if not rows:
        raise Refused("进度表还是空的。", f"组长可以填，例：{EDIT}")
    if exact := [row for row in rows if wanted and _plain(row.topic) == wanted]:
        return exact
    found = [row for row in rows if wanted and (wanted in _plain(row.title) or _plain(row.topic) in wanted)]
    if not found:
        raise BadArgument(f"进度表里没找到“{words[:20]}”。", "例：/进度 到 第2周")
    return found


async def reach(group: Group, who: str, week: int) -> tuple[ProgressMark, Undo]:
    """Note how far somebody's class has come.

    Raises:
        BadArgument: the table has no such row; Refused: the same was said this week, or the table is empty.
    """
    if await prep.row(group, week) is None:
        if not await table(group):
            raise Refused("进度表还是空的。", f"组长可以填，例：{EDIT}")
        raise BadArgument(f"进度表里没有第{week}周。", "例：/进度 到 第2周")
    now = prep.week_now(group)
    last = await latest_of(group, who)
    if last and (last.reached, last.said_in) == (week, now):
        raise Refused(f"这周已经记过到第{week}周。", "看全组：/进度", symbol="ℹ️")
    mark = ProgressMark(term=group.term.name, member=who, reached=week, said_in=now, created=group.now, author=who)
    stored = await group.records.add(mark)
    return stored, undo_with(unsay, f"进度到第{week}周", mark=stored.id)


@inverse
async def unsay(group: Group, who: str, mark: int) -> str:
    """Inverse of ``reach``: what was said before counts again."""
    found = await group.records.get(ProgressMark, mark)
    if found is None or found.member != who:
        raise Refused("这条进度已经不在了。")
    await group.records.remove(found)
    return f"已撤销：进度到第{found.reached}周不算了。"


async def latest(group: Group, period: Period | None = None) -> list[ProgressMark]:
    """The last word of each present member, in the group's order; of a period when one is given."""
    last: dict[str, ProgressMark] = {}
    for mark in await group.records.find(ProgressMark, term=group.term.name):
        if period is None or period.holds(mark.created):
            last[mark.member] = mark
    return [last[name] for name in await group.teachers() if name in last]


async def latest_of(group: Group, who: str) -> ProgressMark | None:
    """Somebody's last word this term."""
    found = await group.records.find(ProgressMark, term=group.term.name, member=who)
    return found[-1] if found else None


def standing(marks: list[ProgressMark]) -> Standing:
    """Classes by their distance."""
    ahead, behind = sum(mark.gap > 0 for mark in marks), sum(mark.gap < 0 for mark in marks)
    return Standing(len(marks) - ahead - behind, ahead, behind)


def in_need(marks: list[ProgressMark]) -> list[str]:
    """For the leader alone: "王老师 落后 2 周（9月21日报到第2周）", in the group's order, which is no rank."""
    return [
        f"{mark.member} 落后 {-mark.gap} 周（{day_label(mark.created)}报到第{mark.reached}周）"
        for mark in marks
        if mark.gap < 0 and mark.created
    ]


async def edit(group: Group, who: str, week: int, unit: str, topic: str) -> tuple[ProgressRow, Undo]:
    """Change a row of the table, or add the row of a week that has none; "" keeps the unit.

    Raises:
        BadArgument: no topic, too long a cell; guard.PupilNamed: it seems to name a pupil.
        Refused: it stands there already.
    """
    if not topic.strip() or max(len(topic), len(unit)) > LONGEST:
        raise BadArgument(f"单元和课题各写 1 到 {LONGEST} 个字。", f"例：{EDIT}")
    await guard.check_among(f"{unit} {topic}", group.teachers)
    known = await prep.row(group, week)
    before = {"unit": known.unit, "topic": known.topic, "hand": list(known.hand)} if known else {}
    after = {"unit": unit or (known.unit if known else ""), "topic": topic}
    if known and after == {"unit": known.unit, "topic": known.topic}:
        raise Refused(f"第{week}周本来就是这样。", "看进度：/进度", symbol="ℹ️")
    if known:
        hand = tuple(dict.fromkeys((*known.hand, *after)))
        stored = await group.records.update(known.model_copy(update={**after, "hand": hand}))
    else:
        fresh = ProgressRow(term=group.term.name, week=week, unit=after["unit"], topic=topic, lead="")
        own = {"created": group.now, "author": who, "hand": tuple(after)}
        stored = await group.records.add(fresh.model_copy(update=own))
    return stored, undo_with(edit_back, f"第{week}周进度", week=week, before=before, after=after)


@inverse
async def edit_back(group: Group, who: str, week: int, before: dict[str, Any], after: dict[str, Any]) -> str:
    """Inverse of ``edit``: the former row, unless somebody has changed it since."""
    known = await prep.row(group, week)
    if known is None or {"unit": known.unit, "topic": known.topic} != after:
        raise Refused(f"第{week}周的进度后来又改过，不撤销了。", "看进度：/进度")
    if not before:
        await group.records.remove(known)
        return f"已撤销：第{week}周从进度表里拿掉了。"
    former = ProgressRow.model_validate({**known.model_dump(), **before, "author": who})
    stored = await group.records.update(former)
    return f"已撤销：第{week}周改回{stored.title}。"


def _plain(words: str) -> str:
    return "".join(letter for letter in words if letter.isalnum())


async def _digest(group: Group, period: Period) -> list[Figure]:
    marks = await latest(group, period)
    if not marks:
        return []
    detail = tuple(f"需要帮一把：{row}" for row in in_need(marks))
    sources = tuple(Source("progress_marks", m.id, f"第{m.said_in}周报到第{m.reached}周") for m in marks)
    return [Figure("进度", f"教学进度{standing(marks).line}", detail, sources)]


async def _mine(group: Group, member: Member) -> Mine:
    mark = await latest_of(group, member.name)
    return Mine((f"进度报到第{mark.reached}周，{distance(mark.gap)}",) if mark else ())


SUBJECT = Subject("进度", records=(ProgressMark, ProgressDraft), digest=_digest, mine=_mine, order=12)

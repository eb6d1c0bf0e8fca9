"""Tasks given and done (feature B2): who, what, until when.

A task may belong to several people, each of whom finishes it for themselves. Reminders are private, at most two (the
school day before and the day itself), and only to those who have not finished.
"""

import re
from collections.abc import Collection, Iterable
from datetime import date, datetime, time
from typing import ClassVar

from pydantic import Field

from bot.calendar.names import day_label, weekday_name
from bot.calendar.phrases import When
from bot.calendar.term import each_day
from bot.domain import quiet
from bot.domain.dated import Dated, Scope
from bot.domain.groups import Group, Numbered
from bot.domain.people import Member
from bot.domain.subjects import Deed, Figure, Mine, Period, Source, Subject, find_item, found_in, slowly, traced
from bot.errors import BadArgument

_BEFORE = re.compile("^(?:之前|以前|前|内|截止)")
_JOINED = re.compile("^[\\s\u3000、\uff0c,和\uff1a:]+")
EVERYBODY = ("全组", "全体", "大家", "所有人")
EXAMPLE = "/任务 王老师 周五前 交单元卷"


class Task(Numbered):
    """One task.

    Attributes:
        owners: whose it is; ``done`` when each of them finished.
        due: its last day; None = no day was named.
        giver: who gave it; ``origin`` what it came out of ("例会 12"), "" = directly.
        dropped: it was called off.
        changed: when its day or its standing last changed.
        counted: its day in the digest: the last one, or the one on which it was given when none was named.
        sole: its only owner, "" = several.
        waiting: somebody has not finished. These three follow from the rest whenever a task is read; they are not
            stored.
    """

    TABLE: ClassVar[str] = "tasks"
    INDEXES: ClassVar = (
        "term",
        ("term", "due"),
        ("term", "counted"),
        ("term", "sole"),
        ("term", "waiting"),
        ("term", "origin"),
    )

    text: str
    owners: tuple[str, ...]
    done: dict[str, datetime] = {}  # noqa: RUF012 - pydantic copies it for each record
    due: date | None = None
    giver: str
    origin: str = ""
    dropped: bool = False
    changed: datetime | None = None
    counted: date | None = Field(default=None, exclude=True, repr=False)
    sole: str = Field(default="", exclude=True, repr=False)
    waiting: bool = Field(default=False, exclude=True, repr=False)

    def model_post_init(self, context: object, /) -> None:  # noqa: ARG002 - pydantic's
        """Fill in what follows from the rest."""
        self.__dict__["counted"] = self.due or (self.created.date() if self.created else None)
        self.__dict__["sole"] = self.owners[0] if len(self.owners) == 1 else ""
        self.__dict__["waiting"] = bool(self.open_owners)

    @property
    def label(self) -> str:
        """ "12 交单元卷（9月18日 周五前）"."""
        return f"{self.number} {self.text}{f'（{until(self.due)}）' if self.due else ''}"

    @property
    def open_owners(self) -> tuple[str, ...]:
        """Who has not finished; nobody when it was called off."""
        return () if self.dropped else tuple(name for name in self.owners if name not in self.done)


def until(due: date) -> str:
    """ "9月18日 周五前"."""
    return f"{day_label(due)} {weekday_name(due.isoweekday())}前"


async def numbered(group: Group, number: int) -> Task:
    """The task with this number.

    Raises:
        BadArgument: there is none.
    """
    found = await find_item(group, number)
    if found is None or not isinstance(found[1], Task):
        raise BadArgument(f"没有编号 {number} 的任务。", "看任务：/任务")
    return found[1]


async def waiting(group: Group) -> list[Task]:
    """The tasks of this term that somebody has not finished, by number."""
    return await group.records.find(Task, term=group.term.name, waiting=True)


async def of_member(group: Group, name: str) -> list[Task]:
    """Somebody's tasks of this term that were not called off, alone or with others, by number."""
    term = group.term.name
    alone = await group.records.find(Task, term=term, sole=name)
    shared = await group.records.find(Task, term=term, sole="")
    mine = [*alone, *(task for task in shared if name in task.owners)]
    return sorted((task for task in mine if not task.dropped), key=lambda task: task.id)


async def due_between(group: Group, first: date, last: date) -> list[Task]:
    """The tasks of this term whose last day lies between two days, called off ones included, by number."""
    days = each_day(first, last)
    found = [task for day in days for task in await group.records.find(Task, term=group.term.name, due=day)]
    return sorted(found, key=lambda task: task.id)


async def open_for(group: Group, name: str) -> list[Task]:
    """What somebody still has to do, the nearest day first."""
    return waiting_for(await waiting(group), name)


def waiting_for(found: Iterable[Task], name: str) -> list[Task]:
    """Those of ``found`` that somebody still has to do, the nearest day first."""
    mine = [task for task in found if name in task.open_owners]
    return sorted(mine, key=lambda task: (task.due or date.max, task.number))


async def owners_in(group: Group, words: str, *, but: str, example: str = EXAMPLE) -> tuple[list[str], str]:
    """Who is named at the front of ``words``, and the rest; 全组 means everybody ``but`` the speaker.

    Raises:
        BadArgument: nobody of the group; it shows ``example``.
    """
    names, rest, found = await group.teachers(), words.strip(), list[str]()
    while name := next((name for name in (*names, *EVERYBODY) if rest.startswith(name)), None):
        found += [one for one in names if one != but] if name in EVERYBODY else [name]
        rest = _JOINED.sub("", rest.removeprefix(name))
    if not found:
        raise BadArgument("交给谁？写在最前面。", f"例：{example}")
    return found, rest


def without_before(text: str) -> str:
    """What is to be done, without the 前 that followed its day."""
    return _JOINED.sub("", _BEFORE.sub("", text)).strip()


def written(owners: Collection[str], due: date | None, text: str) -> str:
    """A task as it is typed: "王老师、张老师 9月18日前 交单元卷"."""
    day = f"{day_label(due)}前 " if due else ""
    return f"{'、'.join(owners)} {day}{text}"


def last_day(when: When | None) -> date | None:
    """The last day of what was named: 周五前 includes Friday, 月底前 the month's last day."""
    return when.span[1] if when and when.span else None


async def _digest(group: Group, period: Period) -> list[Figure]:
    """Tasks by their last day, or by the day they were given when none was named."""
    mine = [task async for task in slowly(await found_in(group, Task, "counted", period)) if not task.dropped]
    expected = Expected(group)
    parts = [(task, name) async for task in slowly(mine) for name in await expected.of(task)]
    if not parts:
        return []
    done = sum(name in task.done for task, name in parts)
    late: dict[int, list[str]] = {}
    async for task, name in slowly(parts):
        if name not in task.done and _is_late(task, group):
            late.setdefault(task.id, []).append(name)
    named = {task.id: f"{task.number} {task.text[:20]}" for task in mine if task.id in late}
    detail = tuple(f"还差 {named[number]}：{'、'.join(names)}" for number, names in late.items())
    sources = await traced(mine, lambda x: Source("tasks", x.id, f"{x.label} {len(x.done)}/{len(x.owners)}"))
    return [Figure("任务", f"任务完成 {done}/{len(parts)} 项", detail, sources, done=done, of=len(parts))]


class Expected:
    """Of whom something is expected in the days of a task; looked up once for all tasks of the same days."""

    def __init__(self, group: Group) -> None:
        self._group = group
        self._gone: dict[tuple[date, date], set[str]] = {}

    async def of(self, task: Task) -> list[str]:
        """Its owners but for those who were away for most of its time and have not finished it."""
        given = task.created.date() if task.created else self._group.today
        last = max(given, task.due or given)
        gone = self._gone.get((given, last))
        if gone is None:
            gone = self._gone[given, last] = await self._away(given, last)
        return [name for name in task.owners if name in task.done or name not in gone]

    async def _away(self, first: date, last: date) -> set[str]:
        days = [day for day in each_day(first, last) if self._group.calendar.is_school_day(day)]
        return {*await self._group.teachers()}.difference(await quiet.there(self._group, days))


def _is_late(task: Task, group: Group) -> bool:
    return task.due is not None and datetime.combine(task.due, time.max, group.zone) < group.now


async def _mine(group: Group, member: Member) -> Mine:
    mine = await of_member(group, member.name)
    done = sum(member.name in task.done for task in mine)
    waiting = waiting_for(mine, member.name)
    return Mine((f"完成任务 {done} 项",) if done else (), tuple(f"任务 {task.label}" for task in waiting[:3]))


async def _agenda(group: Group, first: date, last: date, _ended: bool) -> list[Dated]:
    """Tasks with a day, each in the calendars of its owners alone."""
    counts = group.calendar.term_on(group.today) == group.term
    return [
        _dated(task, task.due)
        for task in await due_between(group, first, last)
        if task.due and (counts or task.due <= group.term.last_day)
    ]


def _dated(task: Task, due: date) -> Dated:
    return Dated(
        key=f"t{task.id}",
        title=task.text,
        day=due,
        last=due,
        number=task.number,
        scope=Scope.ALONE,
        parts={name: "已完成" if name in task.done else "要做" for name in task.owners},
        deadline=True,
        cancelled=task.dropped,
        changed=task.changed or task.created,
        revision=task.revision - 1,
    )


async def _deeds(group: Group, member: Member) -> list[Deed]:
    done = [task for task in await of_member(group, member.name) if member.name in task.done]
    return [Deed(task.done[member.name].date(), task.text, f"{task.giver}交办") for task in done]


SUBJECT = Subject(
    "任务",
    records=(Task,),
    digest=_digest,
    mine=_mine,
    agenda=_agenda,
    order=35,
    speaks=True,
    deeds=_deeds,
    amounts=("任务",),
)

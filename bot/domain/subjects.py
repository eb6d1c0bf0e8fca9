"""``SUBJECT``: how help, digest, personal record, export and docs find a subject.

A module of bot/domain that defines ``SUBJECT`` is found by name; there is no list to add it to.
"""

import importlib
import pkgutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import Any, NamedTuple, TypeVar

import bot.domain
from bot.calendar.term import each_day
from bot.domain.dated import Dated
from bot.domain.groups import Group, Numbered
from bot.domain.people import Member
from bot.storage import Record
from bot.turns import give_way

R = TypeVar("R", bound=Record)


LONGEST_MONTH = timedelta(days=31)


@dataclass(frozen=True)
class Period:
    """A span of days, both ends included, with the word people use for it ("9月")."""

    label: str
    first: date
    last: date

    @classmethod
    def month(cls, year: int, number: int) -> "Period":
        """A calendar month."""
        first = date(year, number, 1)
        following = (first + timedelta(days=32)).replace(day=1)
        return cls(f"{number}月", first, following - timedelta(days=1))

    @property
    def is_long(self) -> bool:
        """Longer than a month: a term. Of a shorter one the days are looked up one by one."""
        return self.last - self.first >= LONGEST_MONTH

    def days(self) -> Iterator[date]:
        """Each of them."""
        return each_day(self.first, self.last)

    def holds(self, moment: date | datetime | None) -> bool:
        """Whether a day or moment lies in the period."""
        if moment is None:
            return False
        day = moment.date() if isinstance(moment, datetime) else moment
        return self.first <= day <= self.last

    def end(self, zone: tzinfo | None) -> datetime:
        """The last moment of the period."""
        return datetime.combine(self.last, time.max, zone)


@dataclass(frozen=True)
class Source:
    """One record behind a figure: where it lies and what a person recognises it by.

    ``day`` is when it was done; None for what is only planned, or was not done: it counts in no week's activity.
    """

    table: str
    id: int
    label: str
    day: date | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """As plain values: a report of a year takes fifty thousand to the process that draws it."""
        return _source, (self.table, self.id, self.label, self.day.toordinal() if self.day else 0)


def _source(table: str, number: int, label: str, day: int) -> Source:
    return Source(table, number, label, date.fromordinal(day) if day else None)


class Thanks(NamedTuple):
    """Whom the group thanks for what ("主备"), in no order of merit."""

    what: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Quote:
    """Words that their writer has given to the group, whole; ``title`` is what a list shows of them."""

    member: str
    title: str
    text: str

    @property
    def topic(self) -> str:
        """The title where it says more than the words themselves begin with; "" else."""
        return "" if " ".join(self.text.split()).startswith(self.title.rstrip("…")) else self.title


@dataclass(frozen=True)
class Figure:
    """One figure of the digest.

    ``line`` is what the group reads; ``detail`` what only the leader reads (names of who needs a hand, never a rank);
    ``sources`` are the records the figure was counted from, one each. ``done`` of ``of`` is the figure against the plan
    or the number asked for, as ``line`` says it; None where there is nothing to measure it by. ``aim`` names that where
    the subject's name does not say it. ``amount`` is how much there was of it, which is ``done`` unless another is
    given; None where it is no amount.
    """

    subject: str
    line: str
    detail: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    done: int | None = None
    of: int | None = None
    thanks: tuple[Thanks, ...] = ()
    quotes: tuple[Quote, ...] = ()
    aim: str = ""
    records: int = 0
    amount: int | None = None

    def __post_init__(self) -> None:
        """``records`` is how many sources there are, also where they are left out."""
        object.__setattr__(self, "records", self.records or len(self.sources))
        object.__setattr__(self, "amount", self.done if self.amount is None else self.amount)

    @property
    def measured_as(self) -> str:
        """What ``done`` and ``of`` are numbers of."""
        return self.aim or self.subject


@dataclass(frozen=True)
class Bar:
    """A number to be drawn, beside the one that was planned or asked for."""

    label: str
    done: int
    of: int | None = None


@dataclass(frozen=True)
class Measure:
    """Numbers of the group that belong side by side; a bar is never one person. ``unit`` is a measure word ("节").

    ``shares``: each is what was gone of a whole, and its label says of what.
    """

    title: str
    unit: str
    bars: tuple[Bar, ...]
    done: str = "完成"
    of: str = "计划"
    shares: bool = False


class Mine(NamedTuple):
    """What a member's own record says about a subject: what was done, what is still open."""

    done: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


class Deed(NamedTuple):
    """One thing a member has done, for their own record of the year; ``note`` is what else they may read of it."""

    day: date
    what: str
    note: str = ""


AT_ONCE = 500
"""Records looked at between two turns of the event loop."""

T = TypeVar("T")
N = TypeVar("N", bound=Numbered)


async def slowly(things: Iterable[T]) -> AsyncIterator[T]:
    """Each of a long list; others run in between."""
    for number, one in enumerate(things, start=1):
        yield one
        if number % AT_ONCE == 0:
            await give_way()


async def found_in(group: Group, kind: type[N], by: str, period: Period) -> list[N]:
    """The records of this term whose day lies in a period, by id.

    Args:
        by: the field that holds the day; (term, ``by``) must be an index. Of a month each day is looked up in it, so
            that a month of a full year takes no longer than a month of an empty one.
    """
    term = group.term.name
    if period.is_long:
        every = await group.records.find(kind, term=term)
        return [one async for one in slowly(every) if period.holds(getattr(one, by))]
    found = [one for day in period.days() for one in await group.records.find(kind, term=term, **{by: day})]
    return sorted(found, key=lambda one: one.id)


async def traced(records: Sequence[R], source: Callable[[R], Source]) -> tuple[Source, ...]:
    """The sources of a figure, one for each record."""
    return tuple([source(one) async for one in slowly(records)])


AREAS = ("备课", "听评课", "反思", "组务")
"""The areas of a group's work, in reading order; each keeps its colour from month to month."""

Digest = Callable[[Group, Period], Awaitable[list[Figure]]]
Measures = Callable[[Group, Period], Awaitable[list[Measure]]]
MineOf = Callable[[Group, Member], Awaitable[Mine]]
Deeds = Callable[[Group, Member], Awaitable[list[Deed]]]
Agenda = Callable[[Group, date, date, bool], Awaitable[list[Dated]]]


@dataclass(frozen=True)
class Subject:
    """A subject of the group's work.

    ``agenda``: what it puts into the calendar between two days of the term that counts (bot/domain/agenda.py); the last
    argument asks for what was taken out of the calendar for good as well. ``speaks``: the calendar says something of it
    by itself (a module of schedules has its name as ``TOPIC``), so that the leader can switch that off. ``area``: the
    colour its records have in the chart of a week's activity. ``measures``: charts of its own. ``deeds``: what a member
    has done in the term, one by one, for themselves alone. ``amounts``: names of its figures that a goal of the group
    can be measured by (bot/domain/goals.py).
    """

    name: str
    records: tuple[type[Record], ...] = ()
    digest: Digest | None = None
    mine: MineOf | None = None
    agenda: Agenda | None = None
    order: int = 50
    commands: tuple[str, ...] = field(default=())
    speaks: bool = False
    area: str = AREAS[-1]
    measures: Measures | None = None
    deeds: Deeds | None = None
    amounts: tuple[str, ...] = ()

    @property
    def numbered(self) -> tuple[type[Numbered], ...]:
        """Its records that people name by number."""
        return tuple(kind for kind in self.records if issubclass(kind, Numbered))


@cache
def subjects() -> tuple[Subject, ...]:
    """Every subject of the house, in reading order."""
    found = []
    for info in pkgutil.iter_modules(bot.domain.__path__):
        module = importlib.import_module(f"bot.domain.{info.name}")
        subject = getattr(module, "SUBJECT", None)
        if isinstance(subject, Subject):
            found.append(subject)
    return tuple(sorted(found, key=lambda subject: (subject.order, subject.name)))


async def find_item(group: Group, number: int) -> tuple[Subject, Numbered] | None:
    """Whatever carries ``number`` in this term, with its subject."""
    for subject in subjects():
        for kind in subject.numbered:
            found = await group.records.find(kind, term=group.term.name, number=number)
            if found:
                return subject, found[0]
    return None

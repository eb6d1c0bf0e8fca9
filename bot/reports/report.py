"""What a month or a term of a group comes to (feature F5): the one source of the message, the leader's message, the
picture, Word and Excel.

Each subject says its own figures; nothing is counted here but records by week. All forms are made of one ``Report``,
so they cannot differ.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.calendar.term import each_day
from bot.domain import terms
from bot.domain.groups import Group
from bot.domain.subjects import AREAS, Figure, Measure, Period, Quote, Thanks, slowly, subjects
from bot.reports.coming import Coming, coming_after
from bot.turns import give_way

MOST_QUOTES = 3
"""Reflections that are quoted, of those that were shared."""


@dataclass(frozen=True)
class Week:
    """A teaching week: how many records of it there are in each area of work."""

    label: str
    first: date
    counts: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """Of all areas."""
        return sum(count for _, count in self.counts)


@dataclass(frozen=True)
class Report:
    """A group's month or term.

    Attributes:
        figures: in reading order, with what they were counted from.
        areas: names of all areas of work, in reading order.
        activity: week by week; counted from the figures' sources that have a day. Empty where no charts were asked for.
        measures: charts of the subjects; as ``activity``.
        coming: what the calendar has next; empty for a term.
        made: the moment whose records it was made from.
        days: the first and the last one, as a document names them.
    """

    school: str
    group: str
    period: Period
    figures: tuple[Figure, ...]
    areas: tuple[str, ...]
    activity: tuple[Week, ...]
    measures: tuple[Measure, ...]
    coming: Coming
    made: datetime
    days: str

    def without_records(self) -> "Report":
        """The same without what the figures were counted from, for forms that do not show it."""
        return replace(self, figures=tuple(replace(figure, sources=()) for figure in self.figures))

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The reflections that their writers have shared, the latest last."""
        return tuple(quote for figure in self.figures for quote in figure.quotes)[-MOST_QUOTES:]

    @property
    def thanks(self) -> tuple[Thanks, ...]:
        """Whom the group thanks, by what for."""
        return tuple(thanks for figure in self.figures for thanks in figure.thanks)

    @property
    def measured(self) -> tuple[Figure, ...]:
        """The figures that have a plan or a number asked for beside them."""
        return tuple(figure for figure in self.figures if figure.of)

    @property
    def title(self) -> str:
        """ "9月小结 · 高一语文备课组"."""
        return f"{self.period.label}小结 · {self.group}"


async def build(group: Group, period: Period, *, charts: bool = True) -> Report:
    """Ask every subject for its figures of ``period``.

    Args:
        charts: also for what nothing but a chart shows, which takes as long again.
    """
    figures: list[Figure] = []
    measures: list[Measure] = []
    by_area: list[tuple[str, Sequence[Figure]]] = []
    for subject in subjects():
        await give_way()  # a full year takes a while
        own = await subject.digest(group, period) if subject.digest else []
        figures += own
        by_area.append((subject.area, own))
        measures += await subject.measures(group, period) if subject.measures and charts else []
    return Report(
        school=group.school.name,
        group=group.name,
        period=period,
        figures=tuple(figures),
        areas=AREAS,
        activity=await _weeks(group, period, by_area) if charts else (),
        measures=tuple(measures),
        coming=await coming_after(group, period),
        made=group.now,
        days=terms.told(group, period),
    )


async def _weeks(group: Group, period: Period, by_area: Sequence[tuple[str, Sequence[Figure]]]) -> tuple[Week, ...]:
    """The teaching weeks of the period that have begun; without a single record none."""
    term = group.term
    by_day: Counter[tuple[date, str]] = Counter()
    for area, figures in by_area:
        for figure in figures:
            by_day.update([(each.day, area) async for each in slowly(figure.sources) if each.day])
    counts: Counter[tuple[int, str]] = Counter()
    for (day, area), number in by_day.items():
        counts[term.week_of(day), area] += number
    if not counts:
        return ()
    days = each_day(max(period.first, term.first_day), min(period.last, term.last_day, group.today))
    taught = {term.week_of(day) for day in days if group.calendar.is_school_day(day)}
    weeks = {week for week, _ in counts} | taught
    return tuple(
        Week(
            f"第{week}周" if week > 0 else "准备周",
            term.bounds(week)[0],
            tuple((area, counts[week, area]) for area in AREAS),
        )
        for week in sorted(weeks)
    )

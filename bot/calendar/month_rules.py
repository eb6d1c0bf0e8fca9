"""The rules of repetition that count by months."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from bot.calendar.entries import Entry
from bot.calendar.spans import (
    PARTS,
    Month,
    School,
    Span,
    exact,
    is_count,
    month_bounds,
    month_day,
    month_end,
    month_span,
    numbers,
    on_date,
)
from bot.calendar.term import each_day, week_start

POSITIONS = {"start": "初", "end": "底"}
# A month of which the term has fewer school days than this is none of its months (31 August alone).
FEWEST_SCHOOL_DAYS = 5


def monthly(entry: Entry, school: School) -> list[Span]:
    """Each month of the term on its days, in its part (月初, 月底), or anywhere in it."""
    months = _named_months(entry, school)
    if days := numbers(entry.month_day):
        found = sorted({month_day(month, day) for month in months for day in days})
        return [exact(day) for day in found if school.term.contains(day)]
    months = [month for month in months if len(school_days(month, school)) >= FEWEST_SCHOOL_DAYS]
    if entry.month_pos:
        return [month_span(month, POSITIONS[entry.month_pos]) for month in months]
    return [] if is_count(entry) else [month_span(month) for month in months]


def _named_months(entry: Entry, school: School) -> list[Month]:
    """The term's months; when the entry names some, only those."""
    return [month for month in school.months() if not entry.months or month[1] in entry.months]


def school_days(month: Month, school: School) -> list[date]:
    """The school days that the month has in the term."""
    return [day for day in school.calendar.school_days(*month_bounds(month)) if school.term.contains(day)]


def monthly_week(entry: Entry, school: School) -> list[Span]:
    """每月第几周: of each month with at least five school days in the term.

    Week 1 is the calendar week (Monday to Sunday) in which the month's first school day lies, week -1 that of its last.
    With a weekday it is the n-th such weekday of the month; when that day is lost, the next school day of the month
    that runs this weekday (from the end: the one before). When two months claim one week it counts for the later.
    """
    spans: dict[date, Span] = {}
    for month in _named_months(entry, school):
        days = school_days(month, school)
        if len(days) >= FEWEST_SCHOOL_DAYS:
            spans.update({span.first: span for span in _weeks_of_month(entry, month, days, school)})
    return list(spans.values())


def _weeks_of_month(entry: Entry, month: Month, days: list[date], school: School) -> Iterator[Span]:
    """What the entry names in one month, which has the school days ``days``."""
    for position in numbers(entry.week_of_month):
        weekdays = numbers(entry.weekday)
        named = [nth_weekday(month, position, weekday, school) for weekday in weekdays]
        yield from (span for span in named or [nth_week(month, position, days)] if span)


def nth_week(month: Month, position: int, school_days: list[date]) -> Span | None:
    """The week at ``position`` (1, 2 … or -1, -2 …) of a month with these school days; None if it has none."""
    from_end = position < 0
    base = week_start(school_days[-1] if from_end else school_days[0])
    first = base + timedelta(weeks=position + 1 if from_end else position - 1)
    last = first + timedelta(days=6)
    if not any(first <= day <= last for day in each_day(*month_bounds(month))):
        return None
    return Span(f"m{month[1]:02}w{position}", first, last)


def nth_weekday(month: Month, position: int, weekday: int, school: School) -> Span | None:
    """The n-th ``weekday`` of the month, or its replacement; None when the month has none."""
    named = [day for day in each_day(*month_bounds(month)) if day.isoweekday() == weekday]
    index = position if position < 0 else position - 1
    if not -len(named) <= index < len(named):
        return None
    running = school.running(*month_bounds(month), [weekday])
    if position < 0:
        return next((exact(day) for day in reversed(running) if day <= named[index]), None)
    return next((exact(day) for day in running if day >= named[index]), None)


def in_month(entry: Entry, school: School) -> list[Span]:
    """Named months, whole or a 旬 of them; consecutive whole months are one due time."""
    if entry.date:
        return on_date(entry, school)
    months = _named_months(entry, school) if entry.months else []
    if entry.xun is None:
        return [
            Span(f"m{run[0][1]:02}" + (f"-{run[-1][1]:02}" if run[1:] else ""), date(*run[0], 1), month_end(run[-1]))
            for run in _consecutive(months)
        ]
    return [month_span(month, part) for month, part in _month_parts(entry, months)]


def _month_parts(entry: Entry, months: list[Month]) -> Iterator[tuple[Month, str]]:
    """Each month with its part: lists of equal length go together, else every month has every part."""
    parts = [entry.xun] if isinstance(entry.xun, str) else list(entry.xun or [])
    named = entry.months or []
    pairwise_meant = len(parts) == len(named)
    for month in months:
        own = [parts[named.index(month[1])]] if pairwise_meant else parts
        yield from ((month, part) for part in own if part in PARTS)


def _consecutive(months: list[Month]) -> list[list[Month]]:
    """``months`` cut where one is missing."""
    runs = [months[:1]] if months else []
    for one, other in pairwise(months):
        if other[1] == one[1] % 12 + 1:
            runs[-1].append(other)
        else:
            runs.append([other])
    return runs

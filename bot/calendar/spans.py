"""Spans of school days: what a rule of repetition names before anybody asks whether there is school."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from bot.calendar.entries import Entry
from bot.calendar.term import SchoolCalendar, Term, each_day

Month = tuple[int, int]

# First and last day of a part of a month; 31 stands for the month's end. 月初 reaches as far as 上旬, so that National
# Day does not swallow it.
PARTS = {
    "上": (1, 10),
    "初": (1, 10),
    "中": (11, 20),
    "下": (21, 31),
    "底": (25, 31),
    "中下": (11, 31),
    "上中": (1, 20),
}
PART_KEYS = {"上": "a", "初": "start", "中": "b", "下": "c", "底": "end", "中下": "bc", "上中": "ab"}


class Span(NamedTuple):
    """One due time: ``first`` to ``last``, both included.

    ``exact`` means that the plan names this very day. A span that is not ``required`` (a weekly habit) lapses when it
    has no school day; any other is moved to the nearest one.
    """

    key: str
    first: date
    last: date
    exact: bool = False
    required: bool = True


class School(NamedTuple):
    """What a rule may ask: the term and the school's days."""

    term: Term
    calendar: SchoolCalendar

    def running(self, first: date, last: date, weekdays: Sequence[int]) -> list[date]:
        """The school days of the term from ``first`` to ``last`` that run the timetable of one of ``weekdays``."""
        days = each_day(max(first, self.term.first_day), min(last, self.term.last_day))
        return [day for day in days if self.calendar.runs_weekday(day) in weekdays]

    def months(self) -> list[Month]:
        """The months that the term touches, from its preparation week on."""
        days = each_day(self.term.preparation_day, self.term.last_day)
        return list(dict.fromkeys((day.year, day.month) for day in days))


def week_span(term: Term, first: int, last: int | None = None) -> Span:
    """Teaching weeks ``first`` to ``last``, key "w03" or "w02-03"."""
    last = first if last is None else last
    key = f"w{first:02}" if first == last else f"w{first:02}-{last:02}"
    return Span(key, term.bounds(first)[0], term.bounds(last)[1])


def month_span(month: Month, part: str | None = None) -> Span:
    """A month, key "m09", or a part of it, key "m09-c" (下旬)."""
    if part is None:
        return Span(f"m{month[1]:02}", *month_bounds(month))
    first, last = PARTS[part]
    return Span(f"m{month[1]:02}-{PART_KEYS[part]}", month_day(month, first), month_day(month, last))


def exact(day: date) -> Span:
    """One very day, key "2026-09-09"."""
    return Span(day.isoformat(), day, day, exact=True)


def month_bounds(month: Month) -> tuple[date, date]:
    """The first and the last day of a month."""
    return date(*month, 1), month_end(month)


def month_end(month: Month) -> date:
    """The last day of a month."""
    return date(*month, monthrange(*month)[1])


def month_day(month: Month, day: int) -> date:
    """Day ``day`` of a month; one that the month does not have (31 November) is its last."""
    return date(*month, max(1, min(day, monthrange(*month)[1])))


def numbers(value: int | list[int] | None) -> list[int]:
    """A detail that may be missing, one number or several, as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def is_count(entry: Entry) -> bool:
    """每周两次, at least, a quota: how often, not when."""
    return entry.count is not None or bool(entry.at_least) or bool(entry.quota)


def on_date(entry: Entry, school: School) -> list[Span]:
    """One date, or from one to another; 期末 as the end is the last day of the term."""
    first = entry.date or entry.date_from
    if first is None:
        return []
    last = until(entry, school.term) or first
    return [Span(first.isoformat(), first, last, exact=first == last and not entry.approx)]


def until(entry: Entry, term: Term) -> date | None:
    """The entry's ``date_to``: a date, an ISO string as a stored entry has it, or 期末 (the term's last day)."""
    if entry.date_to is None or isinstance(entry.date_to, date):
        return entry.date_to
    try:
        return date.fromisoformat(entry.date_to)
    except ValueError:  # words
        return term.last_day

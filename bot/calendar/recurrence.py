"""From an entry of a plan to the days on which it falls due in a term."""

from dataclasses import dataclass, field
from datetime import date, time
from functools import lru_cache

from pydantic import BaseModel, ConfigDict

from bot.calendar.entries import Entry
from bot.calendar.rules import RULES
from bot.calendar.spans import School, Span, until
from bot.calendar.term import SchoolCalendar, Term, TimePair, each_day
from bot.calendar.timetable import parse_time


class Occasion(BaseModel):
    """One time that an entry falls due.

    ``key`` is unique and stable within the term: the day ("2026-09-09"), or what the plan names ("w03", "w02-03",
    "m09", "m12-b" = 中旬, "m10w-1" = the month's last week, "mid+3d", "end"). ``day`` is the day it happens, or for
    anything wider the first day of the span on which teachers are at school; ``last`` the span's last day. ``start``
    and ``end`` are set when the plan names a time, or lessons that the bells know. ``precise``: the very day is known.
    """

    model_config = ConfigDict(defer_build=True, frozen=True)

    key: str
    day: date
    last: date
    start: time | None = None
    end: time | None = None
    precise: bool = False


def dates(entry: Entry, term: Term, calendar: SchoolCalendar) -> list[Occasion]:
    """When ``entry`` falls due in ``term``, in order.

    Args:
        entry: sure or not; whether it may be posted is for the caller to ask.
        term: must be one of the calendar's terms, else there are no school days.
        calendar: the school's days and bells.

    Returns:
        Occasions from the preparation week to the term's last day. Precise ones lie on school days (in the preparation
        week on working days). A date on which there is no school is announced on the last school day before it, as not
        precise; one in the half of a day that is taken off, on that day; what a weekday names lapses then. Nothing for
        贯穿学期, 不定期, quotas without a day, empty rows, other terms, and dates outside the term (``out_of_term``
        tells which entries lie outside).
    """
    return list(_answer(_Question(repr(vars(entry)), term, calendar, entry)))


@dataclass(frozen=True)
class _Question:
    """What ``dates`` was asked. ``words`` stands for the entry, whose lists cannot be hashed."""

    words: str
    term: Term
    calendar: SchoolCalendar
    entry: Entry = field(compare=False)


@lru_cache(maxsize=2048)
def _answer(question: _Question) -> tuple[Occasion, ...]:
    """A term is walked through day by day, and the same few entries are asked for at every tick of the alarm."""
    entry, term = question.entry, question.term
    rule = RULES.get(entry.kind)
    if rule is None or entry.empty or not _of_this_term(entry, term):
        return ()
    school = School(term, question.calendar)
    spans = {span.key: span for span in rule(entry, school)}
    found = [_occasion(span, entry, school) for span in spans.values()]
    return tuple(sorted((one for one in found if one), key=lambda one: (one.day, one.last, one.key)))


def out_of_term(entry: Entry, term: Term) -> bool:
    """Whether the entry names a date of its own that lies wholly before the preparation week or after the term."""
    first = entry.date or entry.date_from
    if first is None:
        return False
    last = until(entry, term) or first
    return last < term.preparation_day or first > term.last_day


def _of_this_term(entry: Entry, term: Term) -> bool:
    """An entry may belong to one term of the school year: 1 begins in late summer, 2 in early spring."""
    return entry.term is None or entry.term == (1 if term.first_day.month >= 7 else 2)


def _occasion(span: Span, entry: Entry, school: School) -> Occasion | None:
    first, last = max(span.first, school.term.preparation_day), min(span.last, school.term.last_day)
    if first > last:
        return None
    day = _first_day(first, last, school)
    precise = span.exact and day is not None
    if day is None and span.required:
        day = _nearest_day(first, school)
    if day is None:
        return None
    start, end = _times(entry, day, school.calendar)
    if precise and school.calendar.is_free_at(day, start, entry.half):
        if entry.weekday is not None:
            return None
        precise, start, end = False, None, None
    return Occasion(key=span.key, day=day, last=max(day, last), start=start, end=end, precise=precise)


def _first_day(first: date, last: date, school: School) -> date | None:
    """The first school day of the span, else its first working day (the preparation week)."""
    days = list(each_day(first, last))
    lessons = (day for day in days if school.calendar.is_school_day(day))
    return next(lessons, next((day for day in days if school.calendar.is_work_day(day)), None))


def _nearest_day(first: date, school: School) -> date | None:
    """The last day of the term with school before ``first``, so that it is said in time; else the first after it."""
    term, calendar = school.term, school.calendar
    before = [day for day in each_day(term.preparation_day, first) if calendar.is_work_day(day)]
    after = (day for day in each_day(first, term.last_day) if calendar.is_work_day(day))
    return before[-1] if before else next(after, None)


def _times(entry: Entry, day: date, calendar: SchoolCalendar) -> TimePair | tuple[time | None, time | None]:
    if entry.time:
        return parse_time(entry.time), parse_time(entry.time_to) if entry.time_to else None
    periods = calendar.lessons_meant(day, entry.periods or (), entry.half)
    return (calendar.lessons_span(day, periods) if periods else None) or (None, None)

"""Terms, teaching weeks, the school's own changes and its bells.

Whether there is school on a day is answered in this order: outside every term no; the school's own swap; the published
holidays; Monday to Friday (``published`` is False then). Weekdays count 1 (Monday) to 7 (Sunday), weeks from 1.
"""

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Literal, LiteralString, Self

from pydantic import BaseModel, ConfigDict, field_validator, model_validator
from pydantic_core import PydanticCustomError

from bot.calendar.holidays import PublicDay, public_day
from bot.calendar.names import day_label
from bot.calendar.timetable import Bells, Half, Swap, TimePair, parse_time, swaps_of, timetable_note

Parity = Literal["odd", "even"]

# How long before week 1 a day already counts towards the coming term.
AHEAD = timedelta(weeks=4)
NOON = time(12, 0)
HALVES = ("上午", "下午")

_WEEKS = "一个学期有 1 到 30 个教学周\uff0c不能是 {weeks} 周"
_WEEK = "{label}在第 {week} 周\uff0c但这个学期只有 {weeks} 周"
_ORDER = "期中第 {mid} 周不能晚于期末第 {final} 周"
_END = "{day}不在最后一周\uff08第 {weeks} 周\uff09里"
_OVERLAP = "学期“{one}”和“{other}”的日期重叠"


class _Frozen(BaseModel):
    model_config = ConfigDict(defer_build=True, frozen=True, extra="forbid")


class Term(_Frozen):
    """One term of a school.

    ``first_day`` is the first day with lessons; week 1 is the calendar week in which it lies, beginning on the weekday
    ``week_starts_on``. Week 0 is the preparation week before it. ``ends`` is the last day where the last week is
    short. ``moved_on`` are the days on which its weeks were moved by weeks: what a week is called by, it means another
    week from then on.
    """

    name: str
    first_day: date
    weeks: int
    midterm_week: int
    final_week: int
    week_starts_on: Literal["monday", "sunday"] = "monday"
    ends: date | None = None
    moved_on: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _weeks_fit(self) -> Self:
        if not 1 <= self.weeks <= 30:
            raise _error(_WEEKS, weeks=self.weeks)
        for label, week in (("期中", self.midterm_week), ("期末", self.final_week)):
            if not 1 <= week <= self.weeks:
                raise _error(_WEEK, label=label, week=week, weeks=self.weeks)
        if self.midterm_week > self.final_week:
            raise _error(_ORDER, mid=self.midterm_week, final=self.final_week)
        if self.ends and (self.ends < self.first_day or self.week_of(self.ends) != self.weeks):
            raise _error(_END, day=day_label(self.ends), weeks=self.weeks)
        return self

    @property
    def start(self) -> date:
        """The first day of week 1 (a Monday, or a Sunday); not after ``first_day``."""
        return week_start(self.first_day, self.week_starts_on)

    @property
    def last_day(self) -> date:
        """The last day of the last week, or the one on which the term ends before."""
        return self.ends or self.start + timedelta(days=7 * self.weeks - 1)

    @property
    def preparation_day(self) -> date:
        """The first day of the preparation week."""
        return self.bounds(0)[0]

    def week_of(self, day: date) -> int:
        """The teaching week of ``day``: 0 = preparation week, negative before it, above ``weeks`` after the term."""
        return (day - self.start).days // 7 + 1

    def bounds(self, week: int) -> tuple[date, date]:
        """First and last day of teaching week ``week``, which may lie outside the term."""
        first = self.start + timedelta(weeks=week - 1)
        return first, first + timedelta(days=6)

    def contains(self, day: date) -> bool:
        """Whether ``day`` is between the first and the last day; the preparation week is not."""
        return self.first_day <= day <= self.last_day

    def prepares(self, day: date) -> bool:
        """Whether ``day`` lies before the first day, in the preparation week or in a week 1 that begins later."""
        return self.preparation_day <= day < self.first_day

    def parity(self, week: int) -> Parity:
        """单周 (odd) or 双周 (even)."""
        return "odd" if week % 2 else "even"


class SchoolCalendar(_Frozen):
    """All that is known of a school's days. ``grade`` ("高一") asks for one grade; None leaves out swaps of grades."""

    terms: tuple[Term, ...] = ()
    swaps: tuple[Swap, ...] = ()
    bells: tuple[Bells, ...] = ()

    @field_validator("terms")
    @classmethod
    def _terms_apart(cls, terms: tuple[Term, ...]) -> tuple[Term, ...]:
        terms = tuple(sorted(terms, key=lambda term: term.first_day))
        for one, other in pairwise(terms):
            if other.start <= one.last_day:
                raise _error(_OVERLAP, one=one.name, other=other.name)
        return terms

    def term_on(self, day: date) -> Term | None:
        """The term that ``day`` counts towards.

        The term it lies in; else the coming one, from four weeks before its week 1; else, in the holidays, the one that
        ended last. None when there is none of these.
        """
        last = None
        for term in self.terms:
            if day <= term.last_day:
                return term if day >= term.start - AHEAD else last
            last = term
        return last

    def week_of(self, day: date) -> int | None:
        """The teaching week of ``day`` in ``term_on(day)``; 0 or less before week 1, None without a term."""
        term = self.term_on(day)
        return term.week_of(day) if term else None

    def swap_on(self, day: date, grade: str | None = None) -> Swap | None:
        """The school's own swap of ``day``: one of this grade before one for everybody."""
        return next((swap for swap in swaps_of(self.swaps, day, grade) if swap.half is None), None)

    def half_off(self, day: date, grade: str | None = None) -> Half | None:
        """The half of a school day that the school has taken off."""
        halves = [swap.half for swap in swaps_of(self.swaps, day, grade) if swap.half]
        return halves[0] if len(halves) == 1 else None

    def is_free_at(self, day: date, begin: time | None, half: str | None = None) -> bool:
        """Whether what begins at ``begin``, or lies in ``half`` of the day, falls into a half taken off.

        下午 reaches from 12:00 to the night. False when nobody knows the hour.
        """
        off = self.half_off(day)
        if begin:
            half = "上午" if begin < NOON else "下午"
        return off is not None and (half == off or (off == "下午" and half == "晚上"))

    def is_school_day(self, day: date, grade: str | None = None) -> bool:
        """Whether lessons are given on ``day``; never outside a term."""
        return any(term.contains(day) for term in self.terms) and self._works(day, grade)

    def is_work_day(self, day: date, grade: str | None = None) -> bool:
        """Whether teachers are at school: a school day, or a day without holiday in the preparation week."""
        known = any(term.contains(day) or term.prepares(day) for term in self.terms)
        return known and self._works(day, grade)

    def _works(self, day: date, grade: str | None) -> bool:
        swaps = swaps_of(self.swaps, day, grade)
        whole = next((swap for swap in swaps if swap.half is None), None)
        both = len(swaps) - bool(whole) == len(HALVES)
        return not both and (whole.runs != "off" if whole else public_day(day).works)

    def runs_weekday(self, day: date, grade: str | None = None) -> int | None:
        """The weekday whose timetable runs on ``day``.

        None when there is no school, and also on a make-up day (``is_school_day`` is true then) of which neither the
        school nor the pairing rule of ``holidays.replaced_day`` tells the weekday: it has to be asked.
        """
        if not self.is_school_day(day, grade):
            return None
        swap = self.swap_on(day, grade)
        return swap.weekday if swap else public_day(day).runs

    def day_note(self, day: date, grade: str | None = None) -> str | None:
        """What is special about ``day``: "中秋节", "调休\uff0c按周二课表", the note of a swap; None for a plain day."""
        swaps = swaps_of(self.swaps, day, grade)
        public = [] if any(swap.half is None for swap in swaps) else [_public_note(day, public_day(day))]
        return "\uff0c".join(note for note in [*public, *[swap.text for swap in swaps]] if note) or None

    def published(self, day: date, grade: str | None = None) -> bool:
        """Whether the holidays of ``day`` are known: the year's notice is out, or the school has said it itself."""
        return self.swap_on(day, grade) is not None or public_day(day).published

    def school_days(self, first: date, last: date, grade: str | None = None) -> list[date]:
        """The school days from ``first`` to ``last``, both included; empty when ``last`` is earlier."""
        return [day for day in each_day(first, last) if self.is_school_day(day, grade)]

    def next_school_day(self, day: date, grade: str | None = None) -> date | None:
        """The first school day after ``day`` itself; None when no term has one."""
        for term in self.terms:
            begin = max(term.first_day, day + timedelta(days=1))
            found = next((d for d in each_day(begin, term.last_day) if self.is_school_day(d, grade)), None)
            if found:
                return found
        return None

    def bells_on(self, day: date) -> Bells | None:
        """The bell table valid on ``day``: the latest that has begun."""
        begun = [bells for bells in self.bells if bells.valid_from <= day]
        return max(begun, key=lambda bells: bells.valid_from, default=None)

    def lesson_times(self, day: date, period: int) -> TimePair | None:
        """Begin and end of lesson ``period`` by the bells of ``day``; None without bells or such a lesson."""
        bells = self.bells_on(day)
        return bells.times(period) if bells else None

    def lessons_span(self, day: date, periods: Sequence[int]) -> TimePair | None:
        """From the begin of the first to the end of the last of ``periods``; None when one of them has no time."""
        pairs = [self.lesson_times(day, period) for period in sorted(periods)]
        known = [pair for pair in pairs if pair]
        return (known[0][0], known[-1][1]) if known and len(known) == len(pairs) else None

    def afternoon_lesson(self, day: date, number: int) -> int | None:
        """The lesson number of 下午第``number``节: lessons of the afternoon begin at 12:00 or later."""
        bells = self.bells_on(day)
        if bells is None:
            return None
        later = [n for n, (begin, _) in enumerate(bells.lessons, start=1) if parse_time(begin) >= NOON]
        return later[number - 1] if 1 <= number <= len(later) else None

    def lessons_meant(self, day: date, periods: Sequence[int], half: str | None = None) -> tuple[int, ...]:
        """The lesson numbers of ``day`` that were meant.

        下午第2节 counts from noon when lesson 2 itself is in the morning, 下午第8节 is lesson 8. Without bells the
        numbers stay as they are; empty when the afternoon has no such lesson.
        """
        afternoon = self.afternoon_lesson(day, 1)
        if half != "下午" or afternoon is None or min(periods, default=afternoon) >= afternoon:
            return tuple(periods)
        counted = [self.afternoon_lesson(day, number) for number in periods]
        known = tuple(number for number in counted if number)
        return known if len(known) == len(counted) else ()


@lru_cache(maxsize=256)
def week_start(day: date, week_starts_on: Literal["monday", "sunday"] = "monday") -> date:
    """The first day of the calendar week of ``day``."""
    back = day.weekday() if week_starts_on == "monday" else day.isoweekday() % 7
    return day - timedelta(days=back)


def each_day(first: date, last: date) -> Iterator[date]:
    """The days from ``first`` to ``last``, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _error(text: LiteralString, **context: object) -> PydanticCustomError:
    """A validation error that shows its Chinese sentence without pydantic's "Value error"."""
    return PydanticCustomError("term", text, context)


def _public_note(day: date, known: PublicDay) -> str | None:
    if known.makeup:
        return timetable_note(day, known.runs)
    return known.holiday


__all__ = ["AHEAD", "Bells", "Parity", "SchoolCalendar", "Swap", "Term", "TimePair", "each_day", "week_start"]

"""The rules of repetition: one function for each kind of entry that names a time, listed in ``RULES``.

贯穿学期 and 不定期 have none. A rule does not look beyond the term and does not ask whether a span has school;
``recurrence.dates`` does.
"""

from collections.abc import Callable
from datetime import date, timedelta

from bot.calendar.entries import Entry, Kind
from bot.calendar.month_rules import in_month, monthly, monthly_week
from bot.calendar.spans import School, Span, exact, is_count, numbers, on_date, until, week_span
from bot.calendar.term import Term

OFFSETS = {"before": -1, "after": 1}
# 学期末 are the last weeks.
END_WEEKS = 3


def weekly(entry: Entry, school: School) -> list[Span]:
    """Each week, or each week of the parity: the running weekdays, without weekday the week itself.

    每两周一次 is such a week once its parity is known; 每周两次 says how often, not when: nothing.

    A fortnight without parity has to be asked: nothing. Parity is that of the week in which the day itself lies, also
    for a make-up day.
    """
    term = school.term
    weeks = [week for week in range(1, term.weeks + 1) if _in_weeks(entry, week)]
    if entry.kind is Kind.BIWEEKLY:
        weeks = [week for week in weeks if term.parity(week) == entry.parity]
    weekdays = numbers(entry.weekday)
    if not weekdays:
        once = entry.model_copy(update={"count": None}) if entry.kind is Kind.BIWEEKLY and entry.count == 1 else entry
        return [] if is_count(once) else [week_span(term, week)._replace(required=False) for week in weeks]
    days = [day for week in weeks for day in school.running(*term.bounds(week), weekdays)]
    return [exact(day) for day in days if _in_dates(entry, day, term)]


def week_number(entry: Entry, school: School) -> list[Span]:
    """Teaching weeks, 0 (preparation) to the last; a row's own dates are taken before the computed ones."""
    if entry.date:
        return [exact(entry.date)]
    return [span for weeks in _week_runs(entry) for span in _weeks_span(entry, weeks, school)]


def _week_runs(entry: Entry) -> list[tuple[int, int]]:
    """The stretches of weeks that are one due time each: a range is one, a list one for each week."""
    weeks = entry.weeks or []
    if entry.as_list or len(weeks) != 2:
        return [(week, week) for week in weeks]
    return [(weeks[0], weeks[1])]


def _weeks_span(entry: Entry, weeks: tuple[int, int], school: School) -> list[Span]:
    term = school.term
    low, high = max(weeks[0], 0), min(weeks[1], term.weeks)
    if low > high:
        return []
    span = week_span(term, low, high)
    if days := school.running(span.first, span.last, numbers(entry.weekday)):
        return [exact(day) for day in days]
    if not entry.as_list:
        last = entry.deadline if isinstance(entry.deadline, date) else until(entry, term)
        span = span._replace(first=entry.date_from or span.first, last=last or span.last)
    return [span]


def term_start(entry: Entry, school: School) -> list[Span]:
    """The named weeks; before 开学 the preparation week; else week 1."""
    if entry.date:
        return on_date(entry, school)
    if entry.weeks:
        return week_number(entry, school)
    return [week_span(school.term, 0 if entry.before else 1)]


def term_mid(entry: Entry, school: School) -> list[Span]:
    """The midterm week, or so many weeks before or after it."""
    return _around(entry, school, school.term.midterm_week, "mid")


def term_end(entry: Entry, school: School) -> list[Span]:
    """Around the final exams' week, before the holidays, or 学期末: the last three weeks."""
    term = school.term
    if entry.before:  # counted from the first week of the holidays
        return _around(entry.model_copy(update={"offset": entry.offset or "before"}), school, term.weeks + 1, "out")
    if entry.anchor or entry.offset or entry.offset_weeks or entry.within_days or entry.date or entry.weeks:
        return _around(entry, school, term.final_week, "final")
    return [week_span(term, max(1, term.weeks - END_WEEKS + 1), term.weeks)._replace(key="end")]


def _around(entry: Entry, school: School, week: int, name: str) -> list[Span]:
    """A span counted from an exam's week, kept within weeks 1 to the last.

    Within n days after it: from the week's last school day on, since the plan does not say on which day exams end.
    """
    if entry.date:
        return on_date(entry, school)
    if entry.weeks:
        return week_number(entry, school)
    term = school.term
    if entry.within_days:
        first = max(school.calendar.school_days(*term.bounds(week)), default=term.bounds(week)[1])
        return [Span(f"{name}+{entry.within_days}d", first, first + timedelta(days=entry.within_days))]
    shift = entry.offset_weeks if entry.offset_weeks is not None else OFFSETS.get(entry.offset or "", 0)
    return [week_span(term, min(max(week + shift, 1), term.weeks))]


def _in_weeks(entry: Entry, week: int) -> bool:
    weeks = entry.weeks or []
    named = any(low <= week <= high for low, high in _week_runs(entry)) if weeks else True
    return named and week >= (entry.from_week or 0) and week not in (entry.except_weeks or [])


def _in_dates(entry: Entry, day: date, term: Term) -> bool:
    last = until(entry, term) or day
    named = not entry.months or day.month in entry.months
    return named and (entry.date_from or day) <= day <= last and day != entry.cancelled_date


RULES: dict[Kind, Callable[[Entry, School], list[Span]]] = {
    Kind.WEEKLY: weekly,
    Kind.BIWEEKLY: weekly,
    Kind.MONTHLY: monthly,
    Kind.MONTHLY_WEEK: monthly_week,
    Kind.WEEK_NUMBER: week_number,
    Kind.DATE: on_date,
    Kind.MONTH: in_month,
    Kind.TERM_START: term_start,
    Kind.TERM_MID: term_mid,
    Kind.TERM_END: term_end,
}

"""What has to be said beside a typed time: that it has passed, that there is no school, whose timetable runs."""

from datetime import date, datetime, time

from bot.calendar.names import weekday_name
from bot.calendar.term import SchoolCalendar

PASSED, ROLLED = "已经过了", "今天的已经过了\uff0c算下周"


def note_of(
    span: tuple[date, date] | None, begin: time | None, today: date, now: datetime | None, calendar: SchoolCalendar
) -> str:
    """The remarks on a time that looks ahead, joined; empty for a plain school day to come.

    ``span`` is the first and last day that was named, ``begin`` the clock time.
    """
    if span is None:
        return ""
    first, last = span
    notes = [PASSED] if last < today or (last == today and _over(begin, now)) else []
    if first == last:
        notes += [_school_note(first, calendar)]
    return "\uff0c".join(note for note in notes if note)


def _over(begin: time | None, now: datetime | None) -> bool:
    return begin is not None and now is not None and begin <= now.time()


def _school_note(day: date, calendar: SchoolCalendar) -> str:
    note = calendar.day_note(day)
    if calendar.is_school_day(day):
        return note or ""
    if not calendar.terms:
        return ""
    if not any(term.contains(day) for term in calendar.terms):
        return note or ("还没开学" if calendar.is_work_day(day) else "不在学期里")
    return f"{note or weekday_name(day.isoweekday())}\uff0c不上课"

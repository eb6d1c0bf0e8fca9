"""Days of a plan: the year is told by the term, an impossible day becomes the month's last and is doubted."""

from calendar import monthrange
from datetime import date, timedelta

from bot.calendar.reading.context import PlanContext


def on_day(month: int, day: int, year: int | None, context: PlanContext) -> tuple[date, bool] | None:
    """The date meant by month and day, and whether it exists as written.

    Without a year the one is taken in which the day lies nearest to the term. 11月31日 gives 30 November and False.
    None when there is no such month, or no day 1–31.
    """
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    years = [year] if year else [context.term.first_day.year + step for step in (0, 1, -1)]
    found = [_clamped(candidate, month, day) for candidate in years if 1900 < candidate < 2200]
    return min(found, key=lambda pair: _distance(pair[0], context), default=None)


def weekday_near(base: date, weeks: int, weekday: int) -> date:
    """The weekday (1–7) of the week that lies ``weeks`` after the week of ``base``."""
    return base - timedelta(days=base.weekday()) + timedelta(weeks=weeks, days=weekday - 1)


def grid_start(day: int, week: int, context: PlanContext) -> date | None:
    """The date with this day of the month nearest to a teaching week's Monday (tables that give bare days)."""
    monday = context.term.monday(week)
    near = [monday + timedelta(days=step) for step in range(-7, 8)]
    return min((one for one in near if one.day == day), key=lambda one: abs(one - monday), default=None)


def _clamped(year: int, month: int, day: int) -> tuple[date, bool]:
    last = monthrange(year, month)[1]
    return date(year, month, min(day, last)), day <= last


def _distance(day: date, context: PlanContext) -> timedelta:
    first, last = context.term.first_day, context.term.last_day
    return max(first - day, day - last, timedelta())

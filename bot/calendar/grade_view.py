"""The school's calendar as one grade sees it: what is said for that grade, or for everybody."""

from functools import lru_cache

from bot.calendar.term import SchoolCalendar
from bot.calendar.timetable import swaps_of


def seen_by(calendar: SchoolCalendar, grade: str | None) -> SchoolCalendar:
    """``calendar`` for ``grade``: its swaps are those that hold for it, and nobody has to name the grade any more.

    None is a group of no one grade: swaps of single grades do not concern it.
    """
    return _with_swaps_of(calendar, grade) if calendar.swaps else calendar


@lru_cache(maxsize=64)
def _with_swaps_of(calendar: SchoolCalendar, grade: str | None) -> SchoolCalendar:
    days = sorted({swap.date for swap in calendar.swaps})
    own = [swap for day in days for swap in swaps_of(calendar.swaps, day, grade)]
    plain = tuple(swap.model_copy(update={"grades": (), "without": ()}) for swap in own)
    return SchoolCalendar(terms=calendar.terms, swaps=plain, bells=calendar.bells)

"""What the State Council published: days off, and weekend days that are worked instead.

Source: the package ``chinesecalendar`` (yearly notice of the State Council's office), which has no data beyond the last
notice. For other years only the days that the law itself fixes are known (全国年节及纪念日放假办法, 2024-11-10, §2):
New Year, two days of May and three of October; everything else is "not published".
"""

from datetime import date
from functools import lru_cache

import chinese_calendar  # type: ignore[import-untyped]
from chinese_calendar.constants import Holiday, in_lieu_days, workdays  # type: ignore[import-untyped]
from pydantic import BaseModel, ConfigDict

_FIXED = {(1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节", (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节"}
# The package shortens these two names.
_NAMES = {Holiday.tomb_sweeping_day: "清明节", Holiday.national_day: "国庆节", Holiday.mid_autumn_festival: "中秋节"}


class PublicDay(BaseModel):
    """What is known of one day outside any school.

    ``works`` is whether offices and schools work, ``holiday`` the Chinese name of the festival it belongs to (also for
    a make-up day), ``runs`` the weekday (1 to 7) whose timetable would run: the day's own, on a make-up day that of
    ``replaces``, None when it cannot be told or nothing runs. ``published`` is False for a year without notice.
    """

    model_config = ConfigDict(defer_build=True, frozen=True)

    works: bool
    holiday: str | None = None
    runs: int | None = None
    makeup: bool = False
    replaces: date | None = None
    published: bool = True


@lru_cache(maxsize=4096)
def public_day(day: date) -> PublicDay:
    """What the notices say of ``day``; never fails, also not for years without a notice."""
    try:
        works = chinese_calendar.is_workday(day)
    except NotImplementedError:  # the package's way to say that the year is not published
        return _unpublished(day)
    name = _holiday_name(day)
    if not works:
        return PublicDay(works=False, holiday=name)
    if day not in workdays:
        return PublicDay(works=True, runs=day.isoweekday())
    replaced = replaced_day(day)
    runs = replaced.isoweekday() if replaced else None
    return PublicDay(works=True, holiday=name, runs=runs, makeup=True, replaces=replaced)


def replaced_day(makeup: date) -> date | None:
    """The working day that a make-up day stands for.

    The notice does not say it. Rule: of one holiday, the make-up days and the weekdays taken off *in exchange* (not the
    festival days proper) are paired in the order of the calendar; National date 2026: Sunday 09-20 for Tuesday 10-06,
    Saturday 10-10 for Wednesday 10-07. When there are not as many of the one as of the other, nothing is guessed.

    Returns:
        The exchanged day, or None when it cannot be told or ``makeup`` is no make-up day.
    """
    holiday = workdays.get(makeup)
    if holiday is None:
        return None
    worked = [day for day in sorted(workdays) if workdays[day] == holiday and _near(day, makeup)]
    freed = [day for day in sorted(in_lieu_days) if in_lieu_days[day] == holiday and _near(day, makeup)]
    return freed[worked.index(makeup)] if len(worked) == len(freed) else None


def _near(one: date, other: date) -> bool:
    """Whether both belong to the same holiday period: the next of the same name is a year away, New Year crosses it."""
    return abs((one - other).days) < 60


def _holiday_name(day: date) -> str | None:
    name = chinese_calendar.get_holiday_detail(day)[1]
    if name is None:
        return None
    holiday = Holiday(name)
    return _NAMES.get(holiday, str(holiday.chinese))


def _unpublished(day: date) -> PublicDay:
    festival = _FIXED.get((day.month, day.day))
    works = day.isoweekday() <= 5 and festival is None
    return PublicDay(works=works, holiday=festival, runs=day.isoweekday() if works else None, published=False)

"""Which year is meant when a teacher names a month or a day without one; and ``parse_month``."""

import re
from datetime import date, timedelta

from bot.calendar.names import chinese_number
from bot.calendar.spans import Month
from bot.errors import BadArgument

# A school year begins in August.
FIRST_MONTH = 8
HALF_YEAR = timedelta(days=183)

NUMBER = "(?:\\d{1,2}|[零\u3007一二两三四五六七八九十]{1,3})"
YEAR = "(?:(\\d{4}|今|去|明)年)?"
_NAMED_MONTH = re.compile(f"{YEAR}({NUMBER})(?:月份?)?")
_DIGITAL_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
_NEAR_MONTH = re.compile("(上|本|这|下)个?月")
_STEPS = {"上": -1, "本": 0, "这": 0, "下": 1}


def parse_month(text: str, today: date) -> Month:
    """The month that the argument of /汇总 names.

    Args:
        text: "10月", "十月", "10月份", "9", "上个月", "本月", "2026年9月", "去年10月", "2026-09".
        today: decides the year, see ``month_near``.

    Returns:
        Year and month.

    Raises:
        BadArgument: anything else, also 13月.
    """
    folded = "".join(text.split())
    if match := _NEAR_MONTH.fullmatch(folded):
        return month_after((today.year, today.month), _STEPS[match[1]])
    match = _DIGITAL_MONTH.fullmatch(folded) or _NAMED_MONTH.fullmatch(folded)
    month = chinese_number(match[2]) if match else None
    if match is None or month is None or not 1 <= month <= 12:
        raise BadArgument(f"没看懂月份“{text.strip()[:20]}”。", "可以这样写\uff1a10月、上个月、2026年9月")
    return (year_named(match[1], today), month) if match[1] else month_near(month, today)


def month_near(month: int, today: date) -> Month:
    """The ``month`` of today's school year (August to July): in January and in May 10月 is last October.

    One more than half a year ahead is the one that has passed: in September 6月 is last June.
    """
    school_year = today.year if today.month >= FIRST_MONTH else today.year - 1
    year = school_year if month >= FIRST_MONTH else school_year + 1
    ahead = (year - today.year) * 12 + month - today.month
    return (year - 1 if ahead > 6 else year), month


def year_of_day(month: int, day: int, today: date) -> int:
    """The year of a day named without one: as ``month_near``, but not more than half a year ago, for plans look ahead.

    29 February counts as 28 February here, so that the caller can say what is wrong with it.
    """
    year = month_near(month, today)[0]
    return year + 1 if today - date(year, month, min(day, 28)) > HALF_YEAR else year


def year_named(text: str, today: date) -> int:
    """The year of "2026", "今", "去", "明"."""
    return int(text) if text.isdecimal() else today.year + {"去": -1, "今": 0, "明": 1}[text]


def month_after(month: Month, steps: int) -> Month:
    """``steps`` months after ``month``; before it when negative."""
    count = month[0] * 12 + month[1] - 1 + steps
    return count // 12, count % 12 + 1

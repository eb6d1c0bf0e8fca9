"""A teaching week named at the beginning of what somebody types: "下周 …", "第5周：…"."""

import re

from bot.calendar.names import chinese_number
from bot.calendar.progress_table.cells import weeks_of
from bot.calendar.term import Term
from bot.errors import BadArgument

_SO_FAR = ("本学期", "这学期", "整个学期", "全部")
_NUMBERED = re.compile(r"\d.*周|周.*\d")
_NEAR = {"上": -1, "本": 0, "这": 0, "下": 1}
_WEEK = re.compile(
    "(?:(?P<near>[上本这下])一?个?周|第?\\s*(?P<number>[一二三四五六七八九十\\d]{1,3})\\s*周)(?![一二三四五六日天末])"
    "的?[\\s:\uff1a,\uff0c、\u3000]*"
)


def leading_week(text: str, term: Term, today_week: int) -> tuple[int | None, str]:
    """The week that ``text`` begins with, and the text after it.

    Args:
        today_week: the teaching week of today, from which 上周 and 下周 count.

    Returns:
        the teaching week, None when the text begins otherwise; the rest as typed.

    Raises:
        BadArgument: the term has no such week.
    """
    found = _WEEK.match(text)
    if found is None:
        return None, text
    near = found["near"]
    week = today_week + _NEAR[near] if near else chinese_number(found["number"]) or 0
    if not 1 <= week <= term.weeks:
        raise BadArgument(f"{term.name}只有第1周到第{term.weeks}周。", "例：第3周，或 下周")
    return week, text[found.end() :]


def several_weeks(text: str, term: Term, today_week: int) -> list[int]:
    """The weeks that are meant where they are several: 第2-8周, or 本学期 up to ``today_week``; else none."""
    if text.strip() in _SO_FAR:
        return list(range(1, today_week + 1))
    weeks = weeks_of(text) if _NUMBERED.search(text) else None
    inside = [week for week in weeks.weeks if 1 <= week <= term.weeks] if weeks and not weeks.days else []
    return inside if len(inside) > 1 else []

"""Readers of days, weeks, months and weekly rules in a typed time."""

import re
from datetime import date, timedelta

from bot.calendar.names import weekday_number
from bot.calendar.phrase_draft import Context, Draft, bad_date, number_in
from bot.calendar.term import Parity, week_start
from bot.calendar.year_guess import month_after, month_near, year_named, year_of_day

NEAR_DAYS = {"大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0}
NEAR_DAYS |= {"明天": 1, "明日": 1, "后天": 2, "大后天": 3}
_STEPS = {"上": -1, "本": 0, "这": 0, "下": 1, "下下": 2}
_HALF_DAYS = {"今": 0, "当": 0, "明": 1, "后": 2, "昨": -1}
_PARTS = {"底": "底", "末": "底", "初": "初", "上旬": "上", "中旬": "中", "下旬": "下"}
_PARITIES: dict[str, Parity] = {"单": "odd", "双": "even"}


def _weekday(match: re.Match[str], char: str) -> int:
    number = weekday_number(f"周{char}")
    if number is None:
        raise bad_date(match[0])
    return number


def _make_date(match: re.Match[str], year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        problem = f"{year}年{month}月没有{day}日。" if 1 <= month <= 12 else ""
        raise bad_date(match[0], problem) from None


def read_month_day(match: re.Match[str], draft: Draft, context: Context) -> None:
    """9月17日, 去年9月17日."""
    month, day = number_in(match, 2), number_in(match, 3)
    if not 1 <= month <= 12 or day < 1:
        raise bad_date(match[0])
    year = year_named(match[1], context.today) if match[1] else year_of_day(month, day, context.today)
    draft.day = _make_date(match, year, month, day)


def read_date_range(match: re.Match[str], draft: Draft, context: Context) -> None:
    """9月14日到9月18日, 9月14-18日."""
    begin, until = number_in(match, 1), number_in(match, 3) if match[3] else number_in(match, 1)
    days = []
    for month, day in ((begin, number_in(match, 2)), (until, number_in(match, 4))):
        if not 1 <= month <= 12 or day < 1:
            raise bad_date(match[0])
        days.append(_make_date(match, year_of_day(month, day, context.today), month, day))
    if days[0] >= days[1]:
        raise bad_date(match[0], "后面的日期要晚于前面的。")
    draft.week = days[0], days[1]


def read_full_date(match: re.Match[str], draft: Draft, _: Context) -> None:
    """2026-09-17."""
    draft.day = _make_date(match, int(match[1]), int(match[2]), int(match[3]))


def read_short_date(match: re.Match[str], draft: Draft, context: Context) -> None:
    """9.17, 9/17."""
    month, day = int(match[1]), int(match[2])
    draft.day = _make_date(match, year_of_day(month, day, context.today), month, day)


def read_near_day(match: re.Match[str], draft: Draft, context: Context) -> None:
    """今天, 大后天."""
    draft.day = context.today + timedelta(days=NEAR_DAYS[match[0]])


def read_near_half(match: re.Match[str], draft: Draft, context: Context) -> None:
    """今晚, 明早."""
    draft.day = context.today + timedelta(days=_HALF_DAYS[match[1]])
    draft.half = "晚上" if match[2] == "晚" else "上午"


def read_day_of_month(match: re.Match[str], draft: Draft, context: Context) -> None:
    """27号: the coming one; 下个月3号, 这个月27号."""
    day, today = number_in(match, 2), context.today
    if not 1 <= day <= 31:
        raise bad_date(match[0])
    month = month_after((today.year, today.month), _STEPS[match[1]] if match[1] else int(day < today.day))
    draft.monthless = match[1] is None
    draft.day = _make_date(match, *month, day)


def read_days_later(match: re.Match[str], draft: Draft, context: Context) -> None:
    """三天后, 两周后."""
    draft.day = context.today + timedelta(days=number_in(match, 1) * (1 if match[2] == "天" else 7))


def read_month(match: re.Match[str], draft: Draft, context: Context) -> None:
    """10月, 9月底."""
    month = number_in(match, 2)
    if not 1 <= month <= 12:
        raise bad_date(match[0])
    draft.month = (year_named(match[1], context.today), month) if match[1] else month_near(month, context.today)
    draft.part = _PARTS.get(match[3])


def read_near_month(match: re.Match[str], draft: Draft, context: Context) -> None:
    """上个月, 月底."""
    today = context.today
    draft.month = month_after((today.year, today.month), _STEPS[match[1] or "本"])
    draft.part = _PARTS.get(match[2] or match[3] or match[4])


def read_near_week(match: re.Match[str], draft: Draft, context: Context) -> None:
    """本周, 下周三."""
    term = context.calendar.term_on(context.today)
    first = week_start(context.today, term.week_starts_on if term else "monday")
    first += timedelta(weeks=_STEPS[match[1]])
    draft.week = first, first + timedelta(days=6)
    draft.weekday = _weekday(match, match[2]) if match[2] else None


def read_term_week(match: re.Match[str], draft: Draft, context: Context) -> None:
    """第9周, 第9周周三; 第0周 is the preparation week."""
    week, term = number_in(match, 1), context.calendar.term_on(context.today)
    if term is None:
        raise bad_date(match[0], "还不知道学期从哪天开始。")
    if not 0 <= week <= term.weeks:
        raise bad_date(match[0], f"这个学期有 {term.weeks} 周。")
    draft.week = term.bounds(week)
    char = match[2] or match[3]
    draft.weekday = _weekday(match, char) if char else None


def read_rule(match: re.Match[str], draft: Draft, _: Context) -> None:
    """每周三, 单周周二."""
    draft.every = True
    draft.parity = _PARITIES.get(match[1])
    draft.weekday = _weekday(match, match[2]) if match[2] else None


def read_plain_weekday(match: re.Match[str], draft: Draft, _: Context) -> None:
    """周三."""
    draft.weekday = _weekday(match, match[1])


def read_before(_match: re.Match[str], draft: Draft, _: Context) -> None:
    """前: by that time."""
    draft.before = True


def read_unknown(match: re.Match[str], _draft: Draft, _: Context) -> None:
    """Forms that name a time but no single one: 每月第一周, 隔周, 周末, 今晚12点."""
    raise bad_date(match[0])

"""Readers of times that hang on the term or on a holiday: 期中后一周, 国庆前, 开学第一周, 学期末."""

import re
from datetime import date, timedelta

from bot.calendar.holidays import public_day
from bot.calendar.names import chinese_number
from bot.calendar.phrase_draft import Context, Draft, bad_date
from bot.calendar.term import Term

HOLIDAYS = {
    "国庆": "国庆节",
    "国庆节": "国庆节",
    "五一": "劳动节",
    "劳动节": "劳动节",
    "元旦": "元旦",
    "清明": "清明节",
}
HOLIDAYS |= {"清明节": "清明节", "端午": "端午节", "端午节": "端午节", "中秋": "中秋节", "中秋节": "中秋节"}
HOLIDAYS |= {"春节": "春节"}
#: How far ahead a holiday is looked for: the next one of its name is less than 13 months away.
_AHEAD = 400
#: The longest run of days without lessons inside a term.
_LONGEST = 40


def read_exam(match: re.Match[str], draft: Draft, context: Context) -> None:
    """期中前: the last school day before that week; 期中后一周, 期末前两周, 期中那周: a week."""
    term = _term(match, context)
    exam = term.midterm_week if match[1] == "期中" else term.final_week
    if match[2] is None:  # 期中那周
        draft.week = term.bounds(exam)
        return
    step = -1 if "前" in match[2] else 1
    if match[3]:
        week = exam + step * (chinese_number(match[3]) or 0)
        if not 0 <= week <= term.weeks:
            raise bad_date(match[0], f"这个学期有 {term.weeks} 周。")
        draft.week = term.bounds(week)
        return
    first, last = term.bounds(exam)
    draft.day = _school_day(match, first if step < 0 else last, step, context)


def read_holiday(match: re.Match[str], draft: Draft, context: Context) -> None:
    """国庆前: the last school day before the days off; 国庆后第一天, 节后第一周."""
    first, last = _days_off(match, HOLIDAYS[match[1]], context)
    step = -1 if "前" in match[2] else 1
    day = _school_day(match, first if step < 0 else last, step, context)
    if match[3] == "周":
        term = context.calendar.term_on(day)
        draft.week = term.bounds(term.week_of(day)) if term else None
    if draft.week is None:
        draft.day = day


def read_term_begin(match: re.Match[str], draft: Draft, context: Context) -> None:
    """开学第一周, 开学第一天."""
    term = _term(match, context)
    number = chinese_number(match[1]) or 0
    if match[2] == "天" and number == 1:
        draft.day = term.first_day
    elif match[2] == "周" and 1 <= number <= term.weeks:
        draft.week = term.bounds(number)
    else:
        raise bad_date(match[0])


def read_term_end(match: re.Match[str], draft: Draft, context: Context) -> None:
    """学期末, 最后一周: the last week of the term."""
    term = _term(match, context)
    draft.week = term.bounds(term.weeks)


def read_break(match: re.Match[str], draft: Draft, context: Context) -> None:
    """寒假前, 学期结束前: the last school day of the term; 放假前 alone does not say which days off."""
    term = _term(match, context)
    autumn = term.first_day.month >= 7
    if match[1] == "放假" or match[1] == ("暑假" if autumn else "寒假"):
        raise bad_date(match[0], "是哪个假\uff1f")
    draft.day = _school_day(match, term.last_day + timedelta(days=1), -1, context)


def _term(match: re.Match[str], context: Context) -> Term:
    term = context.calendar.term_on(context.today)
    if term is None:
        raise bad_date(match[0], "还不知道学期从哪天开始。")
    return term


def _days_off(match: re.Match[str], name: str, context: Context) -> tuple[date, date]:
    """First and last day of the coming days off of this name, the weekend beside them included."""
    days = (context.today + timedelta(days=step) for step in range(_AHEAD))
    found = next((day for day in days if _is_off(day, name)), None)
    if found is None:
        raise bad_date(match[0], f"还不知道{name}放哪几天。")
    first = last = found
    while not public_day(first - timedelta(days=1)).works:
        first -= timedelta(days=1)
    while not public_day(last + timedelta(days=1)).works:
        last += timedelta(days=1)
    return first, last


def _is_off(day: date, name: str) -> bool:
    known = public_day(day)
    return not known.works and known.holiday == name


def _school_day(match: re.Match[str], day: date, step: int, context: Context) -> date:
    """The nearest school day before (``step`` -1) or after ``day``; outside every term a day on which people work."""
    calendar = context.calendar
    for distance in range(1, _LONGEST):
        one = day + timedelta(days=step * distance)
        in_term = any(term.contains(one) for term in calendar.terms)
        if calendar.is_school_day(one) or (not in_term and public_day(one).works):
            return one
    raise bad_date(match[0])

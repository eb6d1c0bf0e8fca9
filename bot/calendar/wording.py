"""Rules of repetition as teachers say them: "每周三第8–9节", "双周", "每月第一周", "第10周", "学期末"."""

from bot.calendar.entries import Entry, Kind
from bot.calendar.names import day_label, period_label, weekday_name


def rule_of(entry: Entry) -> str:
    """When an entry happens, in words."""
    head = _RULE_WORDS.get(entry.kind, "")
    if entry.kind is Kind.BIWEEKLY and entry.parity:
        head = "单周" if entry.parity == "odd" else "双周"
    days = [entry.weekday] if isinstance(entry.weekday, int) else entry.weekday or []
    names = "、".join(weekday_name(day) for day in days)
    if entry.kind is Kind.WEEKLY and names:
        head = "每"
    if entry.kind is Kind.MONTHLY_WEEK:
        head += _week_of_month(entry)
    if entry.kind in (Kind.DATE, Kind.WEEK_NUMBER, Kind.MONTH):
        head = _dated(entry)
    periods = period_label(tuple(entry.periods or ()))
    return f"{head}{names}{entry.half or '' if not periods else ''}{periods or entry.time or ''}" or "时间待定"


_RULE_WORDS = {
    Kind.WEEKLY: "每周",
    Kind.BIWEEKLY: "每两周",
    Kind.MONTHLY: "每月",
    Kind.MONTHLY_WEEK: "每月",
    Kind.TERM_START: "学期初",
    Kind.TERM_MID: "学期中",
    Kind.TERM_END: "学期末",
    Kind.ALL_TERM: "贯穿学期",
    Kind.IRREGULAR: "不定期",
}


def _week_of_month(entry: Entry) -> str:
    weeks = [entry.week_of_month] if isinstance(entry.week_of_month, int) else entry.week_of_month or []
    words = [
        f"第{'一二三四五'[week - 1]}周" if week > 0 else ("最后一周" if week == -1 else "倒数第二周") for week in weeks
    ]
    return "、".join(words)


def _dated(entry: Entry) -> str:
    if entry.kind is Kind.MONTH:
        return "、".join(f"{month}月" for month in entry.months or [])
    if entry.weeks:
        first, last = entry.weeks[0], entry.weeks[-1]
        return f"第{first}周" if first == last else f"第{first}–{last}周"
    return day_label(entry.date) if entry.date else ""

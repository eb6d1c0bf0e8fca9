"""Rules of repetition as teachers say them: "每周三第8–9节", "双周", "每月第一周", "第10周", "期中考试前1周"."""

from collections.abc import Callable, Iterable
from datetime import date

from bot.calendar.entries import Entry, Kind
from bot.calendar.names import WEEKDAYS, day_label, period_label, weekday_name

_PARITY = {"odd": "单周", "even": "双周", None: "每两周"}
_LAST_WEEKS = {-1: "最后一周", -2: "倒数第二周"}
_TERM_PARTS = {Kind.TERM_START: "学期初", Kind.TERM_MID: "学期中", Kind.TERM_END: "学期末"}
_XUN = {"上": "上旬", "中": "中旬", "下": "下旬", "初": "初", "底": "底", "中下": "中下旬"}


def rule_of(entry: Entry) -> str:
    """When an entry happens, in words; "时间待定" when it does not say."""
    text = _KINDS[entry.kind](entry) + _hours(entry)
    return f"{text}前" if entry.deadline and text else text or "时间待定"


def _weekly(entry: Entry) -> str:
    days = _weekdays(entry)
    return f"每{days}" if days else "每周"


def _biweekly(entry: Entry) -> str:
    return f"{_PARITY[entry.parity]}{_weekdays(entry)}"


def _monthly(entry: Entry) -> str:
    if entry.month_day is not None:
        return f"每月{'、'.join(str(day) for day in _listed(entry.month_day))}日"
    position = {"start": "初", "end": "底", None: ""}[entry.month_pos]
    return f"每月{position}{_xun(entry)}{_weekdays(entry)}"


def _monthly_week(entry: Entry) -> str:
    weeks = "、".join(
        _LAST_WEEKS.get(week) or f"第{WEEKDAYS[week - 1]}周" for week in _listed(entry.week_of_month) if week
    )
    return f"每月{weeks}{_weekdays(entry)}"


def _week_number(entry: Entry) -> str:
    weeks = entry.weeks or []
    if not weeks:
        return _weekdays(entry)
    if entry.as_list:
        text = f"第{'、'.join(str(week) for week in weeks)}周"
    elif weeks[0] == weeks[-1]:
        text = f"第{weeks[0]}周"
    else:
        text = f"第{weeks[0]}\u2013{weeks[-1]}周"
    return f"{text}{day_label(entry.date)}" if entry.date else f"{text}{_weekdays(entry)}"


def _date(entry: Entry) -> str:
    if entry.date is None:
        return entry.anchor_holiday or ""
    if isinstance(entry.date_to, date):
        return f"{day_label(entry.date)}\u2013{day_label(entry.date_to)}"
    return day_label(entry.date)


def _month(entry: Entry) -> str:
    return f"{'、'.join(f'{month}月' for month in entry.months or [])}{_xun(entry)}"


def _part_of_term(entry: Entry) -> str:
    anchor = entry.anchor or entry.before
    if anchor is None:
        return _TERM_PARTS[entry.kind]
    if entry.offset_weeks:
        side = "前" if entry.offset_weeks < 0 else "后"
        return f"{anchor}{side}{abs(entry.offset_weeks)}周"
    if entry.within_days:
        return f"{anchor}后{entry.within_days}天内"
    after = "后" if entry.offset == "after" else ""
    return f"{anchor}{'前' if entry.before else after}"


_KINDS: dict[Kind, Callable[[Entry], str]] = {
    Kind.WEEKLY: _weekly,
    Kind.BIWEEKLY: _biweekly,
    Kind.MONTHLY: _monthly,
    Kind.MONTHLY_WEEK: _monthly_week,
    Kind.WEEK_NUMBER: _week_number,
    Kind.DATE: _date,
    Kind.MONTH: _month,
    Kind.TERM_START: _part_of_term,
    Kind.TERM_MID: _part_of_term,
    Kind.TERM_END: _part_of_term,
    Kind.ALL_TERM: lambda _: "贯穿学期",
    Kind.IRREGULAR: lambda _: "不定期",
}


def _hours(entry: Entry) -> str:
    if entry.periods:
        return f"{_half_of_counted(entry)}{period_label(tuple(entry.periods))}"
    until = f"\u2013{entry.time_to}" if entry.time and entry.time_to else ""
    return f"{entry.time}{until}" if entry.time else entry.half or ""


def _half_of_counted(entry: Entry) -> str:
    """下午第2节 is counted from noon and would be another lesson without the word; 下午第8节 would not."""
    return "下午" if entry.half == "下午" and entry.periods and max(entry.periods) < 5 else ""


def _weekdays(entry: Entry) -> str:
    return "、".join(weekday_name(day) for day in _listed(entry.weekday))


def _xun(entry: Entry) -> str:
    parts = [entry.xun] if isinstance(entry.xun, str) else entry.xun or []
    return "、".join(_XUN.get(part, part) for part in parts)


def _listed(value: int | list[int] | None) -> Iterable[int]:
    return [value] if isinstance(value, int) else value or []

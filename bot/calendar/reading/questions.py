"""The one question that the leader must answer before an entry can be posted, with answers to offer."""

import re
from collections.abc import Callable, Sequence

from bot.calendar.entries import Entry, Kind

Question = tuple[str, list[str]]

_LEFT_OPEN = re.compile("不定期|不定时|不固定|适时|择机|择期|视情况|根据需要")
_DAYS = ("周一", "周二", "周三", "周四", "周五")


def question_for(
    entry: Entry, candidates: Sequence[str] = (), doubt: str | None = None, unused: str = ""
) -> tuple[str | None, list[str]]:
    """What is missing in ``entry``.

    Args:
        entry: the entry as read.
        candidates: times of the week to offer for a missing weekday, such as 周三第8-9节 (free common lessons).
        doubt: the reader's own reason to ask (see ``DOUBTS``).
        unused: words of time that the line holds and the entry does not.

    Returns:
        One Chinese question and its choices, or None and no choices when the entry can be posted as it stands.
    """
    if doubt == "leftover":
        return _leftover(entry, unused)
    if doubt is not None:
        return DOUBTS[doubt](entry)
    for missing, ask in _MISSING:
        if missing(entry):
            return ask(entry, list(candidates))
    return None, []


def _name(entry: Entry) -> str:
    inner = entry.activity[:20].replace("“", "‘").replace("”", "’")
    return f"“{inner}”" if inner else "这一行"


def _no_weekday(entry: Entry) -> bool:
    return entry.kind is Kind.WEEKLY and entry.weekday is None and not entry.quota


def _no_parity(entry: Entry) -> bool:
    return entry.kind is Kind.BIWEEKLY and entry.parity is None


def _no_month_week(entry: Entry) -> bool:
    placed = (entry.week_of_month, entry.month_day, entry.month_pos, entry.xun)
    return entry.kind is Kind.MONTHLY and all(one is None for one in placed) and not entry.quota


def _undated(entry: Entry) -> bool:
    """What the plan itself leaves open (不定期) needs no answer: it stands in the calendar and is never posted."""
    return entry.kind is Kind.IRREGULAR and not entry.quota and not _LEFT_OPEN.search(entry.text)


def _no_day(entry: Entry) -> bool:
    return entry.kind is Kind.DATE and entry.date is None


def _ask_weekday(entry: Entry, candidates: list[str]) -> Question:
    return f"{_name(entry)}每周在星期几、第几节\uff1f", candidates or list(_DAYS)


def _ask_parity(entry: Entry, _candidates: list[str]) -> Question:
    return f"{_name(entry)}两周一次\uff0c是单周还是双周\uff1f", ["单周", "双周"]


def _ask_month_week(entry: Entry, _candidates: list[str]) -> Question:
    days = entry.weekday if isinstance(entry.weekday, list) else [entry.weekday]
    day = "一二三四五六日"[days[0] - 1] if days[0] else ""
    weeks = ("第一", "第二", "第三", "最后一")
    return f"{_name(entry)}每月一次\uff0c在哪一周\uff1f", [f"{week}个周{day}" if day else f"{week}周" for week in weeks]


def _midterm(entry: Entry) -> Question:
    return f"{_name(entry)}在学期中的哪几天\uff1f", ["期中考试前一周", "期中考试那一周", "期中考试后一周"]


def _ask_day(entry: Entry, _candidates: list[str]) -> Question:
    return f"{_name(entry)}在哪一天\uff1f请写日期\uff0c例如11月20日。", []


def _ask_undated(entry: Entry, _candidates: list[str]) -> Question:
    return f"{_name(entry)}没有写定时间\uff0c要在哪一周提醒\uff1f", ["不用提醒", "每月第一周", "期中前一周"]


#: First row that holds is asked; one question at a time.
_MISSING: tuple[tuple[Callable[[Entry], bool], Callable[[Entry, list[str]], Question]], ...] = (
    (_no_weekday, _ask_weekday),
    (_no_parity, _ask_parity),
    (_no_month_week, _ask_month_week),
    (_no_day, _ask_day),
    (_undated, _ask_undated),
)


def _unread(entry: Entry) -> Question:
    return f"没有看懂这一行的时间\uff1a{_name(entry)}。它在什么时候\uff1f", ["不进日程"]


def _impossible(entry: Entry) -> Question:
    days = [day for day in (entry.date_to, entry.date) if day and not isinstance(day, str)]
    shown = f"{days[0].month}月{days[0].day}日" if days else "那个月的最后一天"
    return f"{_name(entry)}写的日期不存在\uff0c是{shown}吗\uff1f", [shown]


def _weekday_clash(entry: Entry) -> Question:
    day = entry.date
    if day is None:
        return _unread(entry)
    return (
        f"{day.month}月{day.day}日是周{'一二三四五六日'[day.weekday()]}\uff0c和写的星期不一样\uff0c以哪个为准\uff1f",
        ["日期", "星期"],
    )


def _outside(entry: Entry) -> Question:
    return f"{_name(entry)}的时间不在本学期\uff0c还要进日程吗\uff1f", ["进日程", "不进日程"]


def _bare(entry: Entry) -> Question:
    return f"{_name(entry)}是每周一次\uff0c还是只有这一次\uff1f", ["每周", "两周一次", "每月一次", "只有一次"]


def _bare_day(entry: Entry) -> Question:
    day = entry.date
    if day is None:
        return _unread(entry)
    return (
        f"{_name(entry)}前面的{day.month}.{day.day}是{day.month}月{day.day}日吗\uff1f",
        [f"{day.month}月{day.day}日", "不进日程"],
    )


def _several(entry: Entry) -> Question:
    return f"{_name(entry)}写了不止一个时间\uff0c以哪个为准\uff1f", []


def _week_clash(entry: Entry) -> Question:
    return f"{_name(entry)}的周次和日期对不上\uff0c以哪个为准\uff1f", ["周次", "日期"]


def _bare_week(entry: Entry) -> Question:
    week = entry.weeks[0] if entry.weeks else 0
    return f"{_name(entry)}前面的数字{week}是第{week}周吗\uff1f", [f"第{week}周", "只是序号"]


def _month_week(entry: Entry) -> Question:
    named = entry.week_of_month if isinstance(entry.week_of_month, int) else 1
    week = entry.weeks[0] if entry.weeks else named
    return f"{_name(entry)}写的是当月第{week}周\uff0c还是第{week}教学周\uff1f", [f"当月第{week}周", f"第{week}教学周"]


def _relative(entry: Entry) -> Question:
    return f"{_name(entry)}的日子是从写计划那天算的\uff0c是几月几日\uff1f", []


def _holiday(entry: Entry) -> Question:
    return f"{_name(entry)}在{entry.anchor_holiday or '节日'}前后的哪一天\uff1f请写日期。", []


def _rhythm(entry: Entry) -> Question:
    return f"{_name(entry)}隔多久一次、从哪一周开始\uff1f例如\uff1a第3周起每三周。", []


def _leftover(entry: Entry, unused: str) -> Question:
    question = f"{_name(entry)}这一行还写了“{unused[:12]}”\uff0c我没有用上\uff0c照读出的时间进日程吗\uff1f"
    return question, ["进日程", "不进日程"]


#: Reasons of the reader to ask although a kind was found.
DOUBTS: dict[str, Callable[[Entry], Question]] = {
    "unread": _unread,
    "impossible": _impossible,
    "weekday": _weekday_clash,
    "outside": _outside,
    "bare": _bare,
    "midterm": _midterm,
    "several": _several,
    "week": _week_clash,
    "bare_day": _bare_day,
    "bare_week": _bare_week,
    "month_week": _month_week,
    "relative": _relative,
    "holiday": _holiday,
    "rhythm": _rhythm,
}

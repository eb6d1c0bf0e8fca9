"""Patterns for hours of a day: 14:30-16:10, 下午三点半, 第六七节, 午自习."""

import re

from bot.calendar.reading.atoms import Found, Rule, rule
from bot.calendar.reading.context import PlanContext
from bot.calendar.reading.numerals import AND, NUMBER, TO, number, numbers


def _periods(match: re.Match[str], _context: PlanContext) -> Found | None:
    lessons = numbers(re.sub("[第节]", "", match["n"]))
    return {"periods": lessons} if lessons and max(lessons) <= 15 and min(lessons) >= 1 else None


def _clock(match: re.Match[str], _context: PlanContext) -> Found | None:
    parts = match.groupdict()
    # Nothing is held at night: 4:30 without a half-day is the afternoon.
    late = parts["half"] in ("下午", "晚上", "晚") or 1 <= int(parts["h"]) <= 5
    shift = 12 if late and int(parts["h"]) < 12 else 0
    start = _hhmm(parts["h"], parts.get("half_hour") or parts.get("min3") or parts["min"], shift)
    end = _hhmm(parts["h2"], parts["min2"], shift) if parts.get("h2") else None
    if start is None or (parts.get("h2") and (end is None or end <= start)):
        return None
    found: Found = {"time": start}
    if end:
        found["time_to"] = end
    if parts["half"] in ("上午", "中午", "下午"):
        found["half"] = parts["half"]
    return found | ({"deadline": True} if parts.get("by") else {})


def _hhmm(hour: str, minute: str | None, shift: int) -> str | None:
    hours, minutes = int(hour), 30 if minute == "半" else int(minute or 0)
    hours += shift if hours + shift < 24 else 0
    return f"{hours:02}:{minutes:02}" if 6 <= hours <= 23 and minutes < 60 else None


_HALVES = {"上午": "上午", "下午": "下午", "中午": "中午", "午自习": "中午", "午间": "中午", "午休": "中午"}


def _half(match: re.Match[str], _context: PlanContext) -> Found:
    return {"half": _HALVES[match[0]]}


_HALF_WORD = r"(?P<half>上午|下午|中午|晚上|晚)?\s*"

#: 三点 alone may be three points of advice; behind a part of the day it is an hour.
_SPOKEN = r"(?:一|二|两|三|四|五|六|七|八|九|十|十一|十二)"
_SPOKEN_MINUTES = (
    r"(?:半|一刻|三刻|整|(?:零|[一二三四五])?[一二三四五六七八九]分|[一二三四五]?十[一二三四五六七八九]?分?)"
)


def _spoken(match: re.Match[str], _context: PlanContext) -> Found | None:
    parts = match.groupdict()
    hours = [(number(parts[name]), _minutes(parts[least])) for name, least in (("h", "m"), ("h2", "m2")) if parts[name]]
    late = parts["half"] in ("下午", "晚上", "晚") or 1 <= (hours[0][0] or 0) <= 5
    times = [_hhmm(str(hour), str(minute), 12 if late and hour < 12 else 0) for hour, minute in hours if hour]
    if None in times or not times or times != sorted(set(times), key=str):
        return None
    found: Found = dict(zip(("time", "time_to"), times, strict=False))
    if parts["half"] in ("上午", "中午", "下午"):
        found["half"] = parts["half"]
    return found | ({"deadline": True} if parts["by"] else {})


def _minutes(words: str | None) -> int:
    """半 → 30, 一刻 → 15, 二十五分 → 25."""
    if not words:
        return 0
    named = {"半": 30, "一刻": 15, "三刻": 45, "整": 0}
    return named[words] if words in named else number(words.strip("零分")) or 0


#: 第二节课后: right after that lesson.
_AFTER = r"(?:后(?=[\u4e00-\u9fff\s,]|$))?"

CLOCK_RULES: tuple[Rule, ...] = (
    rule(
        rf"(?P<half>上午|下午|中午|早上|晚上|晚)\s*(?P<h>{_SPOKEN})点(?P<m>{_SPOKEN_MINUTES})?"
        rf"(?:{TO}(?P<h2>{_SPOKEN})点(?P<m2>{_SPOKEN_MINUTES})?)?(?P<by>之?前(?!后)|以前)?",
        _spoken,
        head=False,
    ),
    rule(
        rf"(?P<half>上午|下午|中午|早上|晚上|晚)?\s*(?<![\d.:])(?P<h>\d{{1,2}})[点时](?P<m>半|\d{{1,2}}分?)?{TO}"
        r"(?P<h2>\d{1,2})[点时](?P<m2>半|\d{1,2}分?)?(?P<by>之?前(?!后)|以前)?",
        _spoken,
        head=False,
    ),
    # Which lessons are the last ones depends on the bell table of that day; the half-day is left.
    rule(r"(?<=[午一二三四五六日天])(?:的)?最后[一两二三]节课?", {}, head=False),
    rule(
        rf"{_HALF_WORD}(?<![\d.:])(?P<h>\d{{1,2}})(?::(?P<min>[0-5]\d))?[点时]?{TO}"
        r"(?P<h2>\d{1,2})(?::(?P<min2>[0-5]\d)|[点时])(?![\d点])",
        _clock,
        head=False,
    ),
    rule(
        rf"{_HALF_WORD}(?<![\d.:])(?P<h>\d{{1,2}})(?::(?P<min>[0-5]\d)"
        r"|[点时](?P<min3>[0-5]?\d)分?|[点时](?P<half_hour>半)?(?!要求|建议|意见|说明|问题|提示|注意))(?![\d])(?P<by>之?前(?!后)|以前)?",
        _clock,
        head=False,
    ),
    rule(
        rf"(?<![章元])第(?P<n>{NUMBER}节?(?:(?:{AND}|{TO})第?{NUMBER}节?)*)(?<!节)节课?{_AFTER}(?!讲)",
        _periods,
        head=False,
    ),
    rule(
        rf"(?<![章元])第(?P<n>{NUMBER}(?:(?:{AND}|{TO})第?{NUMBER})*)节课?{_AFTER}",
        _periods,
        head=False,
    ),
    rule(rf"(?<=[午一二三四五六日天\x01])第(?P<n>{NUMBER})课(?=[\s,。;]|$)", _periods, head=False),
    rule(
        rf"(?:(?<=[午一二三四五六日天\x01])\s?|^(?=[^节]+节课?$))(?P<n>\d(?:{AND}|{TO})\d|[一二三四五六七八九](?:{AND}"
        rf"|{TO})?[一二三四五六七八九])节课?",
        _periods,
        head=False,
    ),
)

HALF_RULES: tuple[Rule, ...] = (rule(r"上午|下午|中午|午自习|午间|午休", _half, head=False),)

"""Readers of lessons, halves of a day and clock times in a typed time."""

import re
from datetime import time

from bot.calendar.names import chinese_number
from bot.calendar.phrase_draft import Context, Draft, bad_date, number_in

MOST_PERIODS = 20
_HALVES = {"早上": "上午", "早读": "上午", "早自习": "上午", "晚自习": "晚上", "凌晨": "凌晨"}
_HALVES |= {"午自习": "中午", "午休": "中午", "午间": "中午"}
#: Nothing is held at night: 3点 and 周五3:30 without a half-day are the afternoon. 03:00 is written for the night, and
#: a clock alone (a setting) is one of 24 hours.
_AFTERNOON_HOURS = range(1, 6)


def read_half(match: re.Match[str], draft: Draft, _: Context) -> None:
    """下午."""
    draft.half = _HALVES.get(match[1], match[1])


def read_periods(match: re.Match[str], draft: Draft, _: Context) -> None:
    """第8节, 第8-9节, 第2、4节, 下午第2节."""
    if match[1]:
        draft.half = _HALVES.get(match[1], match[1])
    first = _period(match, match[2])
    numbers = [first]
    if match[4]:
        last = _period(match, match[4])
        if last <= first:
            raise bad_date(match[0])
        numbers = [first, last] if match[3] in {"、", ",", "和"} else list(range(first, last + 1))
    draft.periods = tuple(numbers)


def read_adjacent_periods(match: re.Match[str], draft: Draft, _: Context) -> None:
    """第八九节."""
    if match[1]:
        draft.half = _HALVES.get(match[1], match[1])
    numbers = tuple(chinese_number(char) or 0 for char in match[2])
    if numbers != tuple(range(numbers[0], numbers[0] + len(numbers))):
        raise bad_date(match[0])
    draft.periods = numbers


def _period(match: re.Match[str], text: str) -> int:
    number = chinese_number(text)
    if not number or number > MOST_PERIODS:
        raise bad_date(match[0])
    return number


def read_clock(match: re.Match[str], draft: Draft, _: Context) -> None:
    """15:30, 15:30-16:10."""
    half = match[1] or draft.half
    literal = not draft.slots or any(hour and hour[0] == "0" for hour in match.group(2, 4))
    if half is None and int(match[2]) in _AFTERNOON_HOURS and not literal:
        half = "下午"
    begin = _moment(match, half, int(match[2]), int(match[3]))
    end = _moment(match, half, int(match[4]), int(match[5])) if match[4] else None
    if end and end <= begin:
        raise bad_date(match[0], "结束要晚于开始。")
    draft.begin, draft.end = begin, end


def read_oclock(match: re.Match[str], draft: Draft, _: Context) -> None:
    """下午三点半."""
    minute = 30 if match[3] == "半" else int(chinese_number(match[4] or "0") or 0)
    hour = number_in(match, 2)
    half = match[1] or draft.half or ("下午" if hour in _AFTERNOON_HOURS else None)
    draft.begin = _moment(match, half, hour, minute)


def _moment(match: re.Match[str], half: str | None, hour: int, minute: int) -> time:
    half = _HALVES.get(half, half) if half else None
    if half == "晚上" and hour in (0, 12):
        raise bad_date(match[0], "是哪一天的0点\uff1f")
    if half in ("下午", "晚上", "中午") and 1 <= hour <= (3 if half == "中午" else 11):
        hour += 12
    try:
        return time(hour, minute)
    except ValueError:
        raise bad_date(match[0], "一天从 0:00 到 23:59。") from None

"""Numbers in running text: 3, 十二, 两, and runs of lessons such as 六七 or 1、2 (single numbers: ``names``)."""

import re

from bot.calendar.names import WEEKDAYS, chinese_number

#: One number of at most three characters; the longest a plan needs is 二十一.
NUMBER = r"(?:\d{1,2}|[零〇一二三四五六七八九十两]{1,3})"
#: What stands between the ends of a range, after folding.
TO = r"\s*(?:-{1,3}|~|至|到)\s*"
#: What stands between the members of a list.
AND = r"\s*[、,和及]\s*"

_WEEKDAY_DIGITS = str.maketrans("123456", WEEKDAYS[:6])
_SPAN = re.compile(rf"({NUMBER}){TO}({NUMBER})")


def number(text: str) -> int | None:
    """One number below 100; 六七 is two numbers and therefore None."""
    text = text.strip()
    if len(text) > 1 and not text.isdecimal() and "十" not in text:
        return None
    return chinese_number(text)


def numbers(text: str) -> list[int]:
    """All numbers of a list or range: ``8-9`` → [8, 9], ``1、3`` → [1, 3], ``六七`` → [6, 7]."""
    if span := _SPAN.fullmatch(text.strip()):
        low, high = number(span[1]), number(span[2])
        return list(range(low, high + 1)) if low is not None and high is not None and low <= high else []
    found: list[int] = []
    for piece in re.findall(r"\d+|[零〇一二三四五六七八九十两]+", text):
        whole = number(piece)
        parts = [whole] if whole is not None else [number(char) for char in piece]
        found += [part for part in parts if part is not None]
    return found


def weekdays(text: str) -> int | list[int] | None:
    """``三`` → 3, ``一、四`` → [1, 4], ``一至周五`` → [1, 2, 3, 4, 5]; Monday is 1."""
    folded = text.replace("天", "日").translate(_WEEKDAY_DIGITS)
    days = [WEEKDAYS.index(char) + 1 for char in folded if char in WEEKDAYS]
    if re.search(r"[-~至到]", text) and len(days) == 2 and days[0] < days[1]:
        days = list(range(days[0], days[1] + 1))
    return days[0] if len(days) == 1 else days or None

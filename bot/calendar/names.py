"""Chinese numbers, weekdays and day labels: the words that phrases and plan documents share."""

from datetime import date

WEEKDAYS = "一二三四五六日"
WEEKDAY_PREFIXES = ("星期", "礼拜", "周")

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"\u3007": 0, "两": 2}


def chinese_number(text: str) -> int | None:
    """A whole number from 0 to 99 written with digits or in Chinese.

    Args:
        text: "21", "\uff12\uff11", "二十一", "十", "两", "〇三"; blanks around it do not matter.

    Returns:
        The number, or None when ``text`` is not such a number.
    """
    text = text.strip()
    if text.isdecimal():
        return int(text) if len(text) <= 2 else None
    tens, ten, ones = text.partition("十")
    if not ten:
        digits = "".join(str(_DIGITS.get(char, "x")) for char in text)
        return int(digits) if digits.isdecimal() and len(digits) <= 2 else None
    high = _DIGITS.get(tens, 0) if tens else 1
    low = _DIGITS.get(ones) if ones else 0
    return None if high == 0 or low is None else high * 10 + low


def weekday_number(text: str) -> int | None:
    """The weekday (1 Monday to 7 Sunday) of "周三", "星期三", "礼拜三", "周3", "周天"; None for anything else."""
    text = text.strip()
    for prefix in WEEKDAY_PREFIXES:
        if text.startswith(prefix):
            tail = text.removeprefix(prefix).strip()
            number = 7 if tail in ("日", "天") else chinese_number(tail)
            return number if number is not None and 1 <= number <= 7 else None
    return None


def weekday_name(weekday: int) -> str:
    """The name "周三" of weekday 3; Monday is 1, Sunday 7."""
    return f"周{WEEKDAYS[weekday - 1]}"


def day_label(day: date) -> str:
    """A day as teachers write it: "9月16日"."""
    return f"{day.month}月{day.day}日"


def period_label(periods: tuple[int, ...]) -> str:
    """Lessons as teachers write them: "第8节", "第8\u20139节", with gaps "第2、4节"; empty for none."""
    if not periods:
        return ""
    first, last = periods[0], periods[-1]
    if len(periods) > 1 and periods == tuple(range(first, last + 1)):
        return f"第{first}\u2013{last}节"
    return f"第{'、'.join(str(period) for period in periods)}节"

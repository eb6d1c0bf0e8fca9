"""What reading a typed time collects, and the sentence for what is no time."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time
from typing import NamedTuple

from bot.calendar.names import chinese_number
from bot.calendar.spans import Month
from bot.calendar.term import Parity, SchoolCalendar
from bot.errors import BadArgument


@dataclass
class Draft:
    """What the pieces have said so far."""

    day: date | None = None
    week: tuple[date, date] | None = None
    month: Month | None = None
    part: str | None = None
    weekday: int | None = None
    every: bool = False
    parity: Parity | None = None
    periods: tuple[int, ...] = ()
    half: str | None = None
    begin: time | None = None
    end: time | None = None
    before: bool = False
    monthless: bool = False
    slots: set[str] = field(default_factory=set)


class Context(NamedTuple):
    """What a piece may ask."""

    today: date
    calendar: SchoolCalendar


Reader = Callable[[re.Match[str], Draft, Context], None]


def bad_date(typed: str, why: str = "") -> BadArgument:
    """The error for a date that is none: what was typed, and examples that work."""
    problem = f"没看懂日期“{typed.strip()[:20]}”"
    return BadArgument(f"{problem}\uff1a{why}" if why else f"{problem}。", "可以这样写\uff1a周四第8节、下周三、9月17日")


def number_in(match: re.Match[str], group: int) -> int:
    """The number of a group; a BadArgument when it is none (二三十)."""
    number = chinese_number(match[group])
    if number is None:
        raise bad_date(match[0])
    return number

"""From what the leader typed to a new time of something in the calendar: one time, a rule, or a new entry."""

import re
from datetime import date

from bot.calendar.change_words import ChangeWords
from bot.calendar.entries import Entry, Kind
from bot.calendar.names import day_label
from bot.calendar.phrases import When, find_when, understand_when
from bot.domain.groups import Group
from bot.domain.happenings import Happening
from bot.domain.routine_changes import Slot
from bot.domain.routine_standing import Rule
from bot.domain.which_time import happening_on, next_happening
from bot.errors import BadArgument

_PLACE = re.compile("^(?:地点|在)[:\uff1a\\s]*")
_WEEKDAY = re.compile("^(?:周|星期|礼拜)[一二三四五六日天1-7]")
_BETWEEN = " \u3000\uff0c,"
_NEXT = ("下次", "这次", "下一次", "这一次")


async def meant(group: Group, number: int, which: str) -> Happening | None:
    """The time that is meant: the next one, or that of a day; None when ``which`` is no day.

    Raises:
        BadArgument, Refused: as ``next_happening`` and ``happening_on``.
    """
    if not which or which in _NEXT:
        return await next_happening(group, number)
    when = understand_when(which, group.today, group.calendar, group.now)
    return await happening_on(group, number, when.day) if when and when.day else None


def leading_day(group: Group, words: str) -> tuple[date | None, str]:
    """The day at the front of ``words`` and the rest ("10月14日开会"); None when they do not begin with one.

    Raises:
        BadArgument: it looks like a date and is none.
    """
    text = words.strip()
    when, rest = find_when(text, group.today, group.calendar, group.now)
    front = text.removesuffix(rest).strip(_BETWEEN) if rest else text
    begins = when is not None and when.day and understand_when(front, group.today, group.calendar, group.now) == when
    return (when.day, rest) if when and begins else (None, text)


def since(group: Group, words: str) -> date | None:
    """The first day of what ``words`` name ("下周", "9月21日"); None when they name no time."""
    when = understand_when(words, group.today, group.calendar, group.now) if words else None
    return when.span[0] if when and when.span else None


def means_all(group: Group, number: int, words: str) -> bool:
    """Whether a weekly rule is named ("每周四第8节"); raises BadArgument when it is no time at all."""
    when, _ = _time(group, number, words)
    return when is not None and when.every


def names_weekday(words: str) -> bool:
    """Whether a weekday comes first ("周四第8节"), so that every week could follow it."""
    return bool(_WEEKDAY.match(words))


def slot(group: Group, words: str, happening: Happening) -> Slot:
    """The new time of one occasion; a mere weekday is that of the occasion's own week, while that is to come.

    Raises:
        BadArgument: no time, or no day.
    """
    number = happening.routine.number
    when, place = _time(group, number, words)
    if when is not None and names_weekday(words):
        begin, _ = group.term.bounds(group.term.week_of(happening.day))
        own, _ = _time(group, number, words, begin)
        when = own if own and own.day and own.day >= group.today else when
    if when is None:
        return Slot(happening.day, place=place)
    if when.day is None and not (when.periods or when.time):
        raise BadArgument("改到哪一天？", f"可以这样写：/日程 改 {number} 周四第8节")
    return Slot(when.day or happening.day, when.periods or (), when.time, when.time_to, place)


def rule(group: Group, number: int, asked: ChangeWords) -> tuple[Rule, date | None]:
    """The rule that all coming ones are to follow, and from which day on.

    Raises:
        BadArgument: no time, or a day that is no weekday.
    """
    when, place = _time(group, number, asked.to)
    when = when or When()
    if when.week or when.month or (when.day and not when.weekday):
        raise BadArgument("以后都在星期几？", f"可以这样写：/日程 改 {number} 以后都周四第8节")
    begin = since(group, asked.since)
    if asked.since and begin is None:
        raise BadArgument(f"没看懂从什么时候起“{asked.since}”。", f"可以这样写：/日程 改 {number} 下周起周四第8节")
    parity = (when.parity or "") if when.every else None
    found = Rule(when.weekday, when.periods or (), when.time, when.time_to, place, parity)
    return found, begin


def entry(when: When, activity: str, words: str) -> Entry:
    """The entry of something new.

    Raises:
        BadArgument: no day was named.
    """
    if when.day is None and not when.every:
        raise BadArgument("是哪一天？", "例：/日程 加 下周五第3节 教学经验分享会")
    weekly = Kind.BIWEEKLY if when.parity else Kind.WEEKLY
    return Entry(
        kind=weekly if when.every else Kind.DATE,
        activity=activity,
        text=words,
        weekday=when.weekday if when.every else None,
        parity=when.parity,
        date=None if when.every else when.day,
        periods=list(when.periods) if when.periods else None,
        time=f"{when.time:%H:%M}" if when.time else None,
        time_to=f"{when.time_to:%H:%M}" if when.time_to else None,
    )


def at(happening: Happening) -> str:
    """ "9月10日 周四第8节", or its days."""
    return f"{day_label(happening.day)} {happening.when}" if happening.precise else happening.when


def _time(group: Group, number: int, words: str, today: date | None = None) -> tuple[When | None, str]:
    """The time that ``words`` name, and the place: what is left, or what follows 地点.

    Args:
        today: the day from which a weekday is counted, when it is not today's.
    """
    if not words:
        raise BadArgument("改到什么时候？", f"可以这样写：/日程 改 {number} 周四第8节")
    if place := _PLACE.match(words):
        return None, words[place.end() :].strip()
    when, rest = find_when(words, today or group.today, group.calendar, None if today else group.now)
    if when is None:
        raise BadArgument(f"没看懂“{words[:20]}”。", f"可以这样写：/日程 改 {number} 周四第8节")
    return when, _PLACE.sub("", rest)

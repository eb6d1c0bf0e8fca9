"""How many are asked for, and when that is only a quota: a number for a term, nothing to post on a day."""

import re

from bot.calendar.entries import Kind
from bot.calendar.reading import activities
from bot.calendar.reading.atoms import Found
from bot.calendar.reading.draft import Draft

_LONG = ("term", "year")
_ONCE = ("year", "quarter", "month")
#: Exercises are counted, not held: 每周至少2题.
_PIECES = ("题", "道")
#: Work that is handed in or sat through one by one: a number of these is asked of a person, not held on a day.
_WORKS = ("节", "篇", "份", "本")
_OWN_WORK = re.compile(
    r"听课|听评|推门课|评课|反思|随笔|心得|感悟|体会|笔记|叙事|案例|论文|教案|听.{0,8}课"
    r"|(?:组员|成员|教师|老师)(?:们)?每|每(?:人|位|名)|人均"
)
_EACH = re.compile("每(?:人|[位名](?:教师|老师|组员|成员))|人均")


def add_count(one: Draft, found: Found, words: str) -> None:
    """Adds ``count``, ``at_least`` and ``quota`` where the time says how often; times are masked in ``words``."""
    every = found.get("every") or ("term" if found.get("all_term") else None)
    number, unit, reach = activities.counts(words)
    if every is None and found.get("point") is None:
        if number.get("at_least"):
            one.details |= {key: value for key, value in number.items() if key not in one.details}
        return
    one.details |= {key: value for key, value in number.items() if key not in one.details}
    placed = one.details.keys() & {"month_day", "count"}
    if every in _ONCE and one.kind in (Kind.IRREGULAR, Kind.MONTHLY) and not placed:
        one.details["count"] = 1
    asked = bool(number.get("at_least") or (number and reach))
    if number and _is_quota(every, unit, one.activity + words, asked=asked):
        one.details["quota"] = True


def _is_quota(every: str | None, unit: str, words: str, *, asked: bool) -> bool:
    if every in _LONG:
        return asked or unit in _WORKS
    if every == "week" and asked and unit in _PIECES:
        return True
    asked = asked or bool(_EACH.search(words))
    return every in ("week", "month") and asked and unit in _WORKS and bool(_OWN_WORK.search(words))

"""A goal as it is typed: what is measured, from where to where, in what, until when.

"人均听课 从 6 到 10 节 期末", "及格率从82%提高到90%", "人均作业时长 不超过 40 分钟", "微课 不少于 20 节 12月底前".
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from unicodedata import normalize

from bot.calendar.names import chinese_number
from bot.calendar.phrases import find_when
from bot.calendar.term import SchoolCalendar, Term
from bot.errors import BadArgument

EXAMPLE = "/目标 加 人均听课 从 6 到 10 节 期末"
LONGEST_MEASURE, LONGEST_UNIT = 20, 4
MOST = 1_000_000

_VALUE = r"(?:\d{1,7}(?:\.\d{1,2})?|[一二两三四五六七八九十]{1,3})"
_UNIT = r"(?P<{0}>%|[^\s\d，。；,;从到至]{{0,4}}?)"
_RISES = "(?:提高|提升|上升|增加|增长|达|升|增|涨)"
_FALLS = "(?:降低|下降|减少|压缩|降|减|压)"
_SPAN = re.compile(
    rf"(?:从|由)\s*(?P<start>{_VALUE})\s*{_UNIT.format('first')}\s*(?:{_RISES}|{_FALLS})?\s*(?:到|至|为)\s*(?P<target>{_VALUE})"
)
_BARE_SPAN = re.compile(
    rf"(?<![\d.第-])(?P<start>\d{{1,7}}(?:\.\d{{1,2}})?)\s*(?P<first>%|[^\s\d，。；,;]{{0,2}}?)\s*,?\s*"
    rf"(?:{_RISES}|{_FALLS})?(?:到|至|→|->|-|~|—|–)+\s*(?P<target>{_VALUE})(?=\s*(?P=first))(?!\s*[\d月日号班周年])"
)
"""Without 从 the two have the same unit, or the first has none: "听课 6 到 10 节" is one, "3班均分到 80 分" is not."""

_NUMBER_AT_END = re.compile(r"(?:^|\s)-?\d+(?:\.\d+)?%?$")
_LEAST = re.compile(rf"(?:不少于|不低于|至少|最少|{_RISES}?到|达到|完成|>=|≥)\s*(?P<target>{_VALUE})")
_SAYS_LEAST = re.compile("不少于|不低于|至少|最少|>=|≥")
_AT_MOST = re.compile(rf"(?:不超过|不多于|不高于|最多|{_FALLS}到|控制在|<=|≤)\s*(?P<target>{_VALUE})")
_TAIL = re.compile(r"\s*(?P<unit>%|[^\s\d，。；,;]{1,4}?)?(?:及?以[上内下])?(?=$|[\s，。；,;])")
_TERM_WORD = re.compile("^(?:期限|截止(?:到|日期)?|延(?:期|长)?到|提前到|改到|改成)\\s*")
_MIDDLE = re.compile(r"(?:在|到)?期中(?:考试?)?(?:之?前|结束)?")
_END = re.compile(r"(?:在|到)?(?:学?期末|本?学期(?:结束|内)?|学期底)(?:考试?)?(?:之?前|结束)?")
_EDGES = " \u3000，。；：,;:、的要"
# ascii: regular expressions and what was folded


class NotUnderstood(BadArgument):
    """What stands where a day is looked for is none."""


@dataclass(frozen=True)
class GoalWords:
    """What was typed.

    Attributes:
        start: where it begins; None = only where it shall come to was said.
        falls: less is better.
    """

    measure: str
    unit: str
    start: float | None
    target: float
    falls: bool
    due: date


def read_goal(text: str, today: date, term: Term, calendar: SchoolCalendar, old: GoalWords | None = None) -> GoalWords:
    """What a goal says; without a day it is for the end of the term.

    Args:
        old: what it said before, where it is changed: what is not said stays.

    Raises:
        BadArgument: no numbers, the same number twice, no measure, too long a one, a day gone by, words left over.
    """
    plain = normalize("NFKC", text).strip()
    if old and (day := _day_alone(plain, today, term, calendar)):
        return replace(old, due=day)
    found, falls = _numbers(plain)
    tail = _TAIL.match(plain, found.end())
    measure = plain[: found.start()].strip(_EDGES) or (old.measure if old else "")
    unit = (tail["unit"] or "") if tail else ""
    start = _number(found["start"]) if "start" in found.groupdict() else None
    target = _number(found["target"])
    if start is None and old and measure == old.measure and old.start != target:
        start = old.start
    if start is not None:
        falls = target < start
        unit = unit or found.groupdict().get("first") or ""
    elif old and measure == old.measure and not _SAYS_LEAST.match(found.group()):
        falls = falls or old.falls
    unit = unit or (old.unit if old and measure == old.measure else "")
    _check(measure, unit, start, target)
    rest = plain[tail.end() if tail else found.end() :].strip(_EDGES)
    due = old.due if old and not rest else _due(rest, today, term, calendar)
    return GoalWords(measure, unit, start, target, falls, due)


def _day_alone(text: str, today: date, term: Term, calendar: SchoolCalendar) -> date | None:
    """The day where nothing else is said: "12月20日前", "期限 期中"; raises as ``_due`` for a day gone by."""
    words = _TERM_WORD.sub("", text).strip(_EDGES)
    try:
        return _due(words, today, term, calendar) if words else None
    except NotUnderstood:
        return None


def read_value(text: str) -> float | None:
    """A measured value ("7.5", "85%", "12 节"); None when it is none."""
    found = re.fullmatch(
        rf"(?:现在|到了?|是|为)?\s*(?P<value>{_VALUE})\s*(?:%|[^\s\d]{{0,4}})", normalize("NFKC", text).strip()
    )
    return _number(found["value"]) if found else None


def _numbers(text: str) -> tuple[re.Match[str], bool]:
    if found := _SPAN.search(text):
        return found, False
    if found := _AT_MOST.search(text):
        return found, True
    least, bare = _LEAST.search(text), _BARE_SPAN.search(text)
    if bare and (not least or least.start() < bare.end()):
        return bare, False
    if least:
        return least, False
    raise BadArgument("没看懂要从多少到多少。", f"例：{EXAMPLE}", "只有一头的，例：/目标 加 微课 不少于 20 节")


def _number(text: str) -> float:
    if text[0].isdigit():
        return float(text)
    whole = chinese_number(text)
    if whole is None:
        raise BadArgument(f"没看懂数字“{text}”。", f"例：{EXAMPLE}")
    return float(whole)


def _check(measure: str, unit: str, start: float | None, target: float) -> None:
    if _NUMBER_AT_END.search(measure):
        raise BadArgument(f"没看懂“{measure[-10:]}”。", f"从多少到多少要连着写，例：{EXAMPLE}")
    if not measure:
        raise BadArgument("要说量的是什么，写在最前面。", f"例：{EXAMPLE}")
    if len(measure) > LONGEST_MEASURE:
        raise BadArgument(f"量的是什么，最多写 {LONGEST_MEASURE} 个字。", f"例：{EXAMPLE}")
    if start == target:
        raise BadArgument("从多少到多少是一样的，就不是目标了。", f"例：{EXAMPLE}")
    if max(start or 0, target) > MOST or (unit == "%" and max(start or 0, target) > 100):
        raise BadArgument("数太大了。", f"例：{EXAMPLE}")


def _due(words: str, today: date, term: Term, calendar: SchoolCalendar) -> date:
    if not words or _END.fullmatch(words):
        day = term.last_day
    elif _MIDDLE.fullmatch(words):
        day = term.bounds(term.midterm_week)[1]
    else:
        when, rest = find_when(words, today, calendar)
        if when is None or when.span is None or rest.strip(_EDGES + "前内底止截达成完") != "":
            raise NotUnderstood(f"没看懂“{words[:20]}”。", "期限写在最后，例：期中、期末、12月20日前", f"例：{EXAMPLE}")
        day = when.span[1]
    if day < today:
        ended = "这学期已经结束了，新学期的目标开学后再定。" if term.last_day < today else f"例：{EXAMPLE}"
        raise BadArgument("这个期限已经过了。", ended)
    return day

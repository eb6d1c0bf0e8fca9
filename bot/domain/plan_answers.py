"""What the leader's answer to a question of the plan means for its entry.

Every choice the reader offers (``bot.calendar.reading.questions``) is understood here, and so is whatever a leader may
type instead: a weekday with lessons, 单周, a week, a date.
"""

import re
from datetime import timedelta
from typing import Any

from bot.calendar.entries import Entry, Kind
from bot.calendar.phrases import When, find_when
from bot.calendar.plan_reader import PlanContext, read_line
from bot.calendar.recurrence import dates
from bot.domain.groups import Group
from bot.errors import BadArgument

# The entry stays in the plan, and nothing is posted for it.
NO_POST = ("不发", "不用", "不提醒", "跳过", "不用提醒", "暂不安排", "不进日程", "只是序号")
# The entry is right as it was read.
AS_READ = ("进日程", "日期", "周次", "对", "是", "是的")
RHYTHMS = {"每周": Kind.WEEKLY, "两周一次": Kind.BIWEEKLY, "每月一次": Kind.MONTHLY, "只有一次": Kind.DATE}
WITHIN_WEEK = (Kind.WEEKLY, Kind.BIWEEKLY)
REPEATING = (Kind.WEEKLY, Kind.BIWEEKLY, Kind.MONTHLY, Kind.MONTHLY_WEEK)
MONTH_WEEK = "当月第"
SOMETHING = "集体备课"
# Stands for the activity where an answer is read as a line: words of time in an activity's name are none of the answer.
LONGEST_PLACE = 20
LONGEST_TIME = 60


def answered(group: Group, entry: Entry, words: str, context: PlanContext) -> Entry:
    """The entry with what the answer says.

    Args:
        words: as typed; a choice or anything that names a time.
        context: the term, to read the answer like a line of the plan.

    Raises:
        BadArgument: the answer is not understood.
    """
    words = words.strip().rstrip("。.")
    fixed = _fixed(group, entry, words)
    if fixed is not None:
        return entry.model_copy(update=fixed)
    if entry.kind is Kind.MONTHLY and not words.startswith("每"):
        words = f"每月{words}"
    reread = [] if entry.kind in WITHIN_WEEK else read_line(f"{words}\uff1a{SOMETHING}", context)
    if reread and reread[0].sure and reread[0].kind is not Kind.IRREGULAR:
        details = reread[0].model_dump(exclude_none=True, exclude={"line", "text", "activity", "question", "choices"})
        return entry.model_copy(update=details)
    return entry.model_copy(update=_timed(group, entry, words))


def corrected(group: Group, entry: Entry, words: str, context: PlanContext) -> Entry:
    """The entry with the time that ``words`` name; what they leave open of a rhythm stays.

    "周四第8节" said of 双周周三 moves it to Thursdays of the same weeks; "每周周四第8节" or "第10周" is a rule of its
    own.

    Raises:
        Ambiguous: the words leave something open that must be asked (每两周 without 单双周).
        BadArgument: they are not understood.
    """
    words = words.strip().rstrip("。.")
    if len(words) > LONGEST_TIME:
        raise BadArgument(f"时间写了 {len(words)} 字，最多 {LONGEST_TIME} 字。", "例：/计划 改 3 每周周四第8节")
    if _keeps_rhythm(entry, words):
        return _settled(entry, _partial(group, entry, words))
    found = read_line(f"{words}\uff1a{SOMETHING}", context)
    if len(found) == 1 and found[0].kind is not Kind.IRREGULAR:
        if found[0].question and found[0].choices and _RHYTHM.search(words):
            raise Ambiguous(found[0].question, [_with_choice(words, choice) for choice in found[0].choices])
        if found[0].sure:
            return _retimed(entry, found[0])
    when, rest = find_when(words, group.today, group.calendar)
    if when is None or not (when.day or when.week or when.month) or len(rest) > LONGEST_PLACE:
        raise BadArgument(
            f"没看懂“{words[:20]}”。", "可以这样写：/计划 改 3 每周周四第8节", "或者：/计划 改 3 第10周周三"
        )
    return _retimed(entry, Entry(**({"kind": entry.kind, "activity": entry.activity} | _dated(group, when))), rest)


class Ambiguous(Exception):
    """A correction that leaves something open: the question, and the corrections that do not."""

    def __init__(self, question: str, choices: list[str]) -> None:
        super().__init__(question)
        self.question = question
        self.choices = choices


_PARTIAL = re.compile("(?:周|星期|礼拜)[一二三四五六日天]|第.{1,4}节|[上下]午|中午|地点|\\d{1,2}[:\uff1a]\\d{2}")
_PARITY = re.compile("[单双]周")
_PLACE = re.compile("地点[:\uff1a\\s]*(?P<place>\\S.*)")
_WEEKDAY = re.compile("(?:周|星期|礼拜)[一二三四五六日天]")
_RHYTHM = re.compile("每?两周(?:一次)?|隔周(?:一次)?|每月(?:一次)?")


def _keeps_rhythm(entry: Entry, words: str) -> bool:
    """Whether the words name no rhythm or week of their own, so that the entry's stays."""
    parity = entry.kind is Kind.BIWEEKLY and _PARITY.match(words)
    place = _PLACE.fullmatch(words) is not None
    return bool(place or parity or (entry.kind in (*REPEATING, Kind.WEEK_NUMBER, Kind.DATE) and _PARTIAL.match(words)))


def _partial(group: Group, entry: Entry, words: str) -> dict[str, Any]:
    if place := _PLACE.fullmatch(words):
        return {"place": place["place"][:LONGEST_PLACE]}
    weekday = words.startswith(("周", "星期", "礼拜"))
    when, rest = find_when(f"每{words}" if weekday else words, group.today, group.calendar)
    if when is None or len(rest) > LONGEST_PLACE:
        raise BadArgument(f"没看懂“{words[:20]}”。", "可以这样写：/计划 改 3 周四第8节")
    found = _repeating(entry, when) | ({"place": rest} if rest else {})
    if "periods" in found or "time" in found:
        found = {"periods": None, "time": None, "time_to": None, "half": None} | found
    if entry.date and isinstance(found.get("weekday"), int):  # that day of the same week
        found["date"] = entry.date + timedelta(days=found["weekday"] - entry.date.isoweekday())
        found |= {"weekday": None, "deadline": True if entry.deadline else None}
    return found


def _settled(entry: Entry, update: dict[str, Any]) -> Entry:
    return entry.model_copy(update={**update, "sure": True, "question": None, "choices": []})


def _retimed(entry: Entry, rule: Entry, place: str = "") -> Entry:
    """The rule with what the entry is: its words and line, and its place unless another is named."""
    kept = {
        "line": entry.line,
        "text": entry.text,
        "activity": entry.activity,
        "place": place or rule.place or entry.place,
    }
    return _settled(rule, {**kept, "deadline": rule.deadline or (True if entry.deadline else None)})


def _with_choice(words: str, choice: str) -> str:
    """ "每两周周四第8节" answered with 双周 is "双周周四第8节", 每月周五 with 第一个周五 is 每月第一个周五."""
    rhythm = _RHYTHM.search(words)
    if rhythm is None:
        return f"{words}{choice}"
    rest = words[rhythm.end() :]
    rest = _WEEKDAY.sub("", rest, count=1) if _WEEKDAY.search(choice) else rest
    month = "每月" if rhythm.group().startswith("每月") else ""
    return f"{words[: rhythm.start()]}{month}{choice}{rest}"


def _fixed(group: Group, entry: Entry, words: str) -> dict[str, Any] | None:
    """The answers that need no reading of a time; None for all others."""
    if words in NO_POST:
        return {"kind": Kind.IRREGULAR, "quota": True}
    if words in AS_READ:
        return {"weekday": None} if words == "日期" else {}
    if words in RHYTHMS:
        return {"kind": RHYTHMS[words]}
    if words == "星期" and entry.date and isinstance(entry.weekday, int):
        return {"date": entry.date + timedelta(days=entry.weekday - entry.date.isoweekday())}
    if words.startswith(MONTH_WEEK) and entry.months and entry.weeks:
        return _week_of_month(group, entry)
    return None


def _week_of_month(group: Group, entry: Entry) -> dict[str, Any]:
    """The teaching week that the n-th week of the entry's month is."""
    wanted, month = (entry.weeks or [1])[0], (entry.months or [0])[0]
    rule = Entry(kind=Kind.MONTHLY_WEEK, activity=entry.activity, week_of_month=wanted)
    for occasion in dates(rule, group.term, group.calendar):
        if month in (occasion.day.month, occasion.last.month):
            week = group.term.week_of(occasion.day)
            return {"kind": Kind.WEEK_NUMBER, "weeks": [week, week], "months": None}
    raise BadArgument(f"{month}月没有第{wanted}周。", "例：/计划 答 1 第10周")


def _timed(group: Group, entry: Entry, words: str) -> dict[str, Any]:
    when, rest = find_when(_as_rule(entry, words.replace("教学周", "周")), group.today, group.calendar)
    if when is None:
        raise BadArgument(f"没看懂“{words[:20]}”。", *_example(entry))
    changes = _repeating(entry, when) if entry.kind in REPEATING else _dated(group, when)
    return {**changes, "place": rest} if rest and len(rest) <= LONGEST_PLACE else changes


def _as_rule(entry: Entry, words: str) -> str:
    """ "周三第8节" answered to a weekly entry means every Wednesday, not the coming one."""
    is_weekday = words.startswith(("周", "星期", "礼拜"))
    return f"每{words}" if entry.kind in WITHIN_WEEK and is_weekday else words


def _repeating(entry: Entry, when: When) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if when.weekday:
        found["weekday"] = when.weekday
    if when.periods:
        found["periods"] = list(when.periods)
    if when.half and not when.periods:
        found["half"] = when.half
    if when.time:
        found["time"] = f"{when.time:%H:%M}"
    if when.parity and entry.kind is Kind.BIWEEKLY:
        found["parity"] = when.parity
    if not found:
        raise BadArgument("还不知道是周几。", *_example(entry))
    return found


def _dated(group: Group, when: When) -> dict[str, Any]:
    lessons = {"periods": list(when.periods)} if when.periods else {}
    if when.day:
        return {"kind": Kind.DATE, "date": when.day, "weekday": None, **lessons}
    if when.week:
        week = group.term.week_of(when.week[0])
        return {"kind": Kind.WEEK_NUMBER, "weeks": [week, week], **lessons}
    if when.month:
        return {"kind": Kind.MONTH, "months": [when.month[1]], **lessons}
    raise BadArgument("还不知道是哪一天。", "例：/计划 答 1 第10周周三")


def _example(entry: Entry) -> tuple[str, ...]:
    example = entry.choices[0] if entry.choices else "周三第8-9节"
    return (f"可以这样写：/计划 答 1 {example}",)

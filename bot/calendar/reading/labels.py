"""Lines that begin with their time: "每月第一周：召开例会", "4月 展示课"; several such parts may stand in one line."""

import re

from bot.calendar.reading import traps
from bot.calendar.reading.atoms import Found
from bot.calendar.reading.body import read_body
from bot.calendar.reading.clauses import cluster_end
from bot.calendar.reading.context import PlanContext
from bot.calendar.reading.days_off import day_off
from bot.calendar.reading.draft import Draft
from bot.calendar.reading.normalise import Text
from bot.calendar.reading.quotas import add_count
from bot.calendar.reading.times import kind_of, merged
from bot.calendar.reading.vocabulary import times_in

_LABEL_END = re.compile(r"\s*:\s*|\s+")
#: "九月份工作重点" is the label of the lines below it as much as 九月 is.
_OF_MONTH = re.compile(
    r"\s*的?(?:(?:主要|重点|具体)?(?:工作|活动|教研)(?:安排|重点|要点|内容|计划|工作)?|重点|要点)(?=\s*(?::|$))"
    r"|\s*\([^()]{1,30}\)(?=\s*:?\s*$)"
)
_RHYTHM = re.compile(r"每(?:个|逢)?(?:月|周|星期|礼拜|两周|隔周)|隔周|[单双]周")
_PART = re.compile(r";|。(?=\S)")


def label_of(text: Text, context: PlanContext) -> tuple[list[Found], int] | None:
    """The findings of the time with which a text begins (followed by a colon or blank), and where its body starts."""
    atoms, _ = times_in(text, context)
    if not atoms or text.folded[: atoms[0].start].strip("( "):
        return None
    end, count = cluster_end(text, atoms)
    if atoms[0].found.keys() == {"months"} and (more := _OF_MONTH.match(text.folded, end)):
        end = more.end()
    separator = _LABEL_END.match(text.folded, end)
    if separator is None and end < len(text.folded):
        return None
    found = merged(atoms[:count])
    if separator and ":" in separator[0]:  # 周一：语文；周二：数学 is weekly, and asked
        found = [one | {"session": True} if one.keys() == {"weekday"} else one for one in found]
    if any(kind_of(one) is None for one in found):
        return None
    return found, separator.end() if separator else end


def segments(text: Text, context: PlanContext) -> list[Text]:
    """The parts of a line that have labels of their own ("每月底：上交；每月初：布置"); else the line."""
    starts = [0]
    for match in _PART.finditer(text.folded):
        label = label_of(text.cut(match.end()), context)
        if label is not None and text.folded[match.end() + label[1] :].strip(" 。;"):
            starts.append(match.end())
    if len(starts) == 1 or label_of(text, context) is None:
        return [text]
    return [text.cut(start, end) for start, end in zip(starts, [*starts[1:], len(text.folded)], strict=True)]


def labelled(text: Text, context: PlanContext) -> list[Draft] | None:
    """The drafts of a text that begins with its time, none for a holiday; None when it is not built so."""
    label = label_of(text, context)
    if label is None:
        return None
    times, start = label
    body = text.cut(start)
    if all(one.keys() == {"months"} for one in times) and _RHYTHM.match(body.folded):
        return None  # 9月-11月：每月第三周…: the months bound the rhythm behind them
    if not body.folded.strip() or (traps.is_makeup_rule(body.folded) and len(body.folded) < 20):
        return None
    drafts = [one for found in times for one in read_body(body, found, context, table=False)]
    for one in drafts:
        add_count(one, times[0], body.folded)
    return drafts if drafts or day_off(body, context) else None

"""What a line says of time and its entries do not: then nothing of that line is sure, and the leader is asked.

The patterns know many ways of writing a time, and there will always be one more. So the line is looked through once
more, as a whole: every time found in it must have gone into one of the drafts, and no word of time may be left over.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from bot.calendar.entries import Kind
from bot.calendar.reading.atoms import HIDDEN, TAKEN, Atom, Found, taken
from bot.calendar.reading.changes import moves
from bot.calendar.reading.context import PlanContext
from bot.calendar.reading.days_off import day_off
from bot.calendar.reading.draft import Draft
from bot.calendar.reading.normalise import Text, fold, without_number
from bot.calendar.reading.vocabulary import times_in

_SAME = (
    "months",
    "weekday",
    "periods",
    "half",
    "time",
    "time_to",
    "parity",
    "month_day",
    "xun",
    "offset_days",
    "offset_weeks",
)
_DAYS = ("date", "date_from", "date_to", "deadline", "cancelled_date", "makeup")
_WEEKS = ("weeks", "week_of_month", "from_week", "except_weeks")
#: In which details of an entry a finding may have gone.
_HOMES: dict[str, tuple[str, ...]] = {"date": _DAYS, "nth": _WEEKS, **{key: (key,) for key in _SAME}}
_RHYTHMS: dict[str, tuple[Kind, ...]] = {
    "week": (Kind.WEEKLY, Kind.BIWEEKLY),
    "fortnight": (Kind.BIWEEKLY,),
    "month": (Kind.MONTHLY, Kind.MONTHLY_WEEK),
}
_REPEATED = (Kind.WEEKLY, Kind.BIWEEKLY, Kind.MONTHLY, Kind.MONTHLY_WEEK)
#: 每周三第7节(第10周改为周四): the rhythm and one time that breaks it.
_EXCEPTION = re.compile(r"\([^()]*(?:改|调整?|提前|推迟|顺延)(?:为|到|至|在)[^()]*\)")
#: A remark on the calendar itself.
_DAYS_OFF = re.compile(r"\([^()]*(?:放假|休息|补班|补课|调休)[^()]*\)")
_TIME_LETTERS = re.compile(r"[\d年月日号周第上中下旬末前后间起至到内本一二三四五六七八九十()、,.\s-]")
#: Words of time left where all that was understood is taken away; 期中命题 and 国庆放假 are names.
_WORDS = re.compile(
    r"(?<![第\d.])(?P<n>\d{1,2})(?P<unit>[月日号周])(?![游常报内考])|第[\d一二三四五六七八九十]+个?(?:教学)?(?:周|星期)"
    r"|(?:周|星期|礼拜)[一二三四五六日天](?!次|练|测|题|篇|套|[\u4e00-\u9fff]?活动)|(?<![\u4e00-\u9fff])(?P<xun>[上中下])旬"
    rf"|每(?:周|月|旬|季|两|隔|逢(?!{TAKEN}))|(?:单|双|隔)周|隔月|(?:本|下|次)(?:周|月)(?=[,:前内底初]|$)"
    rf"|{TAKEN}\)?(?:的?(?:之|以)?(?:前|后|内(?!容))|起(?!始)|为?止|至(?!少)|或|左右|第[一二三四五六七八九十\d])"
    r"|(?:[天周日月]之?内|(?:除|遇|逢)[^,。;]{1,10}(?:外|顺延|则))|顺延|改期|延期|推迟"
    r"|(?:^|(?<=[,;。:]))[本下]周|(?<=[,、;])[一二三四五]{2,3}(?=[\u4e00-\u9fff]{2})(?![年级组班单章节课轮等一二三四五六七八九十])"
    rf"|{TAKEN}的?周末|除外|同一时间|同时段|暂停|停一次|连续[一二两三四五\d]+个?(?:周|天)|为期|第[一二三四五]个(?:[和、,周]|完整|工作日)"
)


def leftover(text: Text, drafts: Sequence[Draft], context: PlanContext) -> str | None:
    """The first words of time in ``text`` that none of its ``drafts`` holds; None when all of it is used."""
    if all(one.kind is Kind.IRREGULAR for one in drafts):
        return None  # has no day, and is asked as it is
    if nameless := next((one.activity for one in drafts if one.activity and not _is_name(one.activity)), None):
        return nameless
    text = without_number(text)
    exception = _EXCEPTION.search(text.folded)
    if exception and any(one.kind in _REPEATED for one in drafts):
        return text.raw[slice(*exception.span())]
    return None if day_off(text, context) else _unused(text, drafts, context)


def _unused(text: Text, drafts: Sequence[Draft], context: PlanContext) -> str | None:
    atoms, quoted = times_in(text, context)
    remarks = [match.span() for match in _DAYS_OFF.finditer(text.folded)]
    atoms = [atom for atom in atoms if not any(start < atom.start < end for start, end in remarks)]
    moved = moves(text.folded)
    for atom in atoms:
        words = text.folded[atom.start : atom.end]
        if not _is_used(atom.found, drafts, moved=moved) and not any(words in fold(one.activity) for one in drafts):
            return text.raw[atom.start : atom.end]
    if moved:
        return None
    rest = _WORDS.finditer(_masked(text.folded, atoms, [*quoted, *remarks]))
    return next((text.raw[slice(*match.span())] for match in rest if not _is_told(match, drafts)), None)


def _is_told(match: re.Match[str], drafts: Sequence[Draft]) -> bool:
    """Whether a bare number or part of a month stands in the drafts: 22日 in a row of February."""
    if match["xun"]:
        return match["xun"] in _values(drafts, ["xun"])
    if not match["n"]:
        return False
    days = [day for day in _values(drafts, _DAYS) if isinstance(day, date)]
    told = {"月": {day.month for day in days}, "周": set(_values(drafts, _WEEKS))}
    return int(match["n"]) in told.get(match["unit"], {day.day for day in days})


def _is_name(activity: str) -> bool:
    """Whether an activity says more than when it is: neither 末前 nor 本月24日."""
    return len(activity) > 1 and bool(_TIME_LETTERS.sub("", fold(activity)))


def _is_used(found: Found, drafts: Sequence[Draft], *, moved: bool) -> bool:
    """Whether all that a time says is in the drafts; the old time of what was moved need not be."""
    if moved and found.keys() & {"nth", "date"}:
        return True
    return all(_stands(key, value, drafts) for key, value in found.items())


def _stands(key: str, value: Any, drafts: Sequence[Draft]) -> bool:
    if key == "every":
        kinds = _RHYTHMS.get(value)
        return kinds is None or any(one.kind in kinds for one in drafts)
    if key not in _HOMES or value is None:
        return True
    there = set(_values(drafts, _HOMES[key]))
    if key in ("months", "weekday"):
        there |= _told_by_days(key, drafts)
    if key == "nth":
        there |= {week for one in drafts for week in _run(one.details.get("weeks"))}
    return all(one in there for one in _each(value))


def _values(drafts: Sequence[Draft], keys: Iterable[str]) -> list[Any]:
    return [value for one in drafts for key in keys for value in _each(one.details.get(key))]


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _told_by_days(key: str, drafts: Sequence[Draft]) -> set[int]:
    """The months or weekdays of the days in the drafts: 11月 is used where 2026-11-06 stands."""
    days = [day for day in _values(drafts, _DAYS) if isinstance(day, date)]
    return {day.month if key == "months" else day.isoweekday() for day in days}


def _run(weeks: Any) -> Iterable[int]:
    if not isinstance(weeks, list) or len(weeks) != 2:
        return _each(weeks) if weeks else ()
    return range(weeks[0], weeks[1] + 1)


def _masked(folded: str, atoms: Sequence[Atom], quoted: Sequence[tuple[int, int]]) -> str:
    """Times become ``TAKEN``; names in quotation marks are neither time nor beside one."""
    for mark, spans in ((TAKEN, [(atom.start, atom.end) for atom in atoms]), (HIDDEN, quoted)):
        for start, end in spans:
            folded = taken(folded, start, end, mark)
    return folded

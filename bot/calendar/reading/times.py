"""From findings to a kind and its details.

Inner keys of the findings, beside the detail keys of the contract:

- ``every``: week, fortnight, month, term, year, quarter, unit, other (a rhythm that is asked);
- ``nth``: ordinal weeks, of the term or of a month; ``in_week``: the nth week is the row's own; ``since``: 起;
- ``point``: start, mid, end, exam; ``points`` and ``dates``: several, one entry each;
- ``all_term``, ``irregular``, ``cancelled``, ``named_day``, ``relative_day``, ``session`` (早读);
- ``others``: second times in the clause, ``either``: joined with 或;
- ``bare_day``: written like a section number (2.1);
- ``doubt``: why the leader must be asked (``questions.DOUBTS``).
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from bot.calendar.entries import Entry, Kind
from bot.calendar.reading.atoms import Atom, Found
from bot.calendar.reading.context import PlanContext
from bot.calendar.reading.dates import on_day

_POINT_KINDS = {"start": Kind.TERM_START, "mid": Kind.TERM_MID, "end": Kind.TERM_END}
#: The rhythm that rules when one clause names two ("每学期…每月一次"): the closest.
_CLOSEST = ("week", "fortnight", "month", "quarter", "unit", "term", "year", "other")
_ROUTINES = (Kind.WEEKLY, Kind.BIWEEKLY, Kind.MONTHLY, Kind.MONTHLY_WEEK)
#: Kinds in which an ordinal week is one of the term.
_COUNTING = (Kind.WEEK_NUMBER, Kind.WEEKLY, Kind.BIWEEKLY, *_POINT_KINDS.values())
_DAYS = ("date", "date_to", "months", "weeks", "weekday")
_SELDOM = ("term", "year", "quarter", "unit")
#: Two different values of these in one clause are two times; which one is meant must be asked.
_ONLY_ONE = ("date", "months", "nth", "month_day", "weekday")
#: How far outside the term a date may lie before it is doubted (holidays on both sides).
_MARGIN = timedelta(days=45)
#: Days of a row's own week; fewer, 第9周（4月21日、22日）, are those of the activity.
_ROW_SPAN = timedelta(days=2)
#: No month has more calendar weeks; a higher number counts teaching weeks.
_MONTH_WEEKS = 6


def _every(*names: str) -> Callable[[Found], bool]:
    return lambda found: found.get("every") in names


def _has(*keys: str) -> Callable[[Found], bool]:
    return lambda found: all(key in found for key in keys)


def _routine_week(found: Found) -> bool:
    return found.get("every") == "week" and "point" not in found


#: First row that holds gives the kind.
KINDS: tuple[tuple[Callable[[Found], bool], Kind], ...] = (
    (_has("cancelled"), Kind.IRREGULAR),
    (_has("in_week"), Kind.WEEK_NUMBER),
    (_has("named_day", "months"), Kind.MONTH),
    (lambda found: "since" in found and found.get("every") == "week" and "parity" not in found, Kind.WEEKLY),
    (lambda found: found.get("every") == "fortnight" or "parity" in found, Kind.BIWEEKLY),
    (lambda found: "months" in found and max(found.get("nth", [0])) > _MONTH_WEEKS, Kind.WEEK_NUMBER),
    (_has("relative_day"), Kind.DATE),
    (_has("date"), Kind.DATE),
    (lambda found: found.get("every") == "month" and "nth" in found, Kind.MONTHLY_WEEK),
    (_every("month"), Kind.MONTHLY),
    (_routine_week, Kind.WEEKLY),
    (_has("anchor_holiday"), Kind.DATE),
    (_has("months"), Kind.MONTH),
    (_has("nth"), Kind.WEEK_NUMBER),
    (_has("all_term"), Kind.ALL_TERM),
    (_every(*_SELDOM, "other"), Kind.IRREGULAR),
    (_has("irregular"), Kind.IRREGULAR),
)


def merged(atoms: Iterable[Atom], inherited: Found | None = None) -> list[Found]:
    """The findings of one clause joined; several when it names several times (单周三、双周五; 期中、期末).

    ``inherited`` is the time of the clause before: "每月第二周…，第三周的周四…" keeps its month.
    """
    found: Found = {}
    others: list[Found] = []
    for atom in atoms:
        if "parity" in found and found["parity"] != atom.found.get("parity", found["parity"]):
            others.append(found)
            found = {}
        if found.get("others") and _is_hour(atom.found) and "weekday" in found["others"][-1]:
            found["others"][-1] |= atom.found
            continue
        last = found.get("others", [{}])[-1]
        if atom.found.keys() == {"weekday"} and "date" in last and "weekday" not in last:
            last["weekday"] = atom.found["weekday"]  # 改为11月4日(周三): of the day just named
            continue
        clash = [key for key in _ONLY_ONE if found.get(key, atom.found.get(key)) != atom.found.get(key, found.get(key))]
        if clash:
            found.setdefault("others", []).append(dict(atom.found))
            continue
        for key, value in atom.found.items():
            found[key] = _closer(found[key], value) if key == "every" and key in found else found.get(key, value)
    if inherited and "nth" in found and "every" not in found and inherited.get("every") == "month":
        found["every"] = "month"
    return [_in_week(single) for one in [*others, _same_hours(found)] for single in _singles(one)]


def _is_hour(found: Found) -> bool:
    return bool(found) and found.keys() <= {"periods", "half", "time", "time_to"}


def _same_hours(found: Found) -> Found:
    """周一第4节和周四第4节: two weekdays with the same lessons are one time."""
    days = [found.get("weekday"), *(other.get("weekday") for other in found.get("others", ()))]
    if len(days) < 2 or not all(isinstance(day, int) for day in days) or "date" in found:
        return found
    hours = [{key: one.get(key) for key in ("periods", "half", "time")} for one in [found, *found["others"]]]
    if (
        any(other.keys() - {"weekday", "periods", "half", "time"} for other in found["others"])
        or hours[1:] != hours[:-1]
    ):
        return found
    return {key: value for key, value in found.items() if key != "others"} | {"weekday": days}


def kind_of(found: Found, words: str = "") -> Kind | None:
    """The kind of the findings; ``words`` (the line) tell which exam 考后 means. None when they say no day."""
    if (point := found.get("point")) and "cancelled" not in found and "date" not in found:
        if point == "exam":
            return Kind.TERM_MID if "期中" in words else Kind.TERM_END if "期末" in words else Kind.IRREGULAR
        return _POINT_KINDS[point]
    kind = next((kind for holds, kind in KINDS if holds(found)), None)
    if kind is None and isinstance(found.get("weekday"), list):
        return Kind.WEEKLY
    if kind is None and found.get("weekday") and found.keys() & {"periods", "half", "time", "session"}:
        return Kind.WEEKLY
    return kind


def details_of(found: Found, kind: Kind, context: PlanContext) -> dict[str, Any]:
    """The detail keys of the contract for these findings."""
    details = {key: value for key, value in found.items() if key in Entry.model_fields and value is not None}
    if nth := found.get("nth"):
        details |= _ordinal(nth, found, kind)
    if kind is Kind.IRREGULAR:
        details |= {"per": found["every"]} if found.get("every") in _SELDOM else {}
        return _cancelled(details) if "cancelled" in found else details
    if kind in _ROUTINES:
        _start(details, found, context)
    return details


def _cancelled(details: dict[str, Any]) -> dict[str, Any]:
    """No day of a cancelled activity may be used."""
    kept = {
        key: value for key, value in details.items() if key not in ("date", "date_to", "months", "weeks", "weekday")
    }
    day = details.get("date")
    return kept | {"tentative": True} | ({"cancelled_date": day} if day else {})


def _start(details: dict[str, Any], found: Found, context: PlanContext) -> None:
    """A day or month before a rhythm is its beginning: "自10月起，每周五"."""
    if "date" in details:
        details["date_from"] = details.pop("date")
    elif "since" in found and "months" in details and (start := on_day(details["months"][0], 1, None, context)):
        details.pop("months")
        details["date_from"] = start[0]


def doubt_of(found: Found, kind: Kind, context: PlanContext) -> str | None:
    """Why these findings cannot be posted as they stand, beside what is merely missing."""
    if doubt := found.get("doubt"):
        return str(doubt)
    return next((name for name, holds in _DOUBTS if holds(found, kind, context)), None)


def _wrong_weekday(found: Found, kind: Kind, _context: PlanContext) -> bool:
    day, weekday = found.get("date"), found.get("weekday")
    if kind not in (Kind.DATE, Kind.WEEK_NUMBER) or not isinstance(day, date) or not isinstance(weekday, int):
        return False
    return day.isoweekday() != weekday


def _outside_term(found: Found, kind: Kind, context: PlanContext) -> bool:
    day, term = found.get("date"), context.term
    if kind is Kind.WEEK_NUMBER and max(found["nth"]) > term.weeks:
        return True
    return isinstance(day, date) and not term.first_day - _MARGIN <= day <= term.last_day + _MARGIN


def _no_midterm(_found: Found, kind: Kind, context: PlanContext) -> bool:
    return kind is Kind.TERM_MID and context.term.midterm_week is None


def _several_times(found: Found, kind: Kind, _context: PlanContext) -> bool:
    return bool(found.keys() & {"others", "either"}) and kind not in (Kind.IRREGULAR, *_POINT_KINDS.values())


def _counted_from_a_day(found: Found, kind: Kind, _context: PlanContext) -> bool:
    """11月6日考试后第二天: the day of the examination, or of what is done?"""
    counted = found.keys() & {"offset_days", "offset_weeks", "within_days"}
    return kind is Kind.DATE and "point" in found and bool(counted)


def _bare_day(found: Found, kind: Kind, context: PlanContext) -> bool:
    """A day written like a section number (2.1) with nothing beside it that makes it a day."""
    sign = found.keys() & {"weekday", "half", "periods", "time", "date_to", "deadline", "nth"}
    return kind is Kind.DATE and "bare_day" in found and not context.dotted and not sign


_DOUBTS: tuple[tuple[str, Callable[[Found, Kind, PlanContext], bool]], ...] = (
    ("weekday", _wrong_weekday),
    ("outside", _outside_term),
    ("bare_day", _bare_day),
    ("several", _counted_from_a_day),
    ("bare", lambda found, kind, _context: kind is Kind.WEEKLY and "every" not in found),
    ("midterm", _no_midterm),
    ("several", _several_times),
    ("rhythm", lambda found, _kind, _context: found.get("every") == "other"),
)


def _ordinal(nth: list[int], found: Found, kind: Kind) -> dict[str, Any]:
    if kind in (Kind.MONTHLY_WEEK, Kind.MONTH):
        return {"week_of_month": nth[0] if len(nth) == 1 else nth}
    if kind not in _COUNTING:
        return {}
    if "since" in found:
        return {"from_week": nth[0]} | ({"weeks": [nth[0], nth[-1]]} if kind is Kind.WEEK_NUMBER else {})
    if nth == list(range(nth[0], nth[-1] + 1)):
        label = {0: "第0周", -1: "第00周"}.get(nth[0])
        return {"weeks": [nth[0], nth[-1]]} | ({"week_label": found.get("week_label", label)} if label else {})
    return {"weeks": nth, "list": True}


def _closer(first: str, second: str) -> str:
    return min(first, second, key=_CLOSEST.index)


def _in_week(found: Found) -> Found:
    """第9周(10/26~10/30): the days belong to the week."""
    if "every" in found or "nth" not in found or not isinstance(found.get("date"), date):
        return found
    last = found.get("date_to")
    if found.get("since") and last is None:  # 第三周（3月8日起）
        return {key: value for key, value in found.items() if key not in ("date", "since")} | {
            "date_from": found["date"],
            "in_week": True,
        }
    if not isinstance(last, date) or last - found["date"] < _ROW_SPAN:
        return found | {"in_week": True}
    return {key: value for key, value in found.items() if key != "date"} | {"date_from": found["date"], "in_week": True}


def _singles(found: Found) -> list[Found]:
    for many, one in (("points", "point"), ("dates", "date")):
        if values := found.get(many):
            return [{key: value for key, value in found.items() if key != many} | {one: value} for value in values]
    return [found]

"""How many are asked for, and when that is only a quota: a number for a term, nothing to post on a day."""

from bot.calendar.entries import Kind
from bot.calendar.reading import activities
from bot.calendar.reading.atoms import Found
from bot.calendar.reading.draft import Draft

_LONG = ("term", "year")
_ONCE = ("year", "quarter", "month")
#: Exercises are counted, not held: 每周至少2题.
_PIECES = ("题", "道")


def add_count(one: Draft, found: Found, words: str) -> None:
    """Adds ``count``, ``at_least`` and ``quota`` where the time says how often; times are masked in ``words``."""
    every = found.get("every")
    if every is None and found.get("point") is None:
        return
    number, unit, reach = activities.counts(words)
    one.details |= {key: value for key, value in number.items() if key not in one.details}
    placed = one.details.keys() & {"month_day", "count"}
    if every in _ONCE and one.kind in (Kind.IRREGULAR, Kind.MONTHLY) and not placed:
        one.details["count"] = 1
    asked = number.get("at_least") or (number and reach)
    if asked and (every in _LONG or (every == "week" and unit in _PIECES)):
        one.details["quota"] = True

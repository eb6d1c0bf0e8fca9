"""An entry in the making, between reading and ``Entry``."""

from dataclasses import dataclass
from typing import Any

from bot.calendar.entries import Entry, Kind
from bot.calendar.reading.atoms import Found
from bot.calendar.reading.context import PlanContext
from bot.calendar.reading.times import details_of, doubt_of, kind_of

_DEFINITE = ("date", "months", "nth", "weekday", "month_day", "anchor_holiday", "weeks", "parity")
#: With one of these a landmark of the term is as good as a day: 期中考试后一周内.
_COUNTED = ("offset_weeks", "offset_days", "within_days")


@dataclass
class Draft:
    """What was read: the findings, the kind, the words, and how the line was built.

    ``labelled`` is True for a table row or a line that begins with its time; ``definite`` when a day, a week number,
    a month or a weekday is named; ``personal`` when it is only a number asked of each person. ``unused`` are words of
    time of the line that no entry of it holds.
    """

    activity: str
    kind: Kind
    details: dict[str, Any]
    doubt: str | None = None
    labelled: bool = False
    definite: bool = False
    personal: bool = False
    unused: str = ""

    def entry(self, line: int, text: str) -> Entry:
        """The draft as an entry of the contract, without its question."""
        return Entry(line=line, text=text, kind=self.kind, activity=self.activity, **self.details)


def draft(
    found: Found, activity: str, context: PlanContext, *, words: str = "", labelled: bool = False
) -> Draft | None:
    """A draft of these findings, or None when they tell no kind; ``words`` is the text they were found in."""
    kind = kind_of(found, words)
    if kind is None:
        return None
    doubt = doubt_of(found, kind, context)
    definite = any(found.get(key) is not None for key in _DEFINITE)
    definite = definite or ("point" in found and any(found.get(key) is not None for key in _COUNTED))
    return Draft(activity, kind, details_of(found, kind, context), doubt, labelled, definite)


def not_understood(activity: str) -> Draft:
    """The draft of a line that looks temporal and was not understood: the leader is asked."""
    return Draft(activity, Kind.IRREGULAR, {}, doubt="unread")

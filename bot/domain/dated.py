"""What a subject puts into the group's calendar: one thing with its day, and whom it concerns.

Every list of days (/日程, the board, the .ics files) is made of these, through bot/domain/agenda.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import Enum, auto

from bot.calendar.names import day_label, period_label, weekday_name


class Scope(Enum):
    """Whom something concerns: EVERYBODY of the group; those NAMED, and the group sees it; those named ALONE."""

    EVERYBODY = auto()
    NAMED = auto()
    ALONE = auto()


@dataclass(frozen=True)
class Dated:
    """One thing in the calendar.

    Attributes:
        key: its stable name within the group and term; it stays when the thing is moved or called off.
        day, last: the day it happens, or the first and last of the days among which nobody has chosen yet.
        start, end: None when nobody knows the hour.
        parts: who has a part in it, and which ("主备", "上课", "听课").
        notes: what else belongs to it, a line each.
        state: how it stands in a word or two, for the chat ("听课 1/4").
        deadline: it is to be done by the end of ``last``.
        changed: when it was last changed, as far as is known; ``revision`` rises with each change of time, place or
            standing.
        subject: the name of the subject it is of; set by the agenda.
        silent: the leader wants nothing posted for it.
    """

    key: str
    title: str
    day: date
    last: date
    number: int = 0
    periods: tuple[int, ...] = ()
    start: time | None = None
    end: time | None = None
    place: str = ""
    scope: Scope = Scope.EVERYBODY
    parts: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    state: str = ""
    deadline: bool = False
    cancelled: bool = False
    moved: bool = False
    changed: datetime | None = None
    revision: int = 0
    subject: str = ""
    silent: bool = False

    @property
    def when(self) -> str:
        """ "9月16日 周三第8–9节", "9月16日 周三15:30", "9月18日 周五前", "9月7日–9月11日"."""
        if self.deadline:
            return f"{_dated(self.last)}前"
        if self.day != self.last:
            return f"{day_label(self.day)}–{day_label(self.last)}"
        clock = f"{self.start:%H:%M}" if self.start else ""
        return f"{_dated(self.day)}{period_label(self.periods) or clock}"

    def concerns(self, name: str) -> bool:
        """Whether it belongs in somebody's own calendar."""
        return self.scope is Scope.EVERYBODY or name in self.parts

    def meets(self, other: "Dated") -> bool:
        """Whether the two are at the same time, as far as their times are known; ``key`` tells them apart."""
        if self.key == other.key or self.day != other.day or other.day != other.last or other.deadline:
            return False
        if self.periods and other.periods:
            return bool(set(self.periods) & set(other.periods))
        return _overlap((self.start, self.end), (other.start, other.end))


def _dated(day: date) -> str:
    return f"{day_label(day)} {weekday_name(day.isoweekday())}"


def _overlap(one: tuple[time | None, time | None], other: tuple[time | None, time | None]) -> bool:
    (begin, end), (starts, ends) = one, other
    if begin is None or starts is None:
        return False
    return begin < (ends or time.max) and starts < (end or time.max) if end or ends else begin == starts

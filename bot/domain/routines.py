"""What stands in the group's calendar (feature B6): routines that come from a plan or the leader, and their changes.

A routine keeps the plan's entry; a change of one occasion is a record of its own: who, when, why, and nothing is
overwritten. The days they come to are the matter of bot/domain/happenings.py.
"""

import re
from datetime import date, datetime, time
from enum import StrEnum
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from bot.calendar.entries import Entry, Kind
from bot.calendar.wording import rule_of
from bot.domain.groups import Group, Numbered
from bot.domain.subjects import find_item
from bot.domain.topics import topic_of
from bot.errors import BadArgument
from bot.storage import Record

PREPARATION = "集体备课"
MEETING = "例会"
_NOT_OURS = re.compile("(?:学校|全校|校级|年级|教研组|教职工|全体教师|班主任|行政|备?课?组长)(?:教师|教工|工作)?例会")
STANDING = (Kind.ALL_TERM, Kind.IRREGULAR)


class State(StrEnum):
    """Where a routine stands between the plan document and the group."""

    DRAFT = "未启用"
    ASKING = "待回答"
    ACTIVE = "已启用"
    STOPPED = "已停用"
    DROPPED = "已删"


class Former(BaseModel):
    """How an arrangement stood before: what took place by that rule stays what it was.

    Attributes:
        since, until: from when to when it was in force.
        id, number: of the routine whose rule it was, which need not be the one that remembers it.
    """

    model_config = ConfigDict(defer_build=True, frozen=True)

    entry: Entry
    since: datetime | None
    until: datetime
    id: int
    number: int


class Routine(Numbered):
    """An entry of the plan that this group keeps.

    ``question_number`` is set while the leader has to answer something; ``subject`` names the domain subject that
    speaks for it (集体备课), else it is a plain event.

    Attributes:
        read: the entry as the document has it, once the leader answered or corrected it.
        silent: it stands in the calendar, and nothing is posted for it.
        former: the rules before the present one, oldest first.
        amended: since when the present rule holds, when it is not the first.
        ended: when it went out of force; None while it is in force or never was.
    """

    TABLE: ClassVar[str] = "routines"
    INDEXES: ClassVar = ("term",)

    entry: Entry
    state: State
    subject: str | None = None
    question_number: int | None = None
    source: str = ""
    since: datetime | None = None
    answered_by: str = ""
    read: Entry | None = None
    silent: bool = False
    former: tuple[Former, ...] = ()
    amended: datetime | None = None
    ended: datetime | None = None

    @property
    def document(self) -> Entry:
        """The entry as the document has it."""
        return self.read or self.entry

    @property
    def topic(self) -> str:
        """The subject of the group's work that it belongs to, whoever speaks for it; "" for none."""
        if self.subject or self.is_meeting:
            return self.subject or MEETING
        found = topic_of(self.entry.activity)
        return "" if found == MEETING else found

    @property
    def title(self) -> str:
        """What is done: the subject's own name, or the words of the plan."""
        return self.subject or self.entry.activity

    @property
    def is_meeting(self) -> bool:
        """Whether it is this group's regular meeting, which bot/domain/meetings.py speaks for; 年级例会 is not."""
        words = self.entry.activity
        return self.subject is None and MEETING in words and not _NOT_OURS.search(words)

    @property
    def is_plain(self) -> bool:
        """Whether no subject speaks for it."""
        return self.subject is None and not self.is_meeting

    @property
    def rule(self) -> str:
        """When it happens, in words: "每周三第8-9节", "双周", "每月第一周" …"""
        return rule_of(self.entry)

    @property
    def standing(self) -> str:
        """When and where, in words."""
        return f"{self.rule}{f' {self.entry.place}' if self.entry.place else ''}"

    @property
    def version(self) -> int:
        """How many rules it had before the present one; its place in ``versions()``."""
        return len(self.former)

    def as_former(self, until: datetime) -> Former:
        """How it stands, as something that holds until a moment."""
        return Former(entry=self.entry, since=self.since, until=until, id=self.id, number=self.number)

    def versions(self) -> list[tuple["Routine", datetime | None, datetime | None]]:
        """It and its former selves with the span in which the occasions of each count: after … until."""
        found: list[tuple[Routine, datetime | None, datetime | None]] = []
        after: datetime | None = None
        for old in self.former:
            known = {"entry": old.entry, "since": old.since, "id": old.id, "number": old.number, "amended": None}
            found.append((self.model_copy(update=known), after, old.until))
            after = old.until
        resumed = max(after, self.since) if after and self.since else after
        return [*found, (self, resumed, self.ended)]


class RoutineChange(Record):
    """One change of one occasion; the last one that was not taken back counts.

    Attributes:
        occasion: the key of the occasion; ``origin`` its day by the plan.
        cancelled: it is called off; ``restored`` = as the plan has it; else it is moved to ``day``.
        start, end: the hour, when no lessons were named.
        reason: why; shown to the group.
        dropped: when it was taken back, by ``dropped_by``; it stays, for the history.
    """

    TABLE: ClassVar[str] = "routine_changes"
    INDEXES: ClassVar = ("routine", "term")

    term: str
    routine: int
    occasion: str
    origin: date | None = None
    cancelled: bool = False
    restored: bool = False
    day: date | None = None
    periods: tuple[int, ...] = ()
    start: time | None = None
    end: time | None = None
    place: str = ""
    reason: str = ""
    dropped: datetime | None = None
    dropped_by: str = ""

    @property
    def moves(self) -> bool:
        """Whether it gives the occasion another time or place."""
        return not (self.cancelled or self.restored) and self.day is not None


async def active(group: Group) -> list[Routine]:
    """The routines in force this term, by number."""
    return [routine for routine in await all_routines(group) if routine.state is State.ACTIVE]


async def ever_active(group: Group) -> list[Routine]:
    """The routines in force this term and those that once were, by number: what a digest counts."""
    return [routine for routine in await all_routines(group) if routine.state is State.ACTIVE or routine.ended]


async def all_routines(group: Group) -> list[Routine]:
    """Every routine of this term, drafts and stopped ones too, by number."""
    return sorted(await group.records.find(Routine, term=group.term.name), key=lambda routine: routine.number)


async def routine_numbered(group: Group, number: int) -> Routine:
    """The routine with this number.

    Raises:
        BadArgument: there is none.
    """
    found = await find_item(group, number)
    if found is None or not isinstance(found[1], Routine):
        raise BadArgument(f"日程里没有编号 {number}。", "看编号：/日程")
    return found[1]


def subject_of(entry: Entry) -> str | None:
    """The subject of the domain that speaks for an entry; None = a plain event.

    A weekly (or fortnightly) 集体备课 is the preparation session; a meeting that merely mentions it is not.
    """
    repeats = entry.kind in (Kind.WEEKLY, Kind.BIWEEKLY)
    return PREPARATION if repeats and ("集体备课" in entry.activity or "集备" in entry.activity) else None

"""What stands in the group's calendar (feature B6): routines that come from a plan or the leader, and their changes.

A routine keeps the plan's entry; a change of one occasion is a record of its own: who, when, why, and nothing is
overwritten. The days they come to are the matter of bot/domain/happenings.py.
"""

import re
from datetime import date, datetime, time
from enum import StrEnum
from typing import ClassVar

from bot.calendar.entries import Entry, Kind
from bot.calendar.wording import rule_of
from bot.domain.groups import Group, Numbered
from bot.domain.subjects import find_item
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


class Routine(Numbered):
    """An entry of the plan that this group keeps.

    ``question_number`` is set while the leader has to answer something; ``subject`` names the domain subject that
    speaks for it (集体备课), else it is a plain event.
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


class RoutineChange(Record):
    """One change of one occasion; the last one that was not taken back counts.

    Attributes:
        occasion: the key of the occasion.
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


async def active(group: Group) -> list[Routine]:
    """The routines in force this term, by number."""
    return [routine for routine in await all_routines(group) if routine.state is State.ACTIVE]


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

"""The arrangements of the calendar as rows of a table, and such a table known again when it comes back.

A row says rule, days, activity, place and who, where it can in words that the plan reader understands as the very
arrangement: then what somebody changes in it is understood, too. Not every line of a plan can be written so. A row that
comes back as it went out therefore stands for its arrangement, however it would be read.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.calendar.entries import Entry, Kind
from bot.calendar.names import day_label
from bot.calendar.plan_reader import PlanContext, read_plan
from bot.calendar.wording import rule_of
from bot.domain import plans
from bot.domain.groups import Group
from bot.domain.plan_compare import timing
from bot.domain.routines import Routine, State, all_routines

Cells = tuple[str, ...]

IN_PLAN = (State.ACTIVE, State.DRAFT, State.ASKING)
HEAD = ("周次", "日期", "活动内容", "地点", "主讲人", "负责人", "备注")
_STATES = {State.ASKING: "待定", State.DRAFT: "未启用"}
_NO_DAY = {"date": None, "periods": None, "half": None, "time": None, "time_to": None}
"""What is left out of a rule whose days stand in a cell of their own."""

_BULLETS = " \t\u3000•·●○■◆▪★*-\u2014"


@dataclass(frozen=True)
class Row:
    """A row of the table, and the arrangements that it stands for."""

    cells: Cells
    routines: tuple[Routine, ...]

    @property
    def key(self) -> Cells:
        """What it is known by; which columns there are, and whether it is in force by now, may have changed."""
        return _key(self.cells)


async def rows(group: Group) -> list[Row]:
    """The arrangements of the term, by number."""
    routines = [routine for routine in await all_routines(group) if routine.state in IN_PLAN]
    return await asyncio.to_thread(_rows, routines, plans.context_of(group))


async def known_again(group: Group, lines: Sequence[str], entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries of a document, but for rows that came back as they went out: what the group has stands for them.

    Args:
        lines: of the document; ``entries`` as the reader gives them.
    """
    if not any(_is_head(line) for line in lines):
        return tuple(entries)
    own: dict[Cells, tuple[Routine, ...]] = {}
    for row in await rows(group):
        own[row.key] = (*own.get(row.key, ()), *row.routines)
    back = {n: own.pop(key) for n, line in enumerate(lines, start=1) if "|" in line and (key := _cells_of(line)) in own}
    read = [entry for entry in entries if entry.line not in back]
    kept = [(n, routine.document) for n, routines in back.items() for routine in routines]
    return tuple(entry for _, entry in sorted([(e.line, e) for e in read] + kept, key=lambda pair: pair[0]))


def _is_head(line: str) -> bool:
    names = [cell.strip() for cell in line.split("|")]
    return len(names) > 1 and names[0] == HEAD[0] and HEAD[2] in names and set(names) <= set(HEAD)


def _cells_of(line: str) -> Cells:
    return _key([cell.strip() for cell in line.split("|")])


def _key(cells: Sequence[str]) -> Cells:
    """The words of a row as a reader of the file gives them, without empty cells and the state."""
    told = (" ".join(cell.replace("|", "/").split()) for cell in cells)
    return tuple(cell for cell in told if cell and cell not in _STATES.values())


def _rows(routines: Sequence[Routine], context: PlanContext) -> list[Row]:
    found: dict[int, Row] = {}
    left: dict[str, list[Routine]] = {}
    for routine in routines:
        if cells := next((cells for cells in _ways(routine) if _reads_as([routine], cells, context)), None):
            found[routine.number] = Row(cells, (routine,))
        else:
            left.setdefault(routine.document.text.strip(), []).append(routine)
    for line, theirs in left.items():
        cells = next((cells for cells in _together(line, theirs[0]) if _reads_as(theirs, cells, context)), None)
        if cells:
            found[theirs[0].number] = Row(cells, tuple(theirs))
        else:
            found |= {one.number: Row(next(_ways(one)), (one,)) for one in theirs}
    return [found[number] for number in sorted(found)]


def _ways(routine: Routine) -> Iterator[Cells]:
    """How an arrangement may be written: with as much in cells of their own as can be read again."""
    for rule, activity in _worded(routine.entry):
        yield _cells(routine, rule, activity)
        yield _cells(routine, rule, activity, people=False)


def _worded(entry: Entry) -> Iterator[tuple[str, str]]:
    yield rule_of(entry), entry.activity
    if entry.count == 1:
        yield f"{rule_of(entry)}一次", entry.activity
        yield rule_of(entry), f"{entry.activity}一次"
    if entry.span == "year":
        yield "贯穿学年", entry.activity


def _together(line: str, first: Routine) -> Iterator[Cells]:
    """How a line of the document may be written as one row: several things in one cell, as they stood there."""
    time, colon, rest = line.lstrip(_BULLETS).replace("\uff1a", ":").partition(":")
    if colon:
        yield _cells(first, time.strip(), rest.strip(), people=False)
    for cell in line.split("|"):
        if first.entry.activity in cell:
            yield _cells(first, rule_of(first.entry), cell.strip())
            yield _cells(first, rule_of(first.entry), cell.strip(), people=False)


def _cells(routine: Routine, rule: str, activity: str, *, people: bool = True) -> Cells:
    entry, days = routine.entry, ""
    if entry.kind is Kind.WEEK_NUMBER and entry.date_from and isinstance(entry.date_to, date):
        days = f"{day_label(entry.date_from)}–{day_label(entry.date_to)}"
        week = rule_of(entry.model_copy(update=_NO_DAY))
        rule = week if rule == rule_of(entry) else rule
    who, by = (entry.who or "", entry.by or "") if people else ("", "")
    return rule, days, activity, entry.place or "", who, by, _STATES.get(routine.state, "")


def _reads_as(routines: Sequence[Routine], cells: Cells, context: PlanContext) -> bool:
    """Whether a row is read as these arrangements and nothing else."""
    found = read_plan([" | ".join(HEAD), " | ".join(" ".join(cell.split()) for cell in cells)], context)
    return [_said(entry) for entry in found] == [_said(routine.entry) for routine in routines]


def _said(entry: Entry) -> tuple[str, dict[str, Any], bool]:
    return entry.activity, timing(entry), entry.sure

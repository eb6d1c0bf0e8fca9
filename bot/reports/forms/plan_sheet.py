"""活动安排表 and 教学进度表 as Excel: the calendar's arrangements and the progress table, as they can be read in again.

A row of the plan is written as rule, activity, place and who, when the plan reader understands it as the very
arrangement it came from; else the line of the plan document that it came from stands below the table, whole. So a table
that was not changed changes nothing when it comes back.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from bot.calendar.entries import Entry, Kind
from bot.calendar.names import day_label, weekday_name
from bot.calendar.plan_reader import PlanContext, read_plan
from bot.calendar.reading.office import LOOK_ONLY
from bot.calendar.wording import rule_of
from bot.domain import plans, prep_weeks, progress
from bot.domain.agenda import agenda, for_group
from bot.domain.groups import Group
from bot.domain.plan_compare import SOURCE, timing
from bot.domain.routines import Routine, State, all_routines
from bot.errors import Refused
from bot.reports.excel import Cell, Sheet

Cells = tuple[str, ...]
_NO_DAY = {"date": None, "periods": None, "half": None, "time": None, "time_to": None}
"""What is left out of a rule whose days stand in a cell of their own."""

_ALWAYS = (0, 2, 3, 6)
"""Columns that stand there also when they are empty."""

_BULLETS = " \t\u3000•·●○■◆▪★*-\u2014"

IN_PLAN = (State.ACTIVE, State.DRAFT, State.ASKING)
PLAN_HEAD = ("周次", "日期", "活动内容", "地点", "主讲人", "负责人", "备注")
_PLAN_WIDTHS = (20, 21, 46, 18, 13, 13, 9)
PROGRESS_HEAD = ("周次", "日期", "单元", "教学内容", "课时", "主备", "备注")


async def plan_sheets(group: Group) -> list[Sheet]:
    """The arrangements of the term, and beside them each of their days, to look at.

    Raises:
        Refused: the calendar is empty.
    """
    routines = [routine for routine in await all_routines(group) if routine.state in IN_PLAN]
    if not routines:
        raise Refused("还没有活动安排。", "把工作计划私下发给我，或者：/日程 加 每周三第8节 集体备课", symbol="ℹ️")
    rows, whole = _written(routines, plans.context_of(group))
    title = f"{group.school.name}{group.name}活动安排表"
    used = [n for n in range(len(PLAN_HEAD)) if n in _ALWAYS or any(row[n] for row in rows)]
    head, widths = [PLAN_HEAD[n] for n in used], [_PLAN_WIDTHS[n] for n in used]
    shown = [[row[n] for n in used] for row in rows]
    table = Sheet("活动安排", head, shown, widths, title=title, whole=whole, landscape=True)
    return [table, await _days(group, title)]


async def progress_sheet(group: Group) -> Sheet:
    """The progress table of the term, with the leads as they stand.

    Raises:
        Refused: it is empty.
    """
    rows = await progress.table(group)
    if not rows:
        raise Refused("进度表还是空的。", "导入：把进度表（.xlsx .docx）私下发给我", symbol="ℹ️")
    agreed = await prep_weeks.of_term(group)
    lines: list[tuple[Cell, ...]] = []
    for row in rows:
        first, last = group.term.bounds(row.week)
        lead = agreed[row.week].lead if row.week in agreed and agreed[row.week].lead else row.lead
        days = f"{day_label(first)}–{day_label(last)}"
        lines.append((f"第{row.week}周", days, row.unit, row.topic, row.lessons, lead, row.remark))
    title = f"{group.school.name}{group.name}教学进度表"
    return Sheet("教学进度", PROGRESS_HEAD, lines, (9, 19, 18, 26, 6, 9, 18), title=title)


def _written(routines: Sequence[Routine], context: PlanContext) -> tuple[list[Cells], tuple[str, ...]]:
    """The rows of the table, and the lines below it."""
    rows: dict[int, Cells] = {}
    left: dict[str, list[Routine]] = {}
    for routine in routines:
        if row := next((cells for cells in _ways(routine) if _reads_as([routine], cells, context)), None):
            rows[routine.number] = row
        else:
            left.setdefault(_line(routine), []).append(routine)
    whole = []
    for line, theirs in left.items():
        if row := next((cells for cells in _together(line, theirs[0]) if _reads_as(theirs, cells, context)), None):
            rows[theirs[0].number] = row
        else:
            whole.append(line)
    return [rows[number] for number in sorted(rows)], tuple(whole)


def _ways(routine: Routine) -> Iterator[Cells]:
    """How an arrangement may be written as a row: with as much in cells of their own as can be read again."""
    entry = routine.entry
    for rule, activity in _worded(entry):
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
    folded = line.lstrip(_BULLETS).replace("\uff1a", ":")
    time, colon, rest = folded.partition(":")
    if colon:
        yield _cells(first, time.strip(), rest.strip(), people=False)
    for cell in line.split("|"):
        if first.entry.activity in cell:
            yield _cells(first, rule_of(first.entry), cell.strip())
            yield _cells(first, rule_of(first.entry), cell.strip(), people=False)


def _cells(routine: Routine, rule: str, activity: str, *, people: bool = True) -> Cells:
    entry = routine.entry
    days = ""
    if entry.kind is Kind.WEEK_NUMBER and entry.date_from and isinstance(entry.date_to, date):
        days = f"{day_label(entry.date_from)}–{day_label(entry.date_to)}"
        week = rule_of(entry.model_copy(update=_NO_DAY))
        rule = week if rule == rule_of(entry) else rule
    who, by = (entry.who or "", entry.by or "") if people else ("", "")
    return rule, days, activity, entry.place or "", who, by, _state(routine)


def _state(routine: Routine) -> str:
    return {State.ASKING: "待定", State.DRAFT: "未启用"}.get(routine.state, "")


def _reads_as(routines: Sequence[Routine], cells: Cells, context: PlanContext) -> bool:
    """Whether a row is read as these arrangements and nothing else."""
    found = read_plan([" | ".join(PLAN_HEAD), " | ".join(" ".join(cell.split()) for cell in cells)], context)
    return [_said(entry) for entry in found] == [_said(routine.entry) for routine in routines]


def _said(entry: Entry) -> tuple[str, dict[str, Any], bool]:
    return entry.activity, timing(entry), entry.sure


def _line(routine: Routine) -> str:
    """A line below the table: as the document has it; what the leader added by hand as a note, which is not read."""
    if routine.source == SOURCE and routine.document.text.strip():
        return routine.document.text.strip()
    return f"注：{rule_of(routine.entry)} {routine.entry.activity} {routine.entry.place or ''}".rstrip()


async def _days(group: Group, title: str) -> Sheet:
    """Every single day of the term's calendar, by week; nothing that is one person's alone."""
    first, last = group.term.preparation_day, group.term.last_day
    rows: list[tuple[Cell, ...]] = []
    for item in for_group(await agenda(group, first, last)):
        week = group.term.week_of(item.day)
        state = "取消" if item.cancelled else "改过时间" if item.moved else ""
        weekday = weekday_name(item.day.isoweekday()) if item.day == item.last else ""
        when = item.when.partition(" ")[2].removeprefix(weekday) if weekday else item.when
        with_whom = "、".join(f"{name}（{part}）" for name, part in item.parts.items() if part != "候补")
        label = f"第{week}周" if week > 0 else "准备周"
        rows.append((label, item.day, weekday, when, item.title, item.place, with_whom, state))
    head = ("周次", "日期", "星期", "节次", "活动", "地点", "谁", "备注")
    name = f"{LOOK_ONLY} 每次的日期"
    return Sheet(name, head, rows, (9, 12, 7, 20, 40, 18, 26, 10), title=f"{title}（每次的日期）", landscape=True)

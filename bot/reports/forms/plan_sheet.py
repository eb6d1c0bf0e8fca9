"""活动安排表 and 教学进度表 as Excel: the arrangements and the progress table, so that they can be read in again."""

from bot.calendar.names import day_label, weekday_name
from bot.calendar.reading.office import LOOK_ONLY
from bot.domain import plan_rows, prep_weeks, progress
from bot.domain.agenda import agenda, for_group
from bot.domain.groups import Group
from bot.errors import Refused
from bot.reports.excel import Cell, Sheet

PROGRESS_HEAD = ("周次", "日期", "单元", "教学内容", "课时", "主备", "备注")
_PLAN_WIDTHS = (20, 21, 46, 18, 13, 13, 9)
_ALWAYS = (0, 2, 3, 6)
"""Columns of the plan that stand there also when they are empty."""


async def plan_sheets(group: Group) -> list[Sheet]:
    """The arrangements of the term, and beside them each of their days, to look at.

    Raises:
        Refused: the calendar is empty.
    """
    rows = [row.cells for row in await plan_rows.rows(group)]
    if not rows:
        raise Refused("还没有活动安排。", "把工作计划私下发给我，或者：/日程 加 每周三第8节 集体备课", symbol="ℹ️")
    title = f"{group.school.name}{group.name}活动安排表"
    used = [n for n in range(len(plan_rows.HEAD)) if n in _ALWAYS or any(row[n] for row in rows)]
    head, widths = [plan_rows.HEAD[n] for n in used], [_PLAN_WIDTHS[n] for n in used]
    shown = [[row[n] for n in used] for row in rows]
    return [Sheet("活动安排", head, shown, widths, title=title, landscape=True), await _days(group, title)]


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

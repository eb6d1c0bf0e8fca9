"""The makers of the school's Excel forms: 活动安排表 and 教学进度表."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from bot.domain.groups import Group
from bot.reports.excel import Sheet
from bot.reports.forms.plan_sheet import plan_sheets, progress_sheet
from bot.reports.making import Draw, Made, MadeFile, makes
from bot.reports.names import FORM_PLAN, FORM_PROGRESS


@makes(FORM_PLAN)
async def plan(group: Group, who: str) -> Draw:  # noqa: ARG001 - the group's, whoever asks
    """The arrangements of the term."""
    note = "改好私下发给我，会先说哪里不同，同意了才换。“只看”那张不会读进来。"
    return _file(group, await plan_sheets(group), "活动安排表", note)


@makes(FORM_PROGRESS)
async def progress(group: Group, who: str) -> Draw:  # noqa: ARG001 - the group's, whoever asks
    """The progress table of the term."""
    return _file(group, [await progress_sheet(group)], "教学进度表", "改好私下发给我，看过再导入。")


def _file(group: Group, sheets: Sequence[Sheet], title: str, note: str) -> Draw:
    return partial(_made, tuple(sheets), f"{title} {group.term.name}", note, group.name, group.now)


def _made(sheets: Sequence[Sheet], name: str, note: str, author: str, made: datetime) -> Made:
    from bot.reports.excel import workbook

    data = workbook(sheets, name, author, made)
    return Made((f"✅ {name}好了。", note), (MadeFile(f"{name}.xlsx", data),))

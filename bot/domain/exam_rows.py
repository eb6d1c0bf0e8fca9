"""The rows of the progress table that hang on an examination: 期中复习 goes where 期中 goes, in every group.

The weeks between move up by one, so that nothing is lost; the lead of a row goes with it.
"""

from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from bot.domain import prep_weeks
from bot.domain.groups import Group
from bot.domain.prep import ProgressRow


class Exam(BaseModel):
    """An examination (期中, 期末) that goes from one teaching week to another."""

    model_config = ConfigDict(defer_build=True, frozen=True)

    name: str
    old: int
    new: int


class Shift(NamedTuple):
    """What moved in a group's progress table, and what the leader has to see to; "" for nothing."""

    moved: str = ""
    left: str = ""


async def move_rows(group: Group, exam: Exam) -> Shift:
    """Move the row of an examination to its new week.

    Nothing moves where the table has no such row, and where a week concerned has begun or has been agreed on: the
    leader moves it then.
    """
    low, high = sorted((exam.old, exam.new))
    rows = await group.records.find(ProgressRow, term=group.term.name)
    own = [row for row in rows if row.week == exam.old and exam.name in f"{row.unit}{row.topic}{row.remark}"]
    if not own or low == high:
        return Shift()
    agreed = await prep_weeks.of_term(group)
    if low <= group.week or any(low <= week <= high and found.has_content for week, found in agreed.items()):
        return Shift(left=f"进度表第{exam.old}周还写着{exam.name}，要改：/进度 改 第{exam.old}周")
    step = -1 if exam.new > exam.old else 1
    for row in rows:
        if row.week == exam.old:
            await group.records.update(row.model_copy(update={"week": exam.new}))
        elif low <= row.week <= high:
            await group.records.update(row.model_copy(update={"week": row.week + step}))
    between = "，中间各挪一周" if high - low > 1 or len(rows) > 1 else ""
    return Shift(f"进度表{exam.name}一行 第{exam.old}周 → 第{exam.new}周{between}")

"""Finding the header of a table: in which row it stands and which column holds what, in any order and wording."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.calendar.reading.normalise import fold

Grid = Sequence[Sequence[str]]
Columns = dict[str, tuple[int, ...]]
"""The columns of each role, in their order."""

SEARCHED = 30
"""Rows among which the header is looked for: a title, a school's name, a line of explanations may stand above it."""

#: Words of a header cell → what the column holds; the first that occurs counts. "" is a column nobody needs.
_ROLES = (
    (
        "",
        re.compile(
            r"目标|作业|检测|地点|班级|年级|学科|序号|课型|工具|(?:^|教学)[重难点、和与及]+(?:点|$)|完成情况|实际"
        ),
    ),
    ("topic", re.compile(r"内容|课题|篇目|课文|知识点|进度(?!表)|教学安排")),
    ("lead", re.compile(r"主备|主讲|执笔|备课(?:人|教师|老师)|中心发言|负责人|承担|授课人|任课")),
    ("week", re.compile(r"周次|教学周|周数|周别|^第?几?周$")),
    ("dates", re.compile(r"日期|时间|起止|起讫|月日|月份")),
    ("lessons", re.compile(r"课时|节数|学时")),
    ("unit", re.compile(r"单元|章|模块|教材|分册|专题|主题|板块")),
    ("remark", re.compile(r"备注|说明|附注|^注$")),
)
_LONGEST_NAME = 16


@dataclass(frozen=True)
class Header:
    """Where a table begins.

    Attributes:
        body: index of the first row under the header; ``width``: cells of the header's row.
        blocks: the columns; several where the table stands in two halves side by side.
        title: what is written above the header.
    """

    body: int
    width: int
    blocks: tuple[Columns, ...]
    title: str


def find_header(grid: Grid) -> Header | None:
    """The header of a table; None when no row looks like one.

    It names a week or days, and a content; a second row under it may say more (merged cells above "课题 | 课时").
    """
    for place, row in enumerate(grid[:SEARCHED]):
        names = roles_of(row)
        if not is_header(names):
            continue
        body = place + 1
        if body < len(grid) and _goes_on(grid[body], row):
            both = [low or high for low, high in zip(_padded(grid[body], len(names)), names, strict=True)]
            names = both if is_header(both) else names
            body += 1
        blocks = _blocks(names)
        return Header(body, len(row), blocks, _title(grid[:place]))
    return None


def roles_of(row: Sequence[str]) -> list[str]:
    """What each cell of a row names as a header; "" for other words."""
    return [_role("".join(fold(cell).split())) for cell in row]


def is_header(names: Sequence[str]) -> bool:
    """Whether the roles of a row are those of a header."""
    return bool({"week", "dates"} & set(names)) and bool({"topic", "unit"} & set(names))


def _role(name: str) -> str:
    if not name or len(name) > _LONGEST_NAME:
        return ""
    return next((role for role, pattern in _ROLES if pattern.search(name)), "")


def _goes_on(row: Sequence[str], above: Sequence[str]) -> bool:
    """A second line of the header: every cell names a column or repeats the merged one above."""
    filled = [(cell, above[place] if place < len(above) else "") for place, cell in enumerate(row) if cell.strip()]
    return bool(filled) and all(cell == high or _role("".join(fold(cell).split())) for cell, high in filled)


def _padded(row: Sequence[str], width: int) -> list[str]:
    return (roles_of(row) + [""] * width)[:width]


def _blocks(names: Sequence[str]) -> tuple[Columns, ...]:
    """The table's halves, one for each column of weeks; one block when they are no halves (周次 beside 周数)."""
    starts = [place for place, name in enumerate(names) if name == "week"]
    edges = [0, *starts[1:], len(names)]
    halves = [_columns(names, first, last) for first, last in pairwise(edges)]
    if all(is_header(tuple(half)) for half in halves):
        return tuple(halves)
    whole = _columns(names, 0, len(names))
    return ({**whole, "week": whole["week"][:1]},)


def _columns(names: Sequence[str], first: int, last: int) -> Columns:
    columns: Columns = {}
    for place in range(first, last):
        if names[place]:
            columns[names[place]] = (*columns.get(names[place], ()), place)
    return columns


def _title(rows: Grid) -> str:
    words = [cell.strip() for row in rows for cell in row if cell.strip()]
    return " ".join(dict.fromkeys(words))[:80]

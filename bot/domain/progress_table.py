"""A whole progress table from a document's lines: one week a row, "第5周 | 必修上 第二单元 | 《插秧歌》 | 张老师".

A row counts when its first filled cell is a week. What is in the other cells says the header, where there is one;
otherwise 《 begins the topic, a member's name is who leads, and the first cell left is the unit.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.calendar.names import chinese_number
from bot.domain import guard, prep
from bot.domain.groups import Group
from bot.domain.prep import ProgressRow
from bot.domain.progress import EDIT, LONGEST
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import Refused

_WEEK = re.compile("第?\\s*(?P<number>[一二三四五六七八九十]{1,3}|\\d{1,2})\\s*周?(?:次)?")
_COLUMNS = (
    ("topic", re.compile("课题|篇目|内容|教学进度")),
    ("unit", re.compile("单元|章节|教材")),
    ("lead", re.compile("主备")),
)
_HEAD = re.compile("周次|周数|^周$")


@dataclass(frozen=True)
class Week:
    """One row as it was read; "" where the table says nothing."""

    week: int
    unit: str
    topic: str
    lead: str


def weeks_in(lines: Sequence[str], weeks: int, names: Sequence[str]) -> list[Week]:
    """The rows of a table, by week; of two rows for one week the first counts.

    Args:
        weeks: how many the term has.
        names: of the members, to know who leads.
    """
    columns: dict[int, str] = {}
    found: dict[int, Week] = {}
    for line in lines:
        cells = [" ".join(cell.split()) for cell in line.split("|")]
        if len(cells) < 2:
            continue
        if _HEAD.search(cells[0]):
            columns = _named(cells)
            continue
        number = _number(cells[0])
        row = _read(number, cells, columns, names) if number and number <= weeks else None
        if row and number not in found:
            found[row.week] = row
    return [found[week] for week in sorted(found)]


async def import_weeks(group: Group, who: str, rows: Sequence[Week]) -> tuple[int, Undo]:
    """Put rows into the group's table; returns how many changed it, and the way back.

    Raises:
        guard.PupilNamed: a row seems to name a pupil; Refused: all stand there already.
    """
    await guard.check_among("\n".join(f"{row.unit} {row.topic}" for row in rows), group.teachers)
    changes = []
    for row in rows:
        known = await prep.row(group, row.week)
        after = _after(row, known)
        before = _cells(known) if known else {}
        if before == after:
            continue
        await _write(group, who, row.week, after)
        changes.append({"week": row.week, "before": before, "after": after})
    if not changes:
        raise Refused("这份进度表和现在的一样。", "看进度：/进度", symbol="ℹ️")
    return len(changes), undo_with(import_back, "导入进度表", changes=json.dumps(changes, ensure_ascii=False))


@inverse
async def import_back(group: Group, who: str, changes: str) -> str:
    """Inverse of ``import_weeks``: each row as it was, but for those that somebody has changed since."""
    await group.must_lead(who, "进度表", "看进度：/进度")
    undone, made = 0, json.loads(changes)
    for change in made:
        known = await prep.row(group, change["week"])
        if known is None or _cells(known) != change["after"]:
            continue
        if change["before"]:
            await _write(group, who, change["week"], change["before"])
        else:
            await group.records.remove(known)
        undone += 1
    later = len(made) - undone
    return f"已撤销：进度表的 {undone} 周改回来了{f'，{later} 周后来又改过，没有动' if later else ''}。"


def _number(cell: str) -> int | None:
    named = _WEEK.fullmatch(re.sub("[（(].*", "", cell).strip())  # ascii: both kinds of brackets are matched
    return chinese_number(named["number"]) if named else None


def _named(cells: Sequence[str]) -> dict[int, str]:
    """What each column holds, by the words of its header."""
    columns: dict[int, str] = {}
    for name, words in _COLUMNS:
        at = next((n for n, cell in enumerate(cells) if n and n not in columns and words.search(cell)), None)
        if at is not None:
            columns[at] = name
    return columns


def _read(week: int, cells: Sequence[str], columns: dict[int, str], names: Sequence[str]) -> Week | None:
    held = {"unit": "", "topic": "", "lead": ""}
    if "topic" in columns.values():
        held |= {name: cells[at] for at, name in columns.items() if at < len(cells)}
    else:
        rest = [cell for cell in cells[1:] if cell]
        held["lead"] = next((cell for cell in rest if cell in names), "")
        rest = [cell for cell in rest if cell not in names]
        held["topic"] = next((cell for cell in rest if "《" in cell), rest[-1] if rest else "")
        held["unit"] = next((cell for cell in rest if cell != held["topic"]), "")
    if held["lead"] not in names:
        held["lead"] = ""
    topic = held["topic"][:LONGEST]
    return Week(week, held["unit"][:LONGEST], topic, held["lead"]) if topic else None


def _cells(row: ProgressRow) -> dict[str, str]:
    return {"unit": row.unit, "topic": row.topic, "lead": row.lead}


def _after(row: Week, known: ProgressRow | None) -> dict[str, str]:
    """What an empty cell says nothing of stays."""
    old = _cells(known) if known else {"unit": "", "lead": ""}
    return {"unit": row.unit or old["unit"], "topic": row.topic, "lead": row.lead or old["lead"]}


async def _write(group: Group, who: str, week: int, cells: dict[str, str]) -> None:
    known = await prep.row(group, week)
    if known:
        await group.records.update(known.model_copy(update=cells))
        return
    made = ProgressRow(term=group.term.name, week=week, unit="", topic="", lead="", created=group.now, author=who)
    await group.records.add(made.model_copy(update=cells))


def none_found() -> Refused:
    """What is said of a document without such rows."""
    return Refused("这份文件里没有按周排的进度。", "每周一行，第一格写周次，例：第5周", f"也可以一周一周填，例：{EDIT}")

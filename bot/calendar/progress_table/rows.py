"""The rows under a header: which ones belong to the table, and what each says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.calendar.progress_table import MOST_ROWS, Table, TableRow
from bot.calendar.progress_table.cells import Weeks, is_full_date, leads_of, lessons_of, weeks_of, words_of
from bot.calendar.progress_table.headers import Columns, Grid, Header, roles_of
from bot.calendar.reading.normalise import fold
from bot.errors import UserError

_NOTE = re.compile(
    r"(?:合\s*计|总\s*计|小\s*计|共\s*计|总课时)(?![\u4e00-\u9fff])|[合总小共]\s*计课时"
    r"|(?:附?注|附|备注|说明|日期|校长|教务处?)\s*(?::|$)|注\d|填表|制表|审[核批阅]|签[字名]|(?:教研|备课)组长"
)
_OWN_UNIT = re.compile(r"期中|期末|复习|考试|月考|检测|放假|国庆|中秋|元旦|清明|劳动节|端午|机动|军训|运动会")


@dataclass
class _Reading:
    """What has been read so far of one block of columns."""

    weeks: tuple[int, ...] = ()
    dates: str = ""
    unit: str = ""
    rows: list[TableRow] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)


def read_rows(grid: Grid, header: Header, name: str) -> Table:
    """The table under a header.

    Raises:
        UserError: nothing stands under it, or too much.
    """
    rows: list[TableRow] = []
    problems: list[str] = []
    for columns in header.blocks:
        reading = _Reading()
        columns = _days_for_weeks(columns, grid[header.body :])
        for line, row in enumerate(grid[header.body :], start=header.body + 1):
            _read(reading, columns, row, line)
        rows += reading.rows
        problems += reading.problems
        problems += [f"第{'、'.join(map(str, reading.empty))}行没有内容，没有读。"] if reading.empty else []
    if not rows:
        raise UserError("表头下面没有内容。", "一行写一周，例：第3周 必修上 《百合花》 王老师")
    if len(rows) > MOST_ROWS:
        raise UserError(f"表里有 {len(rows)} 行，最多 {MOST_ROWS} 行。", "请只留一个备课组一个学期的再发。")
    return Table(name=name, rows=tuple(rows), problems=tuple(problems))


def _days_for_weeks(columns: Columns, body: Grid) -> Columns:
    """A column called 周次 that holds whole days is one of days."""
    if "week" not in columns:
        return columns
    cells = [_cell(row, columns["week"]) for row in body]
    filled = [cell for cell in cells if cell]
    if not filled or 2 * sum(map(is_full_date, filled)) <= len(filled):
        return columns
    kept = {role: places for role, places in columns.items() if role != "week"}
    return kept | {"dates": (*columns["week"], *columns.get("dates", ()))}


def _read(reading: _Reading, columns: Columns, row: Sequence[str], line: int) -> None:
    cells = {role: _cell(row, places) for role, places in columns.items()}
    cells["dates"] = _days(row, columns.get("dates", ()))
    filled = [cell for cell in (_cell(row, (place,)) for place in range(_first(columns), _last(columns) + 1)) if cell]
    if not filled or _is_note(filled, cells) or _repeats_header(row, columns):
        return
    spoken = weeks_of(cells.get("week", ""))
    if spoken.odd:
        reading.problems.append(f"第{line}行的周次“{cells['week'][:20]}”{spoken.odd}。")
    if cells.get("week") and spoken.says_nothing and not spoken.odd:
        if len(filled) > 1:
            reading.problems.append(f"第{line}行的周次“{cells['week'][:20]}”没看懂，这一行没有读。")
        return
    _add(reading, cells, spoken, line)


def _add(reading: _Reading, cells: dict[str, str], spoken: Weeks, line: int) -> None:
    dates = " ".join(part for part in (cells.get("dates", ""), spoken.days) if part)
    weeks = spoken.weeks
    if not weeks and not dates:
        weeks, dates = reading.weeks, reading.dates
    if not weeks and not dates:
        reading.problems.append(f"第{line}行没有周次，没有读。")
        return
    reading.weeks, reading.dates = weeks, dates
    unit, topic, remark = _contents(reading, cells)
    if not topic:
        reading.empty.append(line)
        return
    lessons = _lessons(reading, cells.get("lessons", ""), line)
    leads = leads_of(cells.get("lead", ""))
    reading.rows.append(
        TableRow(
            line=line, weeks=weeks, dates=dates, unit=unit, topic=topic, lessons=lessons, leads=leads, remark=remark
        )
    )


def _contents(reading: _Reading, cells: dict[str, str]) -> tuple[str, str, str]:
    """Unit, topic and remark. A unit goes on over the rows below it, but not over examinations and holidays."""
    unit, topic, remark = cells.get("unit", ""), cells.get("topic", ""), cells.get("remark", "")
    if topic and not unit:
        return ("" if _OWN_UNIT.search(topic) else reading.unit), topic, remark
    if not topic:
        return "", unit or remark, remark if unit else ""
    reading.unit = unit
    return ("" if unit == topic else unit), topic, remark


def _lessons(reading: _Reading, cell: str, line: int) -> int | None:
    lessons = lessons_of(cell)
    if cell and lessons is None and re.search(r"[^-\u2014/\s]", cell):
        reading.problems.append(f"第{line}行的课时“{cell[:20]}”没看懂，先空着。")
    return lessons


def _cell(row: Sequence[str], places: Sequence[int]) -> str:
    """The words of the cells of one role; a text that stands in several is taken once."""
    words = [words_of(row[place]) for place in places if place < len(row)]
    return " ".join(dict.fromkeys(word for word in words if word))


def _days(row: Sequence[str], places: Sequence[int]) -> str:
    """The cell of days; of two the first is the month (9月, 1-5日) or the first day."""
    words = [word for place in places if (word := _cell(row, (place,)))]
    return ("" if words and words[0].endswith("月") else "-").join(words)


def _is_note(filled: Sequence[str], cells: dict[str, str]) -> bool:
    """Totals, notes, signatures; a row of a real week is none, whatever it begins with."""
    return bool(_NOTE.match(fold(filled[0]).strip())) and not weeks_of(cells.get("week", "")).weeks


def _repeats_header(row: Sequence[str], columns: Columns) -> bool:
    """Tables over several pages repeat it."""
    names = roles_of(row)
    return all(place < len(names) and names[place] == role for role, (place, *_) in columns.items())


def _first(columns: Columns) -> int:
    return min(place for places in columns.values() for place in places)


def _last(columns: Columns) -> int:
    return max(place for places in columns.values() for place in places)

"""Reads a progress table 教学进度表 (feature A13): the public face of the package.

A table comes as the bytes of a file or as pasted text. What is read is a ``Table``, whose rows stand as they were
written: the weeks a row names, its days as text. Which weeks of the term these are is told by ``weeks.by_week``.

The readers are imported where they are used: a bot nobody sends a table to can do without.
"""

from pydantic import BaseModel, ConfigDict

__all__ = [
    "COLUMNS",
    "MOST_ROWS",
    "Table",
    "TableFile",
    "TableRow",
    "as_text",
    "read_table",
    "read_table_document",
    "tables_named",
]

MOST_ROWS = 200
"""Rows of one table, without title, header and notes."""

COLUMNS = {
    "week": "周次",
    "dates": "日期",
    "unit": "单元",
    "topic": "教学内容",
    "lessons": "课时",
    "lead": "主备",
    "remark": "备注",
}
"""What a column holds, and its usual header."""


class _Frozen(BaseModel):
    model_config = ConfigDict(defer_build=True, frozen=True)


class TableRow(_Frozen):
    """One row.

    Attributes:
        line: its place in the sheet or text, from 1.
        weeks: the teaching weeks it names or shares with the row above; empty when it names days alone.
        dates: its days as written, "" without.
        leads: who leads, in the order of the cell.
    """

    line: int
    weeks: tuple[int, ...] = ()
    dates: str = ""
    unit: str = ""
    topic: str = ""
    lessons: int | None = None
    leads: tuple[str, ...] = ()
    remark: str = ""


class Table(_Frozen):
    """A progress table.

    Attributes:
        name: of its sheet, or the title above it.
        problems: what could not be read, a Chinese sentence each, with the row's number.
    """

    name: str = ""
    rows: tuple[TableRow, ...] = ()
    problems: tuple[str, ...] = ()


class TableFile(Table):
    """The first progress table of a file. ``others`` are the further ones: which one is meant has to be asked."""

    others: tuple[Table, ...] = ()


def read_table(text: str) -> Table:
    """The table of a pasted text: cells parted by tabs, bars, commas or two blanks, the header in one of its lines.

    Raises ``UserError`` with a sentence for the leader when no header is found, nothing stands under it, or more than
    ``MOST_ROWS`` rows do.
    """
    from bot.calendar.progress_table import sources

    return sources.table_of_text(text)


def read_table_document(data: bytes, filename: str) -> TableFile:
    """The table of a file (.xlsx .docx .csv .tsv .txt .md), at most 10 MB; ``others`` are the further ones in it.

    Raises ``UserError`` as ``read_table``, and when the file is too big, broken, empty or of another kind.
    """
    from bot.calendar.progress_table import sources

    return sources.table_of_file(data, filename)


def tables_named(table: Table, name: str) -> list[Table]:
    """Those of a file's tables that a group's ``name`` is plainly meant by: one, or all when it is not plain."""
    from bot.calendar.progress_table import sources

    return sources.tables_named(table, name)


def as_text(table: Table) -> str:
    """The table as text that ``read_table`` reads again."""
    lines = ["\t".join(COLUMNS.values())]
    for row in table.rows:
        weeks = "、".join(str(week) for week in row.weeks)
        lessons = "" if row.lessons is None else str(row.lessons)
        cells = (weeks, row.dates, row.unit, row.topic, lessons, "、".join(row.leads), row.remark)
        lines.append("\t".join(cells))
    return "\n".join(lines)

"""Where a table comes from: pasted text, or a file's sheets, tables and lines."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from io import StringIO

from bot.calendar.progress_table import Table, TableFile
from bot.calendar.progress_table.headers import Grid, Header, find_header
from bot.calendar.progress_table.rows import read_rows
from bot.calendar.reading import documents, office
from bot.errors import UserError

_HINT = "可以发 .xlsx、.docx、.csv 或 .txt 文件，也可以把表格直接贴进对话。"
_NO_HEADER = "没有找到进度表的表头。"
_HOW = "表头要有“周次”（或“日期”）和“教学内容”，还可以有单元、课时、主备、备注。"
_RULE = re.compile(r"[\s|:\-\u2014+]*")
_GROUP = re.compile(r"(?:备课组|教研组|课题组|工作室|组)$")


def table_of_text(text: str) -> Table:
    """The table of pasted text, by the first way of parting its cells that shows a header.

    Raises:
        UserError: none does, nothing stands under it, or too much.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    for grid in _grids(text):
        header = find_header(grid)
        if header:
            return read_rows(grid, header, header.title)
    raise UserError(_NO_HEADER, _HOW)


def table_of_file(data: bytes, filename: str) -> TableFile:
    """The first table of a file that looks like a progress table; the further ones are its ``others``.

    Raises:
        UserError: there is none, or the file cannot be read.
    """
    grids = documents.reader_for(data, filename, _READERS, _HINT)(data)
    if not any(cell.strip() for _, grid in grids for row in grid for cell in row):
        raise documents.empty(filename)
    found = [(name, grid, header) for name, grid in grids if (header := find_header(grid))]
    if not found:
        raise UserError(_NO_HEADER, _HOW)
    tables = _whole(found)
    first, *others = tables
    return TableFile(name=first.name, rows=first.rows, problems=first.problems, others=tuple(others))


def tables_named(table: Table, name: str) -> list[Table]:
    """The tables a group's name is plainly meant by: the one called like it, or like a part of it; else all."""
    first = Table(name=table.name, rows=table.rows, problems=table.problems)
    every = [first, *(table.others if isinstance(table, TableFile) else ())]
    core = _GROUP.sub("", name)
    for fits in (_calls(core), _called_in(core)):
        named = [one for one in every if fits(one.name)]
        if len(named) == 1:
            return named
    return every


def _whole(found: Sequence[tuple[str, Grid, Header]]) -> list[Table]:
    """The tables with rows; an empty one counts only when there is no other."""
    tables: list[Table] = []
    empty: UserError | None = None
    for name, grid, header in found:
        try:
            tables.append(read_rows(grid, header, _name(name, header.title)))
        except UserError as error:
            empty = error
    if not tables and empty:
        raise empty
    return tables


def _name(name: str, title: str) -> str:
    """A sheet's name; the title as well, for Sheet1 says nothing."""
    return " ".join(dict.fromkeys(part for part in (name.strip(), title) if part))[:80]


def _calls(core: str) -> Callable[[str], bool]:
    return lambda name: bool(core) and core in name


def _called_in(core: str) -> Callable[[str], bool]:
    """A sheet called 高一 or 语文, in a group called 高一语文."""
    return lambda name: any(len(word) > 1 and word in core for word in name.split())


def _grids(text: str) -> Iterator[Grid]:
    """The text cut into cells in every usual way."""
    yield _separated(text, "\t")
    yield [_barred(line) for line in text.split("\n") if not (line.strip() and _RULE.fullmatch(line))]
    yield _separated(text, ",")
    yield _separated(text.replace("\uff0c", ","), ",")
    yield [re.split(r" {2,}|\u3000+", line.strip()) for line in text.split("\n")]
    yield [line.split() for line in text.split("\n")]


def _separated(text: str, sign: str) -> Grid:
    """Lines as spreadsheets write them: a cell in quotation marks may hold the sign and line breaks."""
    try:
        return list(csv.reader(StringIO(text), delimiter=sign, strict=True))
    except csv.Error:  # a quotation mark that is never closed is one of the text
        return [line.split(sign) for line in text.split("\n")]


def _barred(line: str) -> list[str]:
    """Bars at both ends (Markdown) are the table's frame."""
    line = line.strip().replace("\uff5c", "|")
    if line.startswith("|") and line.endswith("|") and len(line) > 1:
        line = line[1:-1]
    return line.split("|")


def _text_grids(data: bytes) -> list[tuple[str, Grid]]:
    text = documents.text_of(data)
    return [("", next((grid for grid in _grids(text) if find_header(grid)), [[text]]))]


def _sheet_grids(data: bytes) -> list[tuple[str, Grid]]:
    return list(office.xlsx_sheets(data))


def _word_grids(data: bytes) -> list[tuple[str, Grid]]:
    """The tables; a document without any may hold lines with tabs."""
    tables: list[tuple[str, Grid]] = list(office.docx_tables(data))
    if any(find_header(grid) for _, grid in tables):
        return tables
    text = "\n".join(office.docx_lines(data))
    return [("", next((grid for grid in _grids(text) if find_header(grid)), [[text]]))]


_READERS: dict[str, Callable[[bytes], list[tuple[str, Grid]]]] = {
    ".xlsx": _sheet_grids,
    ".docx": _word_grids,
    ".csv": _text_grids,
    ".tsv": _text_grids,
    ".txt": _text_grids,
    ".md": _text_grids,
}

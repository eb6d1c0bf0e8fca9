"""Where a table comes from: pasted text, or a file's sheets, tables and lines."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Literal

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


@dataclass(frozen=True)
class Source:
    """What may hold a table. ``parted`` says how its cells were told apart: "" = they are a file's own, else by a sign
    or by blanks, where a row may have slipped."""

    name: str
    grid: Grid
    parted: Literal["", "sign", "blanks"] = ""


def table_of_text(text: str) -> Table:
    """The table of pasted text, by the first way of parting its cells that shows a header.

    Raises:
        UserError: none does, nothing stands under it, or too much.
    """
    return _tables([_source(text)])[0]


def table_of_file(data: bytes, filename: str) -> TableFile:
    """The first table of a file that looks like a progress table; the further ones are its ``others``.

    Raises:
        UserError: there is none, or the file cannot be read.
    """
    sources = documents.reader_for(data, filename, _READERS, _HINT)(data)
    if not any(cell.strip() for source in sources for row in source.grid for cell in row):
        raise documents.empty(filename)
    first, *others = _tables(sources)
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


def _tables(sources: Sequence[Source]) -> list[Table]:
    """The tables with rows; an empty one counts only when there is no other.

    Raises:
        UserError: there is none.
    """
    tables: list[Table] = []
    wrong = UserError(_NO_HEADER, _HOW)
    for source in sources:
        header = find_header(source.grid)
        try:
            tables += [_table(source, header)] if header else []
        except UserError as error:
            wrong = error
    if not tables:
        raise wrong
    return tables


def _table(source: Source, header: Header) -> Table:
    table = read_rows(source.grid, header, _name(source.name, header.title))
    return table.model_copy(update={"problems": (*table.problems, *_shifted(source, header))})


def _shifted(source: Source, header: Header) -> list[str]:
    """Rows of a text with more cells than the header, or fewer where only blanks part them: they may have slipped."""
    rows = list(enumerate(source.grid[header.body :], start=header.body + 1))
    more = [line for line, row in rows if source.parted and any(cell.strip() for cell in row[header.width :])]
    fewer = [line for line, row in rows if source.parted == "blanks" and 1 < len(row) < header.width]
    return [
        f"第{'、'.join(map(str, lines))}行比表头{what}，可能串了列，请看一眼。"
        for lines, what in ((more, "多了格"), (fewer, "少了格"))
        if lines
    ]


def _name(name: str, title: str) -> str:
    """A sheet's name; the title as well, for Sheet1 says nothing."""
    return " ".join(dict.fromkeys(part for part in (name.strip(), title) if part))[:80]


def _calls(core: str) -> Callable[[str], bool]:
    return lambda name: bool(core) and core in name


def _called_in(core: str) -> Callable[[str], bool]:
    """A sheet called 高一 or 语文, in a group called 高一语文."""
    return lambda name: any(len(word) > 1 and word in core for word in name.split())


def _source(text: str) -> Source:
    """The text cut into cells, by the first way that shows a header."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return next((source for source in _ways(text) if find_header(source.grid)), Source("", [[text]]))


def _ways(text: str) -> Iterator[Source]:
    lines = text.split("\n")
    yield Source("", _separated(text, "\t"), "sign")
    yield Source("", [[] if _RULE.fullmatch(line) else _barred(line) for line in lines], "sign")
    yield Source("", _separated(text, ","), "sign")
    yield Source("", _separated(text.replace("\uff0c", ","), ","), "sign")
    yield Source("", [re.split(r" {2,}|\u3000+", line.strip()) for line in lines], "blanks")
    yield Source("", [line.split() for line in lines], "blanks")


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


def _of_text(data: bytes) -> list[Source]:
    return [_source(documents.text_of(data))]


def _of_workbook(data: bytes) -> list[Source]:
    return [Source(name, grid) for name, grid in office.xlsx_sheets(data)]


def _of_word(data: bytes) -> list[Source]:
    """The tables; a document without any may hold lines with tabs."""
    tables = [Source(name, grid) for name, grid in office.docx_tables(data)]
    if any(find_header(source.grid) for source in tables):
        return tables
    return [_source("\n".join(office.docx_lines(data)))]


_READERS: dict[str, Callable[[bytes], list[Source]]] = {
    ".xlsx": _of_workbook,
    ".docx": _of_word,
    ".csv": _of_text,
    ".tsv": _of_text,
    ".txt": _of_text,
    ".md": _of_text,
}

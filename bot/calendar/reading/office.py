"""Word and Excel documents → lines, in document order; a table row becomes "cell | cell".

A cell merged downwards is repeated in every row, one merged sideways stands in its first column. The archive is checked
before a parser sees it: total size after unpacking, no DTD (so no entities), no merged area without bounds.

The parsers are imported where they are used: 75 ms and 12 MiB that a bot nobody sends a document to can do without.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from bot.errors import UserError

if TYPE_CHECKING:
    from docx.table import Table
    from openpyxl.worksheet.worksheet import Worksheet

Grid = tuple[str, list[list[str]]]
"""A table by its name; each row the text of its cells."""

#: Bytes of all parts together after unpacking.
MOST_UNPACKED = 60 * 1024 * 1024
MOST_PARTS = 2000
MOST_ROWS, MOST_COLUMNS = 2000, 60
#: Cells of all merged areas of a workbook; openpyxl makes an object for each.
MOST_MERGED = 200_000

LOOK_ONLY = "只看"
"""How the name of a sheet begins that only shows what the others say, as our own files have it; it is not read."""

#: Cells and paragraphs of all parts: a plan of 200 pages has some 10 000, and the parsers take 3 s for so many.
MOST_CELLS = 200_000
_CELLS = (b"<c ", b"<c>", b"<x:c ", b"<w:p ", b"<w:p>", b"<w:tc>", b"<w:tc ")

_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=[\"']([A-Z]{1,4}\d{1,8}:[A-Z]{1,4}\d{1,8})[\"']")


def docx_lines(data: bytes) -> list[str]:
    """Paragraphs and table rows of a Word document; a paragraph with a heading style begins with "# "."""
    from docx import Document
    from docx.table import Table

    check_archive(data, "word/")
    with _sentence_if_broken():
        lines: list[str] = []
        document = Document(BytesIO(data))
        # By their ids: looking the style up for each paragraph takes nine tenths of the time of a long document.
        headings = {one.style_id for one in document.styles if (one.name or "").startswith(("Heading", "标题"))}
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                lines += [_joined(row) for row in _table_cells(block)]
                continue
            heading = block._p.style in headings
            lines += [f"# {line}" if heading and line.strip() else line for line in block.text.split("\n")]
        return lines


def docx_tables(data: bytes) -> list[Grid]:
    """The tables of a Word document, each called by the last line of text above it."""
    from docx import Document
    from docx.table import Table

    check_archive(data, "word/")
    with _sentence_if_broken():
        found: list[Grid] = []
        title = ""
        for block in Document(BytesIO(data)).iter_inner_content():
            if isinstance(block, Table):
                found.append((title, _table_cells(block)))
            else:
                title = block.text.strip() or title
        return found


def xlsx_lines(data: bytes) -> list[str]:
    """The rows of all visible sheets of an Excel workbook, with the values that were last computed."""
    return [_joined(row) for _, rows in xlsx_sheets(data) for row in rows]


def xlsx_sheets(data: bytes) -> list[Grid]:
    """The visible sheets of an Excel workbook by their names, with the values that were last computed."""
    from openpyxl import load_workbook

    check_archive(data, "xl/")
    with _sentence_if_broken():
        book = load_workbook(BytesIO(data), data_only=True, keep_links=False)
        seen = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        return [(sheet.title, _sheet_cells(sheet)) for sheet in seen if not sheet.title.startswith(LOOK_ONLY)]


def _table_cells(table: "Table") -> list[list[str]]:
    found: list[list[str]] = []
    for row in table.rows[:MOST_ROWS]:
        values, seen = [], None
        for cell in row.cells[:MOST_COLUMNS]:
            values.append("" if cell._tc is seen else cell.text)
            seen = cell._tc
        found.append(values)
    return found


def _sheet_cells(sheet: "Worksheet") -> list[list[str]]:
    inherited = _merged_values(sheet)
    rows = sheet.iter_rows(max_row=min(sheet.max_row, MOST_ROWS), max_col=min(sheet.max_column, MOST_COLUMNS))
    return [[_shown(inherited.get((cell.row, cell.column), cell.value)) for cell in row] for row in rows]


def _merged_values(sheet: "Worksheet") -> dict[tuple[int, int], object]:
    """What the rows below the first one of a merged area show in its first column."""
    values: dict[tuple[int, int], object] = {}
    for area in sheet.merged_cells.ranges:
        value = sheet.cell(area.min_row, area.min_col).value
        for row in range(area.min_row + 1, min(area.max_row, MOST_ROWS) + 1):
            values[row, area.min_col] = value
    return values


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, time):
        return f"{value.hour:02}:{value.minute:02}"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _joined(values: Sequence[str]) -> str:
    """The row as one line; a title that fills the row alone has no bars."""
    cells = [" ".join(value.replace("|", "/").split()) for value in values]
    if not any(cells[1:]):
        return cells[0] if cells else ""
    return " | ".join(cells)


def check_archive(data: bytes, folder: str) -> None:
    """Refuses an archive that would be too big unpacked, holds a definition of entities, or is not what its name says.

    ``folder`` is where the parts of the expected kind lie. Raises ``UserError``.
    """
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise UserError("文件解开后太大\uff0c没有读。", "请去掉图片和多余的工作表后再发一次。")
            _check_kind([part.filename for part in parts], folder)
            merged = cells = 0
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    xml = archive.read(part)
                    merged += _check_part(xml)
                    cells += sum(xml.count(cell) for cell in _CELLS)
    except (BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise _broken() from error
    if cells > MOST_CELLS:
        raise UserError(f"文件太长\uff0c最多{MOST_CELLS // 10_000}万格\uff0c没有读。", "请只留计划那一部分再发一次。")
    if merged > MOST_MERGED:
        raise UserError("表格里合并的单元格太大\uff0c没有读。", "请只保留有内容的区域后再发一次。")


def _check_kind(names: Sequence[str], folder: str) -> None:
    """An Excel file named .docx, or the other way round, or an archive of something else."""
    if any(name.startswith(folder) for name in names):
        return
    for other, kind, ending in (("word/", "Word", ".docx"), ("xl/", "Excel", ".xlsx")):
        if any(name.startswith(other) for name in names):
            raise UserError(f"这其实是 {kind} 文件\uff0c打不开。", f"请把文件名的结尾改成 {ending} 再发一次。")


def _check_part(xml: bytes) -> int:
    """Refuses a document type definition; the number of merged cells of the part."""
    # UTF-16 parts have a 0 beside each ASCII byte.
    if _DTD.search(xml.replace(b"\x00", b"")):
        raise UserError("文件里有不允许的内容\uff08外部实体\uff09\uff0c没有读。", "请用 Word 或 Excel 另存后再发一次。")
    references = _MERGE.findall(xml)
    if not references:  # always in a Word document, which is read without Excel's parser
        return 0
    from openpyxl.utils import range_boundaries

    merged = 0
    for reference in references:
        left, top, right, bottom = range_boundaries(reference.decode())
        merged += (int(right or 0) - int(left or 0) + 1) * (int(bottom or 0) - int(top or 0) + 1)
    return merged


def _broken() -> UserError:
    return UserError("文件打不开\uff0c可能没有传完或已损坏。", "请在电脑上打开确认\uff0c另存后再发一次。")


@contextmanager
def _sentence_if_broken() -> Iterator[None]:
    """The parsers raise whatever a broken part leads them to; for the teacher it is one sentence."""
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        raise _broken() from error

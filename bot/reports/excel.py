"""What Excel files of the house share: heads that stay, widths, filters, a print area, texts that are no formulas.

The library is loaded with the first file. The same content gives the same bytes: times come from the caller.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from bot.reports.excel_charts import COLUMNS, Area, Drawn, draw
from bot.reports.word import clean

Cell = str | int | float | date | None

MOST_CHARACTERS = 32_767
"""Of one cell; the format holds no more."""

MOST_ROWS = 1_048_575
NARROWEST, WIDEST = 6, 60
MOST_ROOM = 2_000
"""Characters of a line whose room is counted."""

TITLE_HEIGHT, LINE_HEIGHT = 32, 15
"""Points of the line above a head, and of a line of text in a sheet that has one: it is printed and hung up."""

_FONT = "宋体"
_GOOD_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))  # ascii: what a sheet's name must not hold


@dataclass(frozen=True)
class Sheet:
    """One sheet: a table with a head.

    Attributes:
        widths: of the columns, in characters; None = as the texts are long.
        percent: numbers of columns whose numbers are shares of one.
        landscape: printed across.
        title: a line above the head, over all columns; "" = none.
        drawn: how Excel draws the table below it; None = not at all.
    """

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[float] | None = None
    percent: Sequence[int] = ()
    landscape: bool = False
    title: str = ""
    drawn: Drawn | None = None


def workbook(sheets: Sequence[Sheet], title: str, author: str, made: datetime) -> bytes:
    """The bytes of a workbook; sheets without rows are left out, but for the first.

    Args:
        author: who is named in the file's properties.
        made: its time of making.
    """
    import xlsxwriter

    data = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(data, {**options, "remove_timezone": True, "default_date_format": "yyyy-mm-dd"})
    created = made.astimezone(UTC).replace(tzinfo=None)  # the format's times are UTC without saying so
    book.set_properties({"title": clean(title)[:255], "author": clean(author)[:255], "created": created})
    formats = _formats(book)
    for number, sheet in enumerate(sheets):
        if sheet.rows or number == 0:
            _write(book, book.add_worksheet(sheet.name.translate(_GOOD_IN_NAMES)[:31]), sheet, formats, title)
    book.close()
    return data.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    """Text stays text also when somebody edits its cell: "@" is the format of text."""
    plain = {"font_name": _FONT, "font_size": 11, "valign": "vcenter", "border": 1, "border_color": "#BFBFBF"}
    return {
        "head": book.add_format({**plain, "bold": True, "bg_color": "#E8EEF4", "text_wrap": True}),
        "title": book.add_format({"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"}),
        "text": book.add_format({**plain, "text_wrap": True, "num_format": "@"}),
        "number": book.add_format({**plain, "num_format": "0"}),
        "percent": book.add_format({**plain, "num_format": "0%"}),
        "date": book.add_format({**plain, "num_format": "yyyy-mm-dd", "align": "left"}),
    }


def _write(book: Any, page: Any, sheet: Sheet, formats: dict[str, Any], title: str) -> None:
    last, head = len(sheet.head) - 1, 1 if sheet.title else 0
    if sheet.title:
        page.merge_range(0, 0, 0, last, clean(sheet.title), formats["title"])
        page.set_row(0, TITLE_HEIGHT)
    for column, (text, width) in enumerate(zip(sheet.head, _widths(sheet), strict=True)):
        page.write_string(head, column, text, formats["head"])
        page.set_column(column, column, width)
    rows = sheet.rows[: MOST_ROWS - head]
    for line, row in enumerate(rows, start=head + 1):
        for column, value in enumerate(row):
            _cell(page, line, column, value, formats, share=column in sheet.percent)
        if sheet.title:
            page.set_row(line, LINE_HEIGHT * max(map(_lines, row, _widths(sheet)), default=1) + 6)
    end = head + max(len(rows), 1)
    page.freeze_panes(head + 1, 0)
    page.autofilter(head, 0, end, last)
    page.repeat_rows(0, head)
    if sheet.drawn and sheet.rows:
        end, last = draw(book, page, sheet.drawn, Area(head, last + 1, len(rows))), max(last, COLUMNS)
    page.print_area(0, 0, end, last)
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    if sheet.landscape:
        page.set_landscape()
    page.set_footer("&C&P / &N")
    page.set_header(f"&L{_literal(title)}&R{_literal(sheet.name)}")


def _literal(text: str) -> str:
    """A text for a head or foot of a printed page, where & begins a code; at most what fits there."""
    return clean(text).replace("&", "&&")[:100]


def _cell(page: Any, line: int, column: int, value: Cell, formats: dict[str, Any], *, share: bool) -> None:
    match value:
        case None:
            page.write_blank(line, column, None, formats["text"])
        case str():
            page.write_string(line, column, clean(value)[:MOST_CHARACTERS], formats["text"])
        case date():
            page.write_datetime(line, column, value, formats["date"])
        case _:
            page.write_number(line, column, value, formats["percent" if share else "number"])


def _widths(sheet: Sheet) -> Sequence[float]:
    """As wide as the longest line of a column, within reason; a Chinese character takes the room of two."""
    if sheet.widths:
        return sheet.widths
    columns = [
        [text, *(_shown(row[n]) for row in sheet.rows[:500])] for n, text in enumerate(sheet.head)
    ]  # what comes later is hardly longer
    return [min(max(max(map(_room, texts)) + 3, NARROWEST), WIDEST) for texts in columns]


def _lines(value: Cell, width: float) -> int:
    """How many lines a value takes in a column."""
    return sum(max(1, -(-_room(line) // max(1, int(width) - 1))) for line in _shown(value).split("\n"))


def _shown(value: Cell) -> str:
    return value if isinstance(value, str) else "0000-00-00" if isinstance(value, date) else str(value or "")


def _room(text: str) -> int:
    first = text.partition("\n")[0]
    return sum(2 if char > "\u2e7f" else 1 for char in first[:MOST_ROOM])

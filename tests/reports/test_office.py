"""What Word and Excel files of the house share: fonts, heads, cells that are no formulas, the same bytes each time."""

import io
import zipfile
from datetime import date, datetime

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

from bot.clock import SCHOOL_ZONE
from bot.reports import word
from bot.reports.excel import Sheet, workbook

MADE = datetime(2026, 10, 8, 7, 30, tzinfo=SCHOOL_ZONE)
EVIL = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "https://example.com",
    "007",
    '<&">',
    "😀",
    "一\n二\r\n三\r四",
    "\x00\x0b\ud800x",
)


def written(rows: list[tuple[str, str]]) -> bytes:
    document = word.new_document("标题", "高一语文备课组", MADE)
    word.heading(document, "标题", 0)
    word.table(document, ("甲", "乙"), rows, (4, 12))
    word.paragraph(document, "正文")
    return word.saved(document)


def test_chinese_is_written_with_chinese_fonts():
    document = docx.Document(io.BytesIO(written([("一", "二")])))
    for style, font in (("Normal", "宋体"), ("Title", "黑体"), ("Heading 1", "黑体")):
        fonts = document.styles[style].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == font
        assert not [name for name in fonts.attrib if name.endswith("Theme")]


def test_a_tables_head_is_repeated_and_its_rows_are_whole():
    (table,) = docx.Document(io.BytesIO(written([("一", "短"), ("二", "长" * 900)]))).tables
    marks = [[mark.tag for mark in row._tr.trPr] if row._tr.trPr is not None else [] for row in table.rows]
    assert marks == [[qn("w:tblHeader"), qn("w:cantSplit")], [qn("w:cantSplit")], []]  # what is too long may be cut


@pytest.mark.parametrize("text", EVIL)
def test_word_holds_a_text_whole(text):
    (table,) = docx.Document(io.BytesIO(written([("一", text)]))).tables
    kept = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").replace("\x0b", "").replace("\ud800", "")
    assert table.rows[1].cells[1].text == kept


@pytest.mark.parametrize("text", EVIL)
def test_excel_holds_a_text_whole_and_as_text(text):
    book = openpyxl.load_workbook(io.BytesIO(workbook([Sheet("表", ("甲",), [(text,)])], text, text, MADE)))
    cell = book["表"]["A2"]
    kept = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").replace("\x0b", "").replace("\ud800", "")
    assert (cell.value, cell.data_type, cell.number_format) == (kept, "s", "@")


def test_a_sheet_is_made_to_be_read_and_printed():
    rows = [("一", 3, 0.5, date(2026, 9, 7), None)]
    sheet = Sheet("表", ("甲", "数", "比例", "日期", "空"), rows, percent=(2,), landscape=True)
    page = openpyxl.load_workbook(io.BytesIO(workbook([sheet], "标题", "组", MADE)))["表"]
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:E2"
    assert page.print_title_rows == "$1:$1"
    assert page.print_area == "'表'!$A$1:$E$2"
    assert (page.page_setup.orientation, page.page_setup.paperSize, page.page_setup.fitToHeight) == ("landscape", 9, 0)
    assert [cell.number_format for cell in page[2]] == ["@", "0", "0%", "yyyy-mm-dd", "@"]
    assert page["D2"].value == datetime(2026, 9, 7)  # noqa: DTZ001 - a day
    assert 6 <= page.column_dimensions["A"].width <= 60


def test_names_of_sheets_are_made_to_fit():
    names = ("a/b:c*?[d]\\", "长" * 40)
    book = openpyxl.load_workbook(
        io.BytesIO(workbook([Sheet(each, ("甲",), [("x",)]) for each in names], "", "", MADE))
    )
    assert book.sheetnames == ["a-b-c---d--", "长" * 31]


def test_the_same_content_is_the_same_bytes_and_says_nothing_of_the_machine():
    for make in (
        lambda: written([("一", "二")]),
        lambda: workbook([Sheet("表", ("甲",), [("一",)])], "标题", "组", MADE),
    ):
        data = make()
        assert data == make()
        core = zipfile.ZipFile(io.BytesIO(data)).read("docProps/core.xml").decode()
        assert "2026-10-07T23:30:00Z" in core
        assert "python" not in core.lower()

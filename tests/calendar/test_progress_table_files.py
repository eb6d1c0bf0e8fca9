"""Progress tables as files: Excel, Word, CSV, several sheets, merged cells, LibreOffice, and files that are broken."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook

from bot.calendar.progress_table import Table, read_table_document, tables_named
from bot.errors import UserError
from tests.calendar.libreoffice import rewritten, written_by_libreoffice

IN_UTF_8 = ":Text - txt - csv (StarCalc):44,34,76"
HEADER = ("周次", "起止日期", "单元", "教学内容", "课时", "主备人", "备注")
CSV = "周次,内容,课时,主备\n1,《沁园春》,4,李老师\n2,《百合花》,4,张老师\n"


def brief(table: Table) -> list[tuple[tuple[int, ...], str, str, int | None, str]]:
    return [(row.weeks, row.unit, row.topic, row.lessons, "、".join(row.leads)) for row in table.rows]


def xlsx(*sheets: tuple[str, Sequence[Sequence[object]]], merged: Sequence[str] = ()) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for area in merged:
            sheet.merge_cells(area)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


FULL = (
    ("示例中学高一语文教学进度表", None, None, None, None, None, None),
    (None, None, None, None, None, None, None),
    HEADER,
    (1.0, "8.31-9.4", "必修上 第一单元", "《沁园春·长沙》", 4.0, "李老师", None),
    (None, None, None, "《红烛》", 1, None, None),
    ("\uff12", "9.7-9.11", None, "《百合花》", "\uff14课时", "张 敏", "公开课"),
    ("3-4", None, "第二单元", "01 《插秧歌》", 7, "陈老师", None),
    ("合计", None, None, None, 16, None, None),
    ("备课组长签名\uff1a", None, None, None, None, None, None),
)
AREAS = ("A1:G1", "A4:A5", "B4:B5", "C4:C6", "F4:F5")
READ = [
    ((1,), "必修上 第一单元", "《沁园春·长沙》", 4, "李老师"),
    ((1,), "必修上 第一单元", "《红烛》", 1, "李老师"),
    ((2,), "必修上 第一单元", "《百合花》", 4, "张敏"),
    ((3, 4), "第二单元", "01 《插秧歌》", 7, "陈老师"),
]


def test_a_workbook_with_merged_cells_floats_and_full_width_digits() -> None:
    table = read_table_document(xlsx(("高一", FULL), merged=AREAS), "进度.xlsx")
    assert brief(table) == READ
    assert [row.line for row in table.rows] == [4, 5, 6, 7]
    assert (table.name, table.problems, table.others) == ("高一 示例中学高一语文教学进度表", (), ())


def test_days_of_a_workbook_and_weeks_that_excel_made_days() -> None:
    rows = (
        ("周次", "开始日期", "结束日期", "课题"),
        (1, date(2026, 8, 31), date(2026, 9, 4), "《沁园春》"),
        (date(2026, 3, 4), None, None, "《百合花》"),
    )
    table = read_table_document(xlsx(("S", rows)), "a.xlsx")
    assert [(row.weeks, row.dates) for row in table.rows] == [((1,), "2026年8月31日-2026年9月4日"), ((3, 4), "")]
    assert table.problems == ("第3行的周次“2026年3月4日”像是被 Excel 改成了日期\uff0c按第3–4周读。",)


def test_a_column_of_months_beside_the_days() -> None:
    rows = (("月份", "日期", "课题"), ("9月", "1-5日", "《沁园春》"), (None, "7-11日", "《百合花》"))
    table = read_table_document(xlsx(("S", rows), merged=("A2:A3",)), "a.xlsx")
    assert [row.dates for row in table.rows] == ["9月1-5日", "9月7-11日"]


def test_a_column_of_weeks_that_holds_days_is_one_of_days() -> None:
    days = [date(2026, 8, 31), date(2026, 9, 7), date(2026, 9, 14)]
    table = read_table_document(xlsx(("S", [("周", "课题"), *((day, "《登高》") for day in days)])), "a.xlsx")
    assert [(row.weeks, row.dates) for row in table.rows][2] == ((), "2026年9月14日")


def test_of_several_sheets_the_one_of_the_groups_name_is_meant() -> None:
    rows = (HEADER, FULL[3])
    notes = (("说明",), ("请各组填写",))
    file = read_table_document(xlsx(("说明", notes), ("高一语文", rows), ("高二语文", rows)), "a.xlsx")
    assert [file.name, *(one.name for one in file.others)] == ["高一语文", "高二语文"]
    assert [one.name for one in tables_named(file, "高二语文备课组")] == ["高二语文"]
    assert len(tables_named(file, "高三语文备课组")) == 2
    subjects = read_table_document(xlsx(("数学", rows), ("语文", rows)), "a.xlsx")
    assert [one.name for one in tables_named(subjects, "高一语文备课组")] == ["语文"]
    titled = read_table_document(xlsx(("Sheet1", [("高一进度",), *rows]), ("Sheet2", [("高二",), *rows])), "a.xlsx")
    assert [one.name for one in tables_named(titled, "高二数学组")] == ["Sheet2 高二"]


def test_an_empty_sheet_beside_the_table_is_no_table() -> None:
    file = read_table_document(xlsx(("下学期", (HEADER,)), ("上学期", (HEADER, FULL[3]))), "a.xlsx")
    assert (file.name, file.others) == ("上学期", ())


def docx() -> bytes:
    document = Document()
    document.add_heading("高一语文教学进度表", 1)
    document.add_paragraph("说明\uff1a每周四课时。")
    table = document.add_table(rows=0, cols=len(HEADER))
    for values in FULL[2:]:
        for cell, value in zip(table.add_row().cells, values, strict=True):
            cell.text = "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    for column, last in ((0, 2), (1, 2), (2, 3), (5, 2)):
        table.cell(1, column).merge(table.cell(last, column))
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_a_word_document_with_merged_cells() -> None:
    table = read_table_document(docx(), "进度.docx")
    assert brief(table) == READ
    assert table.name == "说明\uff1a每周四课时。"


def test_lines_with_tabs_in_a_word_document() -> None:
    document = Document()
    for line in CSV.splitlines():
        document.add_paragraph(line.replace(",", "\t"))
    stream = BytesIO()
    document.save(stream)
    assert [row.weeks for row in read_table_document(stream.getvalue(), "a.docx").rows] == [(1,), (2,)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk"])
@pytest.mark.parametrize("name", ["a.csv", "a.TXT", "a.tsv", "a.md"])
def test_text_files_in_every_usual_encoding(encoding: str, name: str) -> None:
    table = read_table_document(CSV.replace("\n", "\r\n").encode(encoding), name)
    assert brief(table) == [((1,), "", "《沁园春》", 4, "李老师"), ((2,), "", "《百合花》", 4, "张老师")]


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "a.csv", "里没有文字"),
        (b"", "a.xlsx", "文件打不开"),
        (b"PK\x03\x04 broken", "a.docx", "文件打不开"),
        (xlsx(("S", ())), "a.xlsx", "里没有文字"),
        (xlsx(("S", (("姓名", "电话"), ("甲", "乙")))), "a.xlsx", "没有找到进度表的表头"),
        (xlsx(("S", (HEADER,))), "a.xlsx", "表头下面没有内容"),
        (CSV.encode(), "进度.xls", "读不了这种文件"),
        (b"x" * (10 * 1024 * 1024 + 1), "a.csv", "文件太大"),
        (b"\xff\xff\x81", "a.csv", "编码"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(data: bytes, name: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        read_table_document(data, name)


@written_by_libreoffice
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("source", "kind", "options"), [("xlsx", "xlsx", ""), ("docx", "docx", ""), ("xlsx", "csv", IN_UTF_8)]
)
def test_files_that_libreoffice_wrote(tmp_path: Path, source: str, kind: str, options: str) -> None:
    made = {"xlsx": lambda: xlsx(("高一", FULL), merged=AREAS), "docx": docx}[source]()
    table = read_table_document(rewritten(tmp_path, made, source, kind, options), f"in.{kind}")
    if kind == "csv":  # knows no merged cells: the second row's lead is empty
        assert [row[:4] for row in brief(table)] == [row[:4] for row in READ]
    else:
        assert brief(table) == READ

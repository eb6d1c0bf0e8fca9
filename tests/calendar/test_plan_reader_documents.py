"""Plan documents as bytes: encodings, Word, Excel, and files that are broken or meant to do harm."""

import time
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document
from openpyxl import Workbook

from bot.calendar.plan_reader import PlanContext, read_document, read_plan
from bot.calendar.reading import documents, office
from bot.errors import UserError
from tests.calendar.libreoffice import rewritten, written_by_libreoffice

PLAN = "活动安排\n每月第一周\uff1a召开例会\n"
LINES = ["活动安排", "每月第一周\uff1a召开例会"]
CONTEXT = PlanContext.model_validate({"term": {"first_day": "2026-08-31", "weeks": 21, "midterm_week": 10}})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
def test_text_in_every_usual_encoding(encoding: str) -> None:
    assert read_document(PLAN.encode(encoding), "计划.txt") == LINES


def test_line_ends_and_nul_bytes_do_not_matter() -> None:
    assert read_document(PLAN.replace("\n", "\r\n").encode(), "计划.MD") == LINES
    assert read_document(PLAN.replace("一周", "一\x00周").encode(), "a.txt") == LINES


def test_blank_lines_keep_their_numbers() -> None:
    lines = read_document("\n\n第3周\uff1a公开课\n".encode(), "a.txt")
    assert [entry.line for entry in read_plan(lines, CONTEXT)] == [3]


def docx(build: Callable[[object], None] | None = None) -> bytes:
    document = Document()
    document.add_heading("活动安排", 1)
    document.add_paragraph("每月第一周\uff1a召开例会")
    table = document.add_table(rows=3, cols=3)
    rows = (("周次", "内容", "主备人"), ("1", "备课", "王老师"), ("", "听课", "张老师"))
    for row, values in zip(table.rows, rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    table.cell(1, 0).merge(table.cell(2, 0))
    document.add_paragraph("第5周\uff1a公开课")
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_a_word_document_keeps_its_order_and_merged_cells() -> None:
    lines = [line.strip() for line in read_document(docx(), "计划.docx")]
    assert lines == [
        "# 活动安排",
        "每月第一周\uff1a召开例会",
        "周次 | 内容 | 主备人",
        "1 | 备课 | 王老师",
        "1 | 听课 | 张老师",
        "第5周\uff1a公开课",
    ]
    read = [(entry.line, entry.activity) for entry in read_plan(lines, CONTEXT)]
    assert read == [(2, "召开例会"), (4, "备课"), (5, "听课"), (6, "公开课")]


def xlsx() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2026学年第一学期活动安排"])
    sheet.append(["月份", "内容", "负责人"])
    sheet.append(["九月", "制定计划", "李老师"])
    sheet.append([None, "开学检测", "王老师"])
    sheet.append(["十月", "期中复习研讨", None])
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("A3:A4")
    hidden = book.create_sheet("草稿")
    hidden.append(["十二月", "不该读到"])
    hidden.sheet_state = "hidden"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_workbook_repeats_its_merged_month() -> None:
    lines = read_document(xlsx(), "安排.xlsx")
    assert lines == [
        "2026学年第一学期活动安排",
        "月份 | 内容 | 负责人",
        "九月 | 制定计划 | 李老师",
        "九月 | 开学检测 | 王老师",
        "十月 | 期中复习研讨 | ",
    ]
    assert [(one.months, one.activity) for one in read_plan(lines, CONTEXT)] == [
        ([9], "制定计划"),
        ([9], "开学检测"),
        ([10], "期中复习研讨"),
    ]


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    stream = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, content if part.filename == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, content)
    return stream.getvalue()


ENTITY = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]><w>&x;</w>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY a%d "%b">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]><l>&a9;</l>"
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def archive(parts: dict[str, bytes]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return stream.getvalue()


def encrypted_part(data: bytes) -> bytes:
    """The flag that says that a part needs a password, set in each central header."""
    changed = bytearray(data)
    place = changed.find(b"PK\x01\x02")
    while place >= 0:
        changed[place + 8] |= 1
        place = changed.find(b"PK\x01\x02", place + 4)
    return bytes(changed)


def wide(cells: int) -> bytes:
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    return head + b'<c t="str"><v>1</v></c>' * cells + b"</row></sheetData></worksheet>"


def nested(depth: int) -> bytes:
    space = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return b"<w:document %b><w:body>" % space + b"<w:p>" * depth + b"</w:p>" * depth + b"</w:body></w:document>"


HUGE_MERGE = b'<worksheet><sheetData/><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
BAD: list[tuple[str, Callable[[], bytes], str]] = [
    ("a.docx", lambda: docx()[:2000], "打不开"),
    ("a.docx", lambda: b"PK\x03\x04" + b"\x00" * 500, "打不开"),
    ("a.docx", lambda: b"", "打不开"),
    ("a.xlsx", docx, "其实是 Word"),
    ("a.docx", xlsx, "其实是 Excel"),
    ("a.docx", lambda: archive({"hello.txt": b"x"}), "打不开"),
    ("a.docx", lambda: OLE + "WordDocument".encode("utf-16-le"), ".doc\uff09"),
    ("a.xlsx", lambda: OLE + "Workbook".encode("utf-16-le"), ".xls\uff09"),
    ("a.docx", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
    ("a.docx", lambda: b"%PDF-1.7\n", "其实是PDF"),
    ("a.txt", lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF", "其实是图片"),
    ("a.docx", lambda: b"{\\rtf1\\ansi", "其实是RTF"),
    ("a.md", lambda: b"\x89PNG\r\n\x1a\n", "其实是图片"),
    ("a.docx", lambda: encrypted_part(docx()), "打不开"),
    ("a.xlsx", lambda: with_part(xlsx(), "xl/worksheets/sheet1.xml", wide(300_000)), "太长"),
    ("a.docx", lambda: with_part(docx(), "word/document.xml", nested(5_000)), "打不开"),
    ("a.docx", lambda: with_part(docx(), "word/document.xml", LAUGHS), "外部实体"),
    ("a.xlsx", lambda: with_part(xlsx(), "xl/sharedStrings.xml", LAUGHS), "外部实体"),
    ("a.docx", lambda: archive({f"word/{n}.xml": b"" for n in range(office.MOST_PARTS + 1)}), "太大"),
    ("a.docx", lambda: with_part(docx(), "word/document.xml", b"<w:document"), "打不开"),
    ("a.docx", lambda: with_part(docx(), "word/document.xml", ENTITY), "外部实体"),
    ("a.docx", lambda: with_part(docx(), "word/document.xml", ENTITY.decode().encode("utf-16")), "外部实体"),
    ("a.docx", lambda: with_part(docx(), "word/media/a.bin", b"\x00" * (office.MOST_UNPACKED + 1)), "太大"),
    ("a.xlsx", lambda: with_part(xlsx(), "xl/worksheets/sheet1.xml", HUGE_MERGE), "太大"),
    ("a.txt", lambda: b"\x00" * (documents.LARGEST + 1), "太大"),
    ("a.txt", lambda: b"\xff\xff\xff\x80\x81\xff", "编码"),
    ("a.txt", lambda: b" \n\n", "没有文字"),
    ("a.txt", lambda: b"", "没有文字"),
    ("a.pdf", lambda: b"%PDF", "读不了"),
    ("a.doc", lambda: b"x", "读不了"),
    ("a.xlsm", xlsx, "读不了"),
    ("noending", lambda: b"abc", "读不了"),
]


@pytest.mark.parametrize(
    ("name", "data", "words"), BAD, ids=[f"{row[0]}-{row[2]}-{place}" for place, row in enumerate(BAD)]
)
def test_a_bad_file_is_one_sentence(name: str, data: Callable[[], bytes], words: str) -> None:
    with pytest.raises(UserError) as caught:
        read_document(data(), name)
    assert words in caught.value.problem


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("a.doc", ".docx"),
        ("a.wps", ".docx"),
        ("a.docm", ".docx"),
        ("a.xls", ".xlsx"),
        ("a.ET", ".xlsx"),
        ("a.xlsm", ".xlsx"),
        ("a.pdf", "贴进对话"),
        ("a.JPG", "贴进对话"),
        ("a.zip", "解压"),
    ],
)
def test_it_is_said_how_to_save_a_kind_that_is_not_read(name: str, how: str) -> None:
    with pytest.raises(UserError) as caught:
        read_document(b"x", name)
    assert how in "".join(caught.value.lines)


def test_a_hundred_pages_are_read_in_seconds() -> None:
    document = Document()
    for page in range(100):
        for line in range(30):
            document.add_paragraph(f"每月第{line % 4 + 1}周周三下午第二节\uff1a第{page}组例会\uff0c布置当月工作")
        table = document.add_table(rows=10, cols=4)
        for place, row in enumerate(table.rows, start=1):
            row.cells[0].text, row.cells[1].text = f"第{place}周", "集体备课"
    stream = BytesIO()
    document.save(stream)
    begin = time.process_time()
    lines = read_document(stream.getvalue(), "计划.docx")
    entries = read_plan(lines, CONTEXT)
    assert (len(lines), len(entries)) == (4000, 4000)
    assert time.process_time() - begin < 8, "2 s on a busy machine of two cores"


def workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["周次", "日期", "内容", "主备人"],
        ["第\uff11\uff10周", "11.2-11.6", "期中考试", None],
        [None, None, "监考", "王老师"],
    ):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B2:B3")
    second = book.create_sheet("下半学期")
    second.append(["周次", "周一", "周二", "周三"])
    second.append(["\uff11\uff12", None, "听课", "备课"])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def month_table() -> bytes:
    """A plan in Word: a line of prose, and a table whose months are merged over their rows."""
    document = Document()
    document.add_heading("活动安排", 1)
    document.add_paragraph("每周三第\uff18-\uff19节\uff1a集体备课")
    rows = [
        ("月份", "时间", "内容"),
        ("9月", "9月1\uff10日", "研讨课"),
        ("", "第四周", "听课"),
        ("10月", "下旬", "月考分析"),
    ]
    table = document.add_table(rows=len(rows), cols=3)
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def of_workbook(data: bytes, name: str) -> None:
    entries = read_plan(read_document(data, name), CONTEXT)
    assert [(entry.weeks, entry.weekday, entry.activity) for entry in entries] == [
        ([10, 10], None, "期中考试"),
        ([10, 10], None, "监考"),
        ([12, 12], 2, "听课"),
        ([12, 12], 3, "备课"),
    ]


def of_month_table(data: bytes, name: str) -> None:
    entries = read_plan(read_document(data, name), CONTEXT)
    weekly, day, week, xun = entries
    assert (weekly.weekday, weekly.periods, weekly.activity) == (3, [8, 9], "集体备课")
    assert (day.date, day.activity) == (date(2026, 9, 10), "研讨课")
    assert (week.months, week.activity) == ([9], "听课")
    assert (xun.months, xun.xun, xun.activity) == ([10], "下", "月考分析")


def test_full_width_digits_in_merged_cells() -> None:
    of_workbook(workbook(), "计划.xlsx")
    of_month_table(month_table(), "计划.docx")


@written_by_libreoffice
@pytest.mark.timeout(300)
def test_plans_that_libreoffice_wrote(tmp_path: Path) -> None:
    of_workbook(rewritten(tmp_path, workbook(), "xlsx", "xlsx"), "计划.xlsx")
    of_month_table(rewritten(tmp_path, month_table(), "docx", "docx"), "计划.docx")

"""Plan documents as bytes: encodings, Word, Excel, and files that are broken or meant to do harm."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document
from openpyxl import Workbook

from bot.calendar.plan_reader import PlanContext, read_document, read_plan
from bot.calendar.reading import documents, office
from bot.errors import UserError

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
HUGE_MERGE = b'<worksheet><sheetData/><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
BAD: list[tuple[str, Callable[[], bytes], str]] = [
    ("a.docx", lambda: docx()[:2000], "打不开"),
    ("a.docx", lambda: b"PK\x03\x04" + b"\x00" * 500, "打不开"),
    ("a.docx", lambda: b"", "打不开"),
    ("a.xlsx", docx, "打不开"),
    ("a.docx", xlsx, "打不开"),
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
    ("noending", lambda: b"abc", "读不了"),
]


@pytest.mark.parametrize(
    ("name", "data", "words"), BAD, ids=[f"{row[0]}-{row[2]}-{place}" for place, row in enumerate(BAD)]
)
def test_a_bad_file_is_one_sentence(name: str, data: Callable[[], bytes], words: str) -> None:
    with pytest.raises(UserError) as caught:
        read_document(data(), name)
    assert words in caught.value.problem

"""Small files of each kind, as teachers send them."""

from io import BytesIO

from docx import Document
from openpyxl import Workbook

PLAN = ("高一语文备课组工作计划", "每周三第8-9节 集体备课 语文办公室", "每月第一周召开备课组例会", "第6周 期中命题分工")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
JPG = b"\xff\xd8\xff\xe0" + bytes(64)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64)
PDF = b"%PDF-1.7\n" + bytes(16)


def docx(*lines: str) -> bytes:
    """A Word document of paragraphs."""
    document, held = Document(), BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(held)
    return held.getvalue()


def xlsx(*rows: tuple[str, ...]) -> bytes:
    """An Excel workbook of one sheet."""
    book, held = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(held)
    return held.getvalue()

"""Bytes of a plan document → its lines. What cannot be read is a ``UserError`` with a sentence for the teacher.

Text is UTF-8 (with or without mark), UTF-16 or GB 18030 (which holds GBK); .docx and .xlsx are read in ``office``.
"""

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import TypeVar

from bot.calendar.reading import disguise, office
from bot.errors import UserError

T = TypeVar("T")

#: Bytes; a plan of a hundred pages with pictures is smaller.
LARGEST = 10 * 1024 * 1024
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_HINT = "可以发 .docx、.xlsx、.txt 或 .md 文件\uff0c也可以把计划直接贴进对话。"


def lines_of(data: bytes, filename: str) -> list[str]:
    """The lines of a document; the ending of ``filename`` says how it is read.

    Raises ``UserError`` when it is larger than ``LARGEST`` bytes, of another kind, broken, or without text.
    """
    lines = reader_for(data, filename, _READERS, _HINT)(data)
    if not any(line.strip() for line in lines):
        raise empty(filename)
    return lines


def reader_for(
    data: bytes, filename: str, readers: Mapping[str, Callable[[bytes], T]], hint: str
) -> Callable[[bytes], T]:
    """Which of ``readers`` reads a file: the one of its ending.

    Raises ``UserError`` when it is larger than ``LARGEST`` bytes, or of another kind (also one that only bears the
    name); ``hint`` names those that are read.
    """
    if len(data) > LARGEST:
        raise UserError(f"文件太大\uff1a最多{LARGEST // 1024 // 1024}MB。", "请去掉图片后再发一次。")
    ending = PurePath(filename).suffix.lower()
    reader = readers.get(ending)
    if reader is None:
        raise UserError(f"读不了这种文件\uff1a《{filename[:60]}》。", disguise.advice(ending) or hint)
    disguise.check_disguise(data, filename[:60])
    return reader


def empty(filename: str) -> UserError:
    """The sentence for a file in which nothing is written."""
    return UserError(f"《{filename[:60]}》里没有文字。", "如果内容是图片\uff0c请把文字贴出来再发。")


def _text_lines(data: bytes) -> list[str]:
    lines = text_of(data).split("\n")
    return lines[:-1] if lines and not lines[-1] else lines


def text_of(data: bytes) -> str:
    """The text of a text file, its lines ended by "\\n" alone.

    Raises ``UserError`` when it is in no encoding that is used for Chinese.
    """
    return _decoded(data).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _decoded(data: bytes) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strict(data, name)
    # Every second byte of UTF-16 text in ASCII digits and signs is 0; in the others 0 does not occur.
    if data.count(0) > len(data) // 20:
        return _strict(data, "utf-16-le" if data[1::2].count(0) >= data[::2].count(0) else "utf-16-be")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _strict(data, "gb18030")


def _strict(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise UserError("看不懂这个文件的文字编码。", "请另存为 UTF-8 编码的 .txt 或 .docx 再发。") from error


_READERS: dict[str, Callable[[bytes], list[str]]] = {
    ".txt": _text_lines,
    ".md": _text_lines,
    ".docx": office.docx_lines,
    ".xlsx": office.xlsx_lines,
}

"""What the bot made for somebody: the file behind an answer, read as its reader would."""

import io
from typing import Any

import docx
import openpyxl

from tests.conftest import Answer, Chat


async def made(chat: Chat, answer: Answer, to: str | None = None) -> bytes:
    """The one file that an answer led to; ``to`` says who has to have got it."""
    replies = [reply for reply in answer.result.replies if reply.files]
    assert len(replies) == 1, answer
    assert to in (None, replies[0].to)
    file = await chat.playground.file(replies[0].files[0].url.rpartition("/")[2])
    assert file is not None
    return file.data


def told(answer: Answer) -> str:
    """What was said when the file was there."""
    return answer.result.replies[-1].text


def text_of(data: bytes) -> str:
    """All words of a Word file's body, a cell or paragraph a line."""
    body = docx.Document(io.BytesIO(data)).element.body
    return "\n".join(_words(paragraph) for paragraph in body.iter(f"{W}p"))


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _words(paragraph: Any) -> str:
    signs = {f"{W}br": "\n", f"{W}tab": "\t"}
    return "".join(node.text or "" if node.tag == f"{W}t" else signs.get(node.tag, "") for node in paragraph.iter())


def cells(data: bytes, sheet: int = 0) -> list[tuple[Any, ...]]:
    """The rows of a sheet of an Excel file."""
    return list(openpyxl.load_workbook(io.BytesIO(data)).worksheets[sheet].iter_rows(values_only=True))

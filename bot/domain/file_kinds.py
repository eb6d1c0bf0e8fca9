"""Which files are taken, what they are, and what they are called.

Neither the platform's word nor the sender's is believed: a file is what its ending *and* its bytes say. The name is
made safe once, here, and is for people alone; on the disk a file is called by the digest of its bytes.
"""

import unicodedata
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

from bot.errors import BadArgument

MOST_BYTES = 20 * 2**20
LONGEST_NAME = 80
"""Characters of a name, ending included."""

MOST_PARTS = 5_000
"""Parts of an archive whose list of contents is looked at; one of a larger number is no document of a teacher's."""

_HINT = "可以发 Word、Excel、PPT、PDF、文本和图片；别的请存到网盘，把链接发给我。"
_UNSAFE = frozenset('"\\/:*?<>|')  # ascii: not in names
_OFFICE = (("word/", ".docx"), ("xl/", ".xlsx"), ("ppt/", ".pptx"))


class Kind(NamedTuple):
    """What an ending stands for, and whether bytes are that."""

    media_type: str
    fits: Callable[[bytes], bool]
    readable: bool = False


def _starts(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(marks)


def _archive(ending: str) -> Callable[[bytes], bool]:
    return lambda data: _office_ending(data) == ending


def _is_text(data: bytes) -> bool:
    """Text holds no byte 0, unless it is marked as UTF-16."""
    return data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in data


_OLD_OFFICE = _starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_OPEN_XML = "application/vnd.openxmlformats-officedocument."

KINDS: dict[str, Kind] = {
    ".docx": Kind(_OPEN_XML + "wordprocessingml.document", _archive(".docx"), readable=True),
    ".xlsx": Kind(_OPEN_XML + "spreadsheetml.sheet", _archive(".xlsx"), readable=True),
    ".pptx": Kind(_OPEN_XML + "presentationml.presentation", _archive(".pptx")),
    ".pdf": Kind("application/pdf", _starts(b"%PDF-")),
    ".doc": Kind("application/msword", _OLD_OFFICE),
    ".xls": Kind("application/vnd.ms-excel", _OLD_OFFICE),
    ".ppt": Kind("application/vnd.ms-powerpoint", _OLD_OFFICE),
    ".png": Kind("image/png", _starts(b"\x89PNG\r\n\x1a\n")),
    ".jpg": Kind("image/jpeg", _starts(b"\xff\xd8\xff")),
    ".txt": Kind("text/plain", _is_text, readable=True),
    ".md": Kind("text/markdown", _is_text, readable=True),
    ".csv": Kind("text/csv", _is_text),
}
"""What is taken, by ending. ``readable`` = the plan reader knows it."""

PICTURES = (".png", ".jpg")
"""Endings of what can stand in a document."""

_SAME = {".jpeg": ".jpg"}
_NAMELESS = (".docx", ".xlsx", ".pptx", ".pdf", ".png", ".jpg")
"""What is told by its bytes where it came without a name."""


def settled_name(given: str, data: bytes, now: datetime) -> str:
    """The safe name of a file that is taken.

    Args:
        given: as it came, "" = without one.
        now: names what has no name.

    Raises:
        BadArgument: empty, too large, of another kind, or not what its name says.
    """
    if not data:
        raise BadArgument("这个文件是空的。", "请在电脑上打开看看，再发一次。")
    if len(data) > MOST_BYTES:
        raise too_large()
    name = safe_name(given)
    if not name or not ending_of(name):
        return f"{name or f'{now:%Y-%m-%d %H%M}'}{_told_by_bytes(data)}"
    kind = KINDS.get(ending_of(name))
    if kind is None:
        raise BadArgument(f"这种文件我不收：《{name}》。", _HINT)
    if not kind.fits(data):
        raise BadArgument(f"《{name}》打不开：内容和文件名的结尾对不上。", "请在电脑上另存一份，再发一次。")
    return name


def too_large() -> BadArgument:
    """What is said of a file beyond the limit."""
    return BadArgument(f"文件太大，最多 {MOST_BYTES // 2**20} MB。", "大文件请存到网盘，把链接发给我。")


def safe_name(given: str) -> str:
    """A name without path, control and direction characters, at most ``LONGEST_NAME`` long; the ending is kept.

    "" when nothing is left of it.
    """
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in last if char.isprintable() and char not in _UNSAFE).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if not dot or len(ending) > 8:
        return kept[:LONGEST_NAME]
    return f"{stem.rstrip(' .')[: LONGEST_NAME - len(ending) - 1]}.{ending}" if stem.strip(" .") else ending


def ending_of(name: str) -> str:
    """The ending that says what a file is, in small letters (".docx"); "" where there is none."""
    _, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 8 or not ending.isascii():
        return ""
    return _SAME.get(f".{ending.lower()}", f".{ending.lower()}")


def media_type(name: str) -> str:
    """The media type of a file that was taken."""
    kind = KINDS.get(ending_of(name))
    return kind.media_type if kind else "application/octet-stream"


def readable(name: str) -> bool:
    """Whether the lines of such a file can be read."""
    kind = KINDS.get(ending_of(name))
    return bool(kind and kind.readable)


def _told_by_bytes(data: bytes) -> str:
    found = next((ending for ending in _NAMELESS if KINDS[ending].fits(data)), None)
    if found is None:
        raise BadArgument("看不出这是什么文件。", _HINT)
    return found


def _office_ending(data: bytes) -> str:
    """Which of the three an archive is; "" for any other, a broken one, or one of too many parts."""
    if not data.startswith(b"PK\x03\x04"):
        return ""
    try:
        with ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return ""
    if len(names) > MOST_PARTS or "[Content_Types].xml" not in names:
        return ""
    return next((ending for folder, ending in _OFFICE if any(name.startswith(folder) for name in names)), "")

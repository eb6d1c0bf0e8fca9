"""Is a Word file a template of a form? What is wrong is named, each with the paragraph it stands in.

Allowed are placeholders (``{{课题}}``), those of lists in a row of a table (``{{初案.教师}}``), and around such a row
``{%tr for 行 in 初案 %}`` … ``{%tr endfor %}``. Everything else that a template could run is refused.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from bot.calendar.reading.office import check_archive
from bot.errors import BadArgument, UserError
from bot.reports.forms import markup
from bot.reports.forms.markup import END, LOOP, NAME, Mark, Paragraph
from bot.reports.forms.shapes import Filled, Form, Picture

if TYPE_CHECKING:
    from docx.document import Document

LARGEST = 5 * 2**20
"""Bytes; a form with a badge on it has some fifty thousand."""

MOST_MARKS = 500
SHORT = 24
CLOSE = 50
"""From which likeness (of 100) on another placeholder is suggested."""

_DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f6"
    "45400000000049454e44ae426082"
)
"""A picture of one point."""

_EXTERNAL = re.compile(rb"<Relationship\b[^>]*TargetMode=[\"']External[\"'][^>]*>")
_HYPERLINK = re.compile(rb"Type=[\"'][^\"']*/hyperlink[\"']")
_WIDE = "\uff5b\uff5d"


@dataclass(frozen=True)
class Checked:
    """What a file is as a template of a form: the placeholders found, and what is wrong, a sentence each."""

    form: Form
    known: tuple[str, ...]
    problems: tuple[str, ...]


def too_large() -> BadArgument:
    """What is said of a file of more than ``LARGEST``."""
    return BadArgument(f"模板太大，最多 {LARGEST // 2**20} MB。", "把里面的大图换小一点再发。")


def opened(data: bytes) -> "Document":
    """A Word file, after the looks that come before any parser.

    Raises:
        UserError: too large, packed too tightly, broken, no Word file, or with parts that lie elsewhere.
    """
    if len(data) > LARGEST:
        raise too_large()
    check_archive(data, "word/")
    if _points_elsewhere(data):
        raise BadArgument(
            "模板里有宏，或者指向别处的内容（外部模板、图片），没有收。", "请在 Word 里把它们去掉，另存后再发。"
        )
    from docx import Document

    try:
        return Document(BytesIO(data))
    except Exception as error:  # the parser raises whatever a broken part leads it to
        raise UserError("文件打不开，可能没有传完或已损坏。", "请在电脑上打开确认，另存后再发一次。") from error


def check(data: bytes, forms: Sequence[Form]) -> list[Checked]:
    """Hold a file against forms, the best first.

    Raises:
        UserError: as ``opened``; BadArgument: it has no placeholder at all, or too many.
    """
    roots = list(markup.parts(opened(data)))
    found = [list(markup.paragraphs(root)) for root in roots]
    count = sum(len(each.marks) for part in found for each in part)
    if not count and not any(part for part in found):
        raise BadArgument(
            "这份 Word 里没有占位符。", "在要填的地方写 {{课题}} 这样的词再发。", "要例子：/导出 空表 听课记录"
        )
    if count > MOST_MARKS:
        raise BadArgument(f"占位符有 {count} 个，最多 {MOST_MARKS} 个。", "请只留一张表再发。")
    held = [_against(form, found) for form in forms]
    return sorted(held, key=lambda one: (len(one.problems), -len(one.known)))


def count_marks(data: bytes) -> int:
    """How many placeholders, or pieces of code, a Word file holds.

    Raises:
        UserError: as ``opened``.
    """
    return sum(len(each.marks) for root in markup.parts(opened(data)) for each in markup.paragraphs(root))


def tried(data: bytes, form: Form) -> None:
    """Fill a checked file in once, with its own names: what cannot be filled is said now and not on the day.

    Raises:
        BadArgument: it cannot be filled, or what comes out is no Word file.
    """
    from docx import Document

    from bot.reports.forms.fill import fill

    rows = {name: [dict.fromkeys(columns, name)] * 2 for name, columns in form.columns.items()}
    pictures = {each.name: [Picture(each.name, each.name)] * 2 for each in form.pictures}
    sample = Filled(form, form.title, {name: name for name in form.names}, rows, pictures)
    try:
        Document(BytesIO(fill(data, sample, {}, lambda _: _DOT)[0]))
    except UserError:
        raise
    except Exception as error:  # a template can be broken in more ways than the library has names for
        raise BadArgument(
            "试着填了一份，填不出来。", "请把占位符写在普通的文字里（不要写在图片说明、公式、目录里），再发一次。"
        ) from error


def nearest(form: Form, written: str) -> str:
    """The placeholder that was probably meant; "" when none is like it."""
    from rapidfuzz import fuzz

    bare = written.replace(" ", "")
    names = dict(form.every())
    for name, meaning in names.items():
        if bare in getattr(meaning, "also", ()) or (bare in name.split(".")[1:]):
            return name
    likeness = {name: max(fuzz.ratio(bare, name), 0.9 * fuzz.partial_ratio(bare, name)) for name in names}
    best = max(names, key=lambda name: (likeness[name], -len(name)))
    return best if likeness[best] >= CLOSE else ""


def _points_elsewhere(data: bytes) -> bool:
    from zipfile import ZipFile

    with ZipFile(BytesIO(data)) as archive:
        for part in archive.namelist():
            if part.rpartition("/")[2].lower().startswith("vba"):
                return True
            if part.endswith(".rels") and any(
                not _HYPERLINK.search(each) for each in _EXTERNAL.findall(archive.read(part))
            ):
                return True
    return False


def _against(form: Form, found: Sequence[Sequence[Paragraph]]) -> Checked:
    problems: dict[str, None] = {}
    known: dict[str, None] = {}
    for part in found:
        reader = _Reader(form)
        for sentence in reader.read(part):
            problems.setdefault(sentence)
        known |= dict.fromkeys(reader.known)
    return Checked(form, tuple(known), tuple(problems))


class _Reader:
    """Reads the paragraphs of one part in order; it remembers the loop it is in."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.known: list[str] = []
        self._loop: tuple[str, str] | None = None

    def read(self, part: Sequence[Paragraph]) -> Iterator[str]:
        """A sentence for everything that is wrong."""
        rows: dict[int, set[str]] = {}
        for paragraph in part:
            place = f"（在“{_short(paragraph.text)}”）"
            if any(sign in paragraph.text for sign in _WIDE):
                yield f"大括号要用半角的 {{{{ }}}}{place}"
            elif any(sign in paragraph.rest for sign in ("{{", "}}", "{%", "%}", "{#", "#}")):
                yield f"有一处大括号没有成对{place}"
            for mark in paragraph.marks:
                yield from (f"{sentence}{place}" for sentence in self._mark(mark, paragraph, rows))
        if self._loop:
            yield f"{{%tr for {self._loop[0]} in {self._loop[1]} %}} 后面少了 {{%tr endfor %}}"

    def _mark(self, mark: Mark, paragraph: Paragraph, rows: dict[int, set[str]]) -> Iterator[str]:
        if mark.kind == "note":
            yield f"批注 {_short(mark.whole)} 请删掉"
        elif mark.kind == "code":
            yield from self._code(mark, paragraph)
        else:
            yield from self._plain(mark, paragraph, rows)

    def _code(self, mark: Mark, paragraph: Paragraph) -> Iterator[str]:
        loop = LOOP.fullmatch(mark.inner)
        if END.fullmatch(mark.inner) and self._loop:
            self._loop = None
        elif loop and loop["list"] in self.form.columns and not self._loop and paragraph.row is not None:
            self._loop = (loop["item"], loop["list"])
        else:
            yield f"{_short(mark.whole)} 是程序，不收；表里要重复的一行直接写 {{{{名称.一栏}}}}"

    def _plain(self, mark: Mark, paragraph: Paragraph, rows: dict[int, set[str]]) -> Iterator[str]:
        name = NAME.fullmatch(mark.inner)
        if name is None and NAME.fullmatch("".join(mark.inner.split())) and not mark.inner[:2].isascii():
            yield self._unknown(mark)
        elif name is None:
            yield f"{_short(mark.whole)} 里只能写一个名称，不能写别的"
        elif name["second"]:
            yield from self._of_list(mark, name["first"], name["second"], paragraph, rows)
        elif mark.inner in self.form.names:
            self.known.append(mark.inner)
        elif mark.inner in self.form.columns:
            first = self.form.columns[mark.inner][0]
            yield f"{{{{{mark.inner}}}}} 是一列，要在表格的一行里写 {{{{{mark.inner}.{first}}}}}"
        else:
            yield self._unknown(mark)

    def _of_list(
        self, mark: Mark, first: str, second: str, paragraph: Paragraph, rows: dict[int, set[str]]
    ) -> Iterator[str]:
        named = self._loop[1] if self._loop and self._loop[0] == first else first
        if second not in self.form.columns.get(named, ()):
            yield self._unknown(mark)
            return
        self.known.append(f"{named}.{second}")
        if self._loop:
            if named != self._loop[1]:
                yield f"{_short(mark.whole)} 不是 {self._loop[1]} 的一栏"
            return
        if paragraph.row is None:
            yield f"{_short(mark.whole)} 要写在表格的一行里"
            return
        lists = rows.setdefault(id(paragraph.row), set())
        lists.add(named)
        if len(lists) > 1:
            yield f"一行里只能有一个列表，这里有 {'、'.join(sorted(lists))}"

    def _unknown(self, mark: Mark) -> str:
        like = nearest(self.form, mark.inner)
        meant = f"，是不是 {{{{{like}}}}}？" if like else ""
        return f"{_short(mark.whole)} 不认识{meant}"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= SHORT else f"{flat[: SHORT - 1]}…"

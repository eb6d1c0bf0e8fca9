"""Filling a Word file in.

The file is a template of docxtpl, which is Jinja: it runs in a sandbox, values are escaped, and before it runs its
program is read: names, columns of lists and loops over lists are all that it may hold, wherever in the file they hide.
A row that speaks of a list is put into a loop; a list without things leaves one empty row to write on.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from functools import cache, lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from bot.errors import BadArgument, StoreError
from bot.reports.forms import markup
from bot.reports.forms.shapes import Filled, Form, Picture
from bot.reports.making import Read
from bot.reports.word import LONG_ROW, clean, stamped

if TYPE_CHECKING:
    from jinja2 import Environment

PICTURE_WIDTH, CHART_WIDTH = 72, 140
"""Millimetres."""

MOST_ROWS = 300
"""Of one list: a year's lessons of the most eager, and no more than can be filled in within seconds."""

MOST_PICTURES = 8
LARGEST_PICTURE = 6 * 2**20
LARGEST_PICTURES = 20 * 2**20
"""Bytes of one picture and of all: the file has to go through a chat."""

_DESCRIPTION = re.compile(r"(<wp:docPr\b[^>]*?)(/?>)")
_REFUSED = "模板里有不允许的内容，没有填。"


def fill(template: bytes, filled: Filled, values: Mapping[str, str], read: Read) -> tuple[bytes, tuple[str, ...]]:
    """The filled file, and what could not be put into it, a sentence each.

    Args:
        template: bytes of a Word file that has been checked (check.py).
        values: of the placeholders that every form has.

    Raises:
        BadArgument: the file holds something that must not run.
    """
    made = _template(with_loops(template, filled.form))
    told: list[str] = []
    names: dict[str, Any] = {name: clean(text) for name, text in {**values, **filled.values}.items()}
    for rows in filled.form.rows:
        names[rows.name] = _things(filled, rows.name, filled.form.columns[rows.name], told)
    for each in filled.form.pictures:
        names[each.name] = _pictures(made, filled.pictures.get(each.name, ()), read, told)
    made.render(names, _environment(), autoescape=True)
    _let_long_rows_go_on(made.docx)
    held = BytesIO()
    made.save(held)
    return stamped(held.getvalue()), tuple(told)


def _let_long_rows_go_on(document: Any) -> None:
    """A row longer than a page must be cut in two, whatever the template says of its rows."""
    for root in markup.parts(document):
        for mark in list(root.iter(f"{markup.W}cantSplit")):
            row = next(mark.iterancestors(f"{markup.W}tr"))
            if sum(len(node.text or "") for node in row.iter(f"{markup.W}t")) > LONG_ROW:
                mark.getparent().remove(mark)


@lru_cache(maxsize=4)
def with_loops(template: bytes, form: Form) -> bytes:
    """The file with a loop around each row that speaks of a list and stands in none."""
    from docx import Document

    document = Document(BytesIO(template))
    for root in markup.parts(document):
        rows, open_loop = list(root.iter(f"{markup.W}tr")), False
        for row in rows:
            text = "".join(markup.words(each) for each in row.iter(f"{markup.W}p"))
            opens, closes = len(re.findall(r"\{%\s*tr\s+for\b", text)), len(re.findall(r"\{%\s*tr\s+endfor\b", text))
            lists = markup.row_lists(row) & set(form.columns)
            if lists and not open_loop and not opens:
                (name,) = lists if len(lists) == 1 else (sorted(lists)[0],)
                row.addprevious(_code_row(row, f"{{%tr for {name} in {name} %}}"))
                row.addnext(_code_row(row, "{%tr endfor %}"))
            open_loop = (open_loop or bool(opens)) and not closes
    held = BytesIO()
    document.save(held)
    return held.getvalue()


def _code_row(like: Any, code: str) -> Any:
    """A row with one cell that holds ``code``; the template takes the whole row away."""
    from docx.oxml import OxmlElement

    row = deepcopy(like)
    for child in list(row):
        row.remove(child)
    holder = row
    for name in ("w:tc", "w:p", "w:r", "w:t"):
        element = OxmlElement(name)
        holder.append(element)
        holder = element
    holder.text = code
    return row


def _things(filled: Filled, name: str, columns: Sequence[str], told: list[str]) -> list[dict[str, str]]:
    rows = filled.rows.get(name) or [{}]
    if len(rows) > MOST_ROWS:
        told.append(f"“{name}”有 {len(rows)} 条，放了最近的 {MOST_ROWS} 条。")
        rows = rows[-MOST_ROWS:]
    return [{column: clean(row.get(column, "")) for column in columns} for row in rows]


def _template(data: bytes) -> Any:
    return _kind()(BytesIO(data))


@cache
def _kind() -> Any:
    """docxtpl's template, held to what a form may do. Made once: the library is loaded with the first form."""
    from docxtpl import DocxTemplate

    class FormFile(DocxTemplate):  # type: ignore[misc]
        def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Any = None) -> str:
            """As in the library, without its own way of writing braces, which would change what people wrote."""
            self.current_rendering_part = part
            must_be_harmless(src_xml, jinja_env)
            return str(self.resolve_listing(jinja_env.from_string(src_xml).render(context)))

        def render_properties(self, context: Any, jinja_env: Any = None) -> None:
            """Title and author of the file are no templates."""

        def render_footnotes(self, context: Any, jinja_env: Any = None) -> None:
            """Nor are footnotes."""

    return FormFile


@cache
def _environment() -> "Environment":
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    made = ImmutableSandboxedEnvironment(autoescape=True)
    made.globals.clear()
    made.filters.clear()
    made.tests.clear()
    return made


def must_be_harmless(source: str, environment: "Environment") -> None:
    """A template may print names and columns and loop over lists; anything else is refused.

    Raises:
        BadArgument: it holds something else, or is no template.
    """
    from jinja2 import TemplateSyntaxError, nodes

    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        raise BadArgument(_REFUSED, "请检查大括号是不是成对，再发一次。") from error

    def harmless(node: nodes.Node) -> bool:
        match node:
            case nodes.For():
                plain = isinstance(node.iter, nodes.Name) and isinstance(node.target, nodes.Name)
                return plain and not (node.else_ or node.test or node.recursive) and all(map(harmless, node.body))
            case nodes.Output():
                return all(map(harmless, node.nodes))
            case nodes.Getattr():
                return isinstance(node.node, nodes.Name) and not node.attr.startswith("_")
            case nodes.Name() | nodes.TemplateData():
                return True
        return False

    if not all(map(harmless, tree.body)):
        raise BadArgument(_REFUSED, "只能写 {{名称}} 和表格里的 {{名称.一栏}}。", "看有哪些：/导出 占位符")


class _Pictures:
    """Pictures as the template writes them; each in a line of its own. ``__html__``: they are XML already."""

    def __init__(self, drawn: Sequence[Callable[[], str]]) -> None:
        self._drawn = drawn

    def __html__(self) -> str:
        return " ".join(draw() for draw in self._drawn)

    def __str__(self) -> str:
        return self.__html__()


def _pictures(made: Any, pictures: Sequence[Picture], read: Read, told: list[str]) -> _Pictures:
    drawn, room = [], LARGEST_PICTURES
    if len(pictures) > MOST_PICTURES:
        told.append(f"图片有 {len(pictures)} 张，放了前 {MOST_PICTURES} 张。")
    for picture in pictures[:MOST_PICTURES]:
        data = _bytes_of(picture, read)
        if data is None or len(data) > min(LARGEST_PICTURE, room):
            told.append(f"图片《{picture.alt[:20]}》太大或者不在了，没有放进去。")
            continue
        draw = _drawing(made, picture, data)
        if draw is None:
            told.append(f"图片《{picture.alt[:20]}》读不出来，没有放进去。")
            continue
        room -= len(data)
        drawn.append(draw)
    return _Pictures(drawn)


def _bytes_of(picture: Picture, read: Read) -> bytes | None:
    if picture.svg:
        from bot.reports.pixels import png

        return png(picture.svg)
    try:
        return read(picture.path)
    except StoreError:
        return None


def _drawing(made: Any, picture: Picture, data: bytes) -> Callable[[], str] | None:
    """How a picture is written into the part that is being filled; None when it is none."""
    from docx.image.image import Image
    from docx.shared import Mm
    from docxtpl import InlineImage

    try:
        Image.from_blob(data)
    except Exception:  # noqa: BLE001 - the reader of heads raises whatever broken bytes lead it to
        return None
    width = CHART_WIDTH if picture.svg else PICTURE_WIDTH
    inline = InlineImage(made, BytesIO(data), width=Mm(width))
    words = quoteattr(clean(picture.alt))

    def draw() -> str:
        return _DESCRIPTION.sub(lambda found: f"{found[1]} descr={words}{found[2]}", str(inline), count=1)

    return draw

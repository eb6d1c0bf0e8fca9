"""What Word files of the house share: fonts for Chinese, tables that go on over pages, texts that cannot do harm.

The library is loaded with the first file. The same content gives the same bytes: times come from the caller.
"""

import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell

BODY, HEADING, LATIN = "宋体", "黑体", "Times New Roman"
"""Fonts of every Chinese Windows; other systems put their own in their place."""

BODY_POINTS, HEADING_POINTS = 10.5, {0: 20, 1: 14, 2: 12}
_HEAD_FILL = "E8EEF4"
_STAMP = (1980, 1, 1, 0, 0, 0)
"""The time of each part of the archive: the earliest that the format knows."""

# Characters that XML 1.0 has no way to write; tab and line ends are none of them.
_IMPOSSIBLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """A text as a document can hold it: without control characters, line ends as ``\\n``."""
    lined = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    return _IMPOSSIBLE.sub("", lined)


def new_document(title: str, author: str, made: datetime) -> "Document":
    """An empty A4 document with the house's styles.

    Args:
        author: who is named in the file's properties.
        made: its time of making.
    """
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.2)
    styles: Any = document.styles
    set_font(styles["Normal"], BODY, BODY_POINTS)
    styles["Normal"].paragraph_format.line_spacing = 1.25
    styles["Normal"].paragraph_format.space_after = Pt(4)
    for level, points in HEADING_POINTS.items():
        style = styles["Title" if level == 0 else f"Heading {level}"]
        set_font(style, HEADING, points)
        style.font.bold = True
        style.paragraph_format.keep_with_next = True
        style.paragraph_format.space_before = Pt(0 if level == 0 else 12)
        style.paragraph_format.space_after = Pt(6)
    styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _without_border(styles["Title"])
    _describe(document, title, author, made)
    _page_number(section.footer.paragraphs[0])
    return document


def saved(document: "Document") -> bytes:
    """The bytes of a document."""
    raw = BytesIO()
    document.save(raw)
    return stamped(raw.getvalue())


def stamped(data: bytes) -> bytes:
    """A Word file whose parts all bear the same time, so that the same content is the same bytes."""
    whole = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            entry = zipfile.ZipInfo(part.filename, _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(part))
    return whole.getvalue()


def paragraph(document: "Document", text: str, style: str | None = None, *, before: float = 0) -> None:
    """A paragraph of plain text; its line ends stay. ``before`` is the room above it, in points."""
    from docx.shared import Pt

    holder = document.add_paragraph(clean(text), style=style)
    if before:
        holder.paragraph_format.space_before = Pt(before)


def heading(document: "Document", text: str, level: int) -> None:
    """A heading; 0 is the title."""
    document.add_heading(clean(text), level)


def table(
    document: "Document",
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    together: bool = False,
) -> None:
    """Add a table whose head stands again on every page and whose rows are not cut in two.

    Args:
        widths: of the columns, in centimetres.
        together: a small table that is not to be cut by a page's end.
    """
    made: Any = document.add_table(rows=1, cols=len(head), style="Table Grid")
    made.autofit = False
    for cell, text in zip(made.rows[0].cells, head, strict=True):
        fill(cell, text, bold=True)
        shade(cell)
    mark(made.rows[0], "w:tblHeader")
    mark(made.rows[0], "w:cantSplit")
    for row in rows:
        added = made.add_row()
        if sum(map(len, row)) < LONG_ROW:
            mark(added, "w:cantSplit")
        for cell, text in zip(added.cells, row, strict=True):
            fill(cell, text)
    set_widths(made, widths)
    for row in made.rows if together else ():
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


LONG_ROW = 600
"""Characters of a row that may be cut in two: kept together it could be longer than a page."""


def picture(document: "Document", png: bytes, alt: str, width: float) -> None:
    """A picture in the middle, with its words for those who cannot see it.

    Args:
        width: in centimetres.
    """
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm

    drawn = document.add_picture(BytesIO(png), width=Cm(width))
    properties = drawn._inline.docPr  # the library has no face for it
    properties.set("descr", clean(alt))
    holder = document.paragraphs[-1]
    holder.alignment = WD_ALIGN_PARAGRAPH.CENTER
    holder.paragraph_format.keep_with_next = True


def set_font(style: Any, chinese: str, points: float) -> None:
    """The font of a style, for Chinese and for Latin letters, whatever the theme says."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size, style.font.color.rgb = LATIN, Pt(points), RGBColor(0x22, 0x22, 0x22)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[attribute]  # a theme's font would win
    for name, value in (("w:ascii", LATIN), ("w:hAnsi", LATIN), ("w:eastAsia", chinese), ("w:cs", LATIN)):
        fonts.set(qn(name), value)


def heading_font(run: Any) -> None:
    """The font of headings for a piece of text."""
    from docx.oxml.ns import qn

    run.font.name = LATIN
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEADING)


def _without_border(style: Any) -> None:
    from docx.oxml.ns import qn

    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)


def _describe(document: "Document", title: str, author: str, made: datetime) -> None:
    core = document.core_properties
    moment = made.astimezone(UTC).replace(tzinfo=None)  # the format's times are UTC without saying so
    core.title, core.author, core.last_modified_by = clean(title)[:255], clean(author)[:255], ""
    core.created = core.modified = moment
    core.comments, core.language, core.revision = "", "zh-CN", 1


def _page_number(holder: Any) -> None:
    """ "– 3 –" at the foot, counted by Word."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    holder.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = holder.add_run()
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        element.text = text or None
        run._r.append(element)


def fill(cell: "_Cell", text: str, *, bold: bool = False) -> None:
    """Write into a cell, with little room above and below."""
    from docx.shared import Pt

    holder = cell.paragraphs[0]
    holder.paragraph_format.space_after = Pt(1)
    holder.paragraph_format.space_before = Pt(1)
    run = holder.add_run(clean(text))
    run.bold = bold or None


def shade(cell: "_Cell") -> None:
    """The colour of heads and labels."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", _HEAD_FILL)):
        shade.set(qn(name), value)
    cell._tc.get_or_add_tcPr().append(shade)


def mark(row: Any, name: str) -> None:
    """Set a property of a table row: "w:tblHeader" repeats it on every page, "w:cantSplit" keeps it together."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(name))


def set_widths(made: "Table", widths: Sequence[float]) -> None:
    """The widths of a table's columns, in centimetres, in every row: Word heeds the one, others the other."""
    from docx.shared import Cm

    for column, width in zip(made.columns, widths, strict=True):
        column.width = Cm(width)
    for row in made.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)

"""The built-in form as a Word template: A4, a bordered table with labels, lists whose heads stand on every page.

The same file is handed out as a pattern that schools change (``/导出 空表``), and is filled in like theirs.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bot.reports import word
from bot.reports.forms.shapes import Block, Filled, Form, Listed, Pairs, Shown, Wide

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell

LABEL, VALUE = 2.6, 5.4
"""Centimetres of a label and of what stands behind it; two of each are as wide as the page's text."""

_LEAST_ROW = 0.75


def built_in(form: Form, author: str, made: datetime, filled: Filled | None = None) -> bytes:
    """The bytes of the built-in template.

    Args:
        author: who is named in the file's properties.
        filled: leave out the lists and pictures that would be empty; None = a pattern with everything.
    """
    return _laid_out(form, author, made, tuple(filled is None or not _is_empty(block, filled) for block in form.layout))


@lru_cache(maxsize=4)
def _laid_out(form: Form, author: str, made: datetime, shown: tuple[bool, ...]) -> bytes:
    """Made once for all forms of one file that show the same blocks."""
    document = word.new_document(form.title, author, made)
    word.heading(document, f"{{{{学校}}}}{form.title}", 0)
    held: list[Pairs | Wide] = []
    for block, is_shown in zip(form.layout, shown, strict=True):
        if isinstance(block, Pairs | Wide):
            held.append(block)
            continue
        _grid(document, held)
        held = []
        if is_shown:
            _below(document, block)
    _grid(document, held)
    _line(document, "{{备课组}}　{{制表日期}}")
    return word.saved(document)


def _is_empty(block: Block, filled: Filled) -> bool:
    if isinstance(block, Listed):
        return not filled.rows.get(block.name)
    return isinstance(block, Shown) and not filled.pictures.get(block.name)


def _below(document: "Document", block: Block) -> None:
    if isinstance(block, Listed):
        word.heading(document, block.heading, 2)
        columns = [(f"{{{{{block.name}.{column}}}}}") for _, column, _ in block.columns]
        word.table(
            document, [head for head, _, _ in block.columns], [columns], [width for _, _, width in block.columns]
        )
    elif isinstance(block, Shown):
        word.heading(document, block.heading, 2)
        _line(document, f"{{{{{block.name}}}}}", centred=True)


def _grid(document: "Document", blocks: Sequence[Pairs | Wide]) -> None:
    """One table of labels and what stands behind them."""
    if not blocks:
        return
    from docx.shared import Cm

    made: Any = document.add_table(rows=0, cols=4, style="Table Grid")
    made.autofit = False
    for block in blocks:
        row = made.add_row()
        row.height = Cm(max(_LEAST_ROW, block.height if isinstance(block, Wide) else 0))
        if isinstance(block, Pairs):
            for place, (label, name) in enumerate(block.cells):
                _pair(row.cells[2 * place], row.cells[2 * place + 1], label, name)
        else:
            _pair(row.cells[0], row.cells[1].merge(row.cells[3]), block.label, block.name, top=block.height > 0)
    word.set_widths(made, (LABEL, VALUE, LABEL, VALUE))


def _pair(label: "_Cell", value: "_Cell", text: str, name: str, *, top: bool = False) -> None:
    from docx.enum.table import WD_ALIGN_VERTICAL
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    word.fill(label, text)
    word.heading_font(label.paragraphs[0].runs[0])
    word.shade(label)
    label.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    label.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    word.fill(value, f"{{{{{name}}}}}" if name else "")
    value.vertical_alignment = WD_ALIGN_VERTICAL.TOP if top else WD_ALIGN_VERTICAL.CENTER


def _line(document: "Document", text: str, *, centred: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    added = document.add_paragraph(text)
    added.paragraph_format.space_before = Pt(6)
    added.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.RIGHT

"""Several filled forms as one Word file, each beginning on a page of its own: what is printed in one go.

All come from the same template, so that styles, heads and feet are those of the first.
"""

from collections.abc import Sequence
from copy import deepcopy
from io import BytesIO
from typing import TYPE_CHECKING, Any

from bot.reports.word import stamped

if TYPE_CHECKING:
    from docx.document import Document

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


def joined(files: Sequence[bytes]) -> bytes:
    """The files one after the other; a single one as it is."""
    if len(files) == 1:
        return files[0]
    from docx import Document

    whole = Document(BytesIO(files[0]))
    for data in files[1:]:
        _append(whole, Document(BytesIO(data)))
    for number, drawn in enumerate(whole.element.body.iter(_DRAWN), start=1):
        drawn.set("id", str(number))  # each picture of a document has its own
    held = BytesIO()
    whole.save(held)
    return stamped(held.getvalue())


def _append(whole: "Document", other: "Document") -> None:
    """Put what ``other`` says at the end, but for its page's own settings, which are the same."""
    from docx.text.paragraph import Paragraph

    end, first = whole.element.body.sectPr, None
    for block in other.element.body:
        if block is other.element.body.sectPr:
            continue
        added = deepcopy(block)
        _bring_along(added, whole, other)
        end.addprevious(added)
        if first is None and not added.tag.endswith("}p"):  # a table cannot begin a page by itself
            first = whole.add_paragraph()._p
            added.addprevious(first)
        first = added if first is None else first
    if first is not None:
        Paragraph(first, whole._body).paragraph_format.page_break_before = True


def _bring_along(block: Any, whole: "Document", other: "Document") -> None:
    """Pictures and links that a block points to become the whole's."""
    for node in block.iter():
        for name, value in list(node.attrib.items()) if isinstance(node.tag, str) else ():
            relation = other.part.rels.get(value) if name.startswith(_R) else None
            if relation is None:
                continue
            if relation.is_external:
                node.set(name, whole.part.relate_to(relation.target_ref, relation.reltype, is_external=True))
            else:
                node.set(name, whole.part.relate_to(relation.target_part, relation.reltype))

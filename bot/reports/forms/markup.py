"""The placeholders of a Word file as text: which stand where, and which rows of tables are lists.

Only what people see is read here: the words of body, heads and feet, paragraph by paragraph, however many runs Word has
cut them into. What the file would *run* is looked at once more before it is filled (fill.py).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MARK = re.compile(r"\{\{(?P<plain>.*?)\}\}|\{%(?P<code>.*?)%\}|\{#(?P<note>.*?)#\}", re.DOTALL)
LOOP = re.compile(r"tr\s+for\s+(?P<item>\w+)\s+in\s+(?P<list>\w+)")
END = re.compile(r"tr\s+endfor")
NAME = re.compile(r"(?P<first>[^\W\d]\w*)(?:\.(?P<second>[^\W\d]\w*))?")


@dataclass(frozen=True)
class Mark:
    """One placeholder or piece of code: ``inner`` is what stands between its braces, trimmed."""

    kind: str
    inner: str
    whole: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with marks, or with braces that make none; ``row`` is the table row it stands in."""

    text: str
    marks: tuple[Mark, ...]
    row: Any = None

    @property
    def rest(self) -> str:
        """The text without its marks."""
        return MARK.sub("", self.text)


def parts(document: "Document") -> Iterator[Any]:
    """The roots of all that is filled in: the body, and each head and foot that there is."""
    yield document.element
    seen = set()
    for relation in document.part.rels.values():
        if relation.is_external or not relation.reltype.endswith(("/header", "/footer")):
            continue
        if relation.target_part.partname not in seen:
            seen.add(relation.target_part.partname)
            yield relation.target_part.element


def paragraphs(root: Any) -> Iterator[Paragraph]:
    """The paragraphs of a part that hold a brace mark, in order."""
    for each in root.iter(f"{W}p"):
        text = words(each)
        if any(sign in text for sign in ("{{", "}}", "{%", "%}", "{#", "#}", "\uff5b", "\uff5d")):
            yield Paragraph(text, tuple(_marks(text)), next(each.iterancestors(f"{W}tr"), None))


def words(paragraph: Any) -> str:
    """The text of a paragraph; what stands in a text box within it is that paragraph's own."""
    found = []
    for node in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br"):
        if next(node.iterancestors(f"{W}p")) is paragraph:
            found.append(node.text or "" if node.tag == f"{W}t" else " ")
    return "".join(found)


def row_lists(row: Any) -> set[str]:
    """The lists that a table row speaks of, those of a table within it left out."""
    found: set[str] = set()
    for each in row.iter(f"{W}p"):
        if next(each.iterancestors(f"{W}tr")) is row:
            for mark in _marks(words(each)):
                name = NAME.fullmatch(mark.inner) if mark.kind == "plain" else None
                found |= {name["first"]} if name and name["second"] else set()
    return found


def _marks(text: str) -> Iterator[Mark]:
    for match in MARK.finditer(text):
        kind = match.lastgroup or ""
        yield Mark(kind, (match[kind] or "").strip(), match[0])

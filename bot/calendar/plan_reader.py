"""Reads a group's work plan into calendar entries: the public face of ``bot.calendar.reading``.

A plan is a list of lines, a table row being written "cell | cell". An entry is *sure* only when it can be posted
without guessing; otherwise it holds one question with choices. What only looks like a time (titles, footnotes, rules,
quotas for each person) gives no entry; what is a time and is not understood gives an unsure one.

The reader is imported where it is used: 60 ms and 1 MiB that a bot nobody sends a plan to can do without.
"""

from collections.abc import Sequence

from bot.calendar.entries import Entry
from bot.calendar.reading.context import PlanContext, TermSpan

__all__ = ["PlanContext", "TermSpan", "question_for", "read_document", "read_line", "read_plan"]


def read_document(data: bytes, filename: str) -> list[str]:
    """The lines of a plan document (.txt .md .docx .xlsx), at most 10 MB.

    Table rows come as "a | b | c", merged cells repeated. Raises ``UserError`` with a sentence for the teacher when the
    file is too big, broken, empty or of another kind.
    """
    from bot.calendar.reading import documents

    return documents.lines_of(data, filename)


def read_line(line: str, context: PlanContext) -> list[Entry]:
    """The entries of one line, what can be dated first; empty for headings, footnotes, rules and empty rows."""
    from bot.calendar.reading import document

    return document.entries_of_line(line, context)


def read_plan(lines: Sequence[str], context: PlanContext) -> list[Entry]:
    """The entries of a whole document in its order; ``line`` counts from 1."""
    from bot.calendar.reading import document

    return document.entries_of_plan(lines, context)


def question_for(entry: Entry, candidates: Sequence[str] = ()) -> tuple[str | None, list[str]]:
    """The one question to ask before ``entry`` can be posted, and choices; (None, []) when nothing is missing.

    ``candidates`` are times of the week to offer, such as 周三第8-9节.
    """
    if entry.question is not None:
        return entry.question, list(entry.choices)
    from bot.calendar.reading import questions

    return questions.question_for(entry, candidates)

"""Finding a time in a typed text: the first piece, and the pieces that follow it directly."""

import re
from datetime import date
from typing import NamedTuple
from unicodedata import normalize

from bot.calendar.phrase_draft import Context, Draft
from bot.calendar.phrase_pieces import next_piece, read_piece
from bot.calendar.term import SchoolCalendar

_GAP = re.compile("[\\s,的()\u200b]*")


class Phrase(NamedTuple):
    """A time found in a text: what it says, as it was typed, and the text around it."""

    draft: Draft
    typed: str
    rest: str
    calendar: SchoolCalendar


def scan(text: str, today: date, calendar: SchoolCalendar) -> Phrase | None:
    """The first time in ``text``; None when there is none. Raises BadArgument for an impossible one."""
    folded = fold(text)
    context, draft = Context(today, calendar), Draft()
    begin = end = None
    position = next_piece(folded, 0)
    while position is not None and position < len(folded):
        match = read_piece(folded, position, draft, context)
        if match is None and begin is not None:
            break
        if match is None:
            position = next_piece(folded, position + 1)
            continue
        begin, end = match.start() if begin is None else begin, match.end()
        gap = _GAP.match(folded, end)
        position = gap.end() if gap else end
    if begin is None or end is None:
        return None
    before, after = text[:begin].rstrip(" \uff08(,\uff0c"), text[end:].lstrip(" \uff09),\uff0c")
    return Phrase(draft, text[begin:end], f"{before} {after}".strip(), calendar)


def fold(text: str) -> str:
    """``text`` with full-width signs as ASCII, character for character, so that positions stay."""
    return "".join(char if len(normalize("NFKC", char)) != 1 else normalize("NFKC", char) for char in text)

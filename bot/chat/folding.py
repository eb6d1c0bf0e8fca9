"""Folding: one form for the many ways a keyboard writes the same thing.

Full-width and half-width forms become one (NFKC), capitals small, every kind of blank a blank; zero-width characters
and direction marks go. Emoji become a blank too: they part words. Folding is only for *finding* a command and reading
short arguments; what people wrote is cut out of the original text with the places that ``Folded`` remembers.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

# Variation selectors, the grapheme joiner and Hangul fillers are invisible without being "Cf".
_INVISIBLE = frozenset(["\u034f", "\u115f", "\u1160", "\u3164", "\uffa0", *map(chr, range(0xFE00, 0xFE10))])
# Copied out of a PDF, characters often come as radicals; Unicode calls them symbols.
_RADICALS = range(0x2E80, 0x2FE0)
_SKIN_TONES = range(0x1F3FB, 0x1F400)

_BLANKS = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
# Single marks without a partner. Embeddings, isolates and the zero-width joiner may belong to the text.
_LONE_MARKS = "\u200b\u200c\u200e\u200f\u2060\ufeff"
_OUTER = _BLANKS + _LONE_MARKS
_OPENING = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
_CLOSING = ("\u202c", "\u2069")

_MOST_KEPT = 8192
"""Characters whose folded form is remembered."""


class _Folds(dict[int, str]):
    """What characters become, by code point, as ``str.translate`` asks for it.

    ``odd`` are the characters met so far that become none or several; Unicode has a thousand of them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.odd: set[str] = set()

    def __missing__(self, code: int) -> str:
        if len(self) >= _MOST_KEPT:
            self.clear()
        folded = self[code] = _fold_one(chr(code))
        if len(folded) != 1:
            self.odd.add(chr(code))
        return folded


def _fold_one(letter: str) -> str:
    """What one character becomes: usually one character, sometimes none or several."""
    category = unicodedata.category(letter)
    if category == "Cf" or letter in _INVISIBLE:
        return ""
    symbol = category in ("So", "Cc") and ord(letter) not in _RADICALS
    if letter.isspace() or symbol or ord(letter) in _SKIN_TONES:
        return " "
    return unicodedata.normalize("NFKC", letter).lower()


_FOLDS = _Folds()


def fold(text: str) -> str:
    """The folded form of a text. ``" \\uff13\\u3000\\u8282"`` → ``" 3 节"``; outer blanks stay."""
    return text.translate(_FOLDS)


class Folded(NamedTuple):
    """A folded text that knows where its characters come from.

    ``places[i]`` is the index in the original of the character that became ``text[i]``.
    """

    text: str
    places: Sequence[int]

    def part(self, start: int, stop: int) -> "Folded":
        """What stands in ``original[start:stop]``, with places that count from ``start``: not folded anew."""
        first, last = bisect_left(self.places, start), bisect_left(self.places, stop)
        places = self.places[first:last]
        if isinstance(places, range):
            return Folded(self.text[first:last], range(places.start - start, places.stop - start))
        return Folded(self.text[first:last], tuple(place - start for place in places))

    def start(self, index: int) -> int:
        """Where in the original ``text[index]`` begins."""
        return self.places[index]

    def after(self, index: int) -> int:
        """Where in the original stands what follows ``text[:index]``; 0 for nothing."""
        return self.places[index - 1] + 1 if index else 0


def fold_part(text: str, start: int, stop: int) -> Folded:
    """Fold ``text[start:stop]``; places count from the beginning of ``text``."""
    part = text[start:stop]
    folded = part.translate(_FOLDS)
    if _FOLDS.odd.isdisjoint(part):  # nearly always: every character became one
        return Folded(folded, range(start, start + len(part)))
    return Folded(folded, tuple(place for place, letter in enumerate(part, start) for _ in fold(letter)))


def trim(text: str) -> str:
    """Cut outer white space and lone invisible marks; a text of nothing visible becomes empty."""
    core = text.strip(_OUTER)
    if core.endswith(_CLOSING) and not any(mark in core for mark in _OPENING):
        # The mark that it closes stood before the slash.
        core = core.rstrip(_OUTER + "".join(_CLOSING))
    if core[:1].isalnum():  # nearly always
        return core
    visible = any(not letter.isspace() and unicodedata.category(letter) != "Cf" for letter in core)
    return core if visible else ""

"""One line made comparable: full-width signs folded one to one, blanks inside a time removed, the item number cut off.

``Text`` keeps both forms at equal length, so that a place found in the folded form can be cut out of the written one.
"""

import re
from dataclasses import dataclass

from bot.calendar.reading.numerals import NUMBER, number

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_BLANKS = dict.fromkeys((0x3000, 0x00A0, 0x2002, 0x2003, 0x2005, 0x200B, 0xFEFF, 0x0009, 0x0000), 0x20)
_DASHES = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0x301C), 0x2D)
_FOLD = _FULL_WIDTH | _BLANKS | _DASHES
_HAN_YEAR = re.compile("二[零〇○][一二三四五六七八九零〇○]{2}(?=[年学.-])")
_HAN_DIGITS = str.maketrans("零〇○一二三四五六七八九", "000123456789")
_FIRST_MONTH = re.compile("元(?=月)")

#: Blanks that some plans put inside a time ("12 月 下 旬").
_INNER_BLANKS = (
    re.compile(r"(?<=[\d\uff10-\uff19])[ \u3000]{1,3}(?=[月日号周节])"),
    re.compile(r"(?<=月)[ \u3000]{1,3}(?=[上中下][ \u3000]{0,3}旬|[初底末](?![一二三]))"),
    re.compile(r"(?<=月[上中下])[ \u3000]{1,3}(?=旬)"),
    re.compile(r"(?<=月)[ \u3000]{1,3}(?=\d{1,2}[ \u3000]{0,3}[日号])"),
    re.compile(r"(?<=[第年])[ \u3000]{1,3}(?=[\d\uff10-\uff19])"),
)

#: Numbers of headings and items; "9.4-5月份" is item 9, "9.3" alone a date.
_ITEM = re.compile(
    r"\s*(?:#{1,6}\s+|[•·●○■◆▪★-]+\s*|\(\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*\)\s*|[①-⑳]\s*"
    r"|[一二三四五六七八九十]{1,3}、\s*|[一二三四五六七八九十]是(?=\S)"
    r"|\d{1,2}(?:、\s*|\)\s*|\.\s*(?=\D)|\.(?=\d{1,2}(?:[-~]\d{1,2})?月|\d{1,2}\.\d{1,2}(?![\d./]))|\.\s+(?=\S)))"
)


_LIST = re.compile(rf"\s*({NUMBER})、({NUMBER})(?:、{NUMBER})*[月周]")


@dataclass(frozen=True)
class Text:
    """A line as written (``raw``) and folded (``folded``), of equal length."""

    raw: str
    folded: str

    def joined(self, other: "Text") -> "Text":
        """Both texts with a comma between."""
        return Text(f"{self.raw},{other.raw}", f"{self.folded},{other.folded}")

    def cut(self, start: int, end: int | None = None) -> "Text":
        """The same stretch of both forms."""
        return Text(self.raw[start:end], self.folded[start:end])


def fold(text: str) -> str:
    """Full-width ASCII, blanks and dashes as plain ones, years in figures, 元月 as 一月; the length stays."""
    folded = _HAN_YEAR.sub(lambda match: match[0].translate(_HAN_DIGITS), text.translate(_FOLD))
    return _FIRST_MONTH.sub("一", folded)


def tidy(line: str) -> Text:
    """The line without outer blanks and without blanks inside times, in both forms."""
    raw = line.replace("\x00", "").replace("**", "").strip("\ufeff \t\r\n\u3000")
    for pattern in _INNER_BLANKS:
        raw = pattern.sub("", raw)
    return Text(raw, fold(raw))


def _is_list(folded: str) -> bool:
    """4、5月 and 二、三、四周 are lists; 2、8月 is item 2."""
    match = _LIST.match(folded)
    if match is None:
        return False
    first, second = number(match[1]), number(match[2])
    return first is not None and second == first + 1 and match[1].isdecimal() == match[2].isdecimal()


def without_number(text: Text) -> Text:
    """The text behind its item number or bullet, at most two of them ("• 1、")."""
    for _ in range(2):
        match = _ITEM.match(text.folded)
        if not match or match.end() == 0 or _is_list(text.folded):
            break
        rest = text.folded[match.end() :]
        text = text.cut(match.end() + len(rest) - len(rest.lstrip()))
    return text

"""What single cells of a progress table say: weeks, lessons, names, words."""

import re
from dataclasses import dataclass

from bot.calendar.names import chinese_number
from bot.calendar.reading.normalise import fold
from bot.calendar.reading.numerals import AND, NUMBER, TO, numbers

_ONE = rf"第?{NUMBER}(?:教学)?周?"
_AROUND = re.compile(r"\s*([-~至到、,和及第周]|教学周)\s*")
_AND_AFTER = re.compile(r"起|以?后")
_WEEKS = re.compile(rf"(?P<weeks>{_ONE}(?:(?:{TO}|{AND}){_ONE})*)(?:(?<=周)次?|(?![-~至到\d./月周]))\s*(?P<rest>.*)")
_PREPARATION = re.compile(r"预备周?|准备周|开学前")
_FLOAT = re.compile(r"(\d+)\.0+")
_FULL_DATE = re.compile(r"\d{4}年(\d{1,2})月(\d{1,2})日")
_SEPARATOR = re.compile(AND)
_LESSONS = re.compile(rf"(?:共|约)?({NUMBER})\s*(?:个?课时|节课?|学时)?")
_SUM = re.compile(r"\d{1,2}(?:\+\d{1,2})+(?:课时|节)?")
_ERROR = re.compile(r"#(?:REF|N/A|VALUE|NAME|DIV/0|NUM|NULL|SPILL)\S*", re.IGNORECASE)
_LEADS = re.compile(r"[、,;/和及&+\s]+")
_LABEL = re.compile(r"^(?:主备人?|主讲人?)\s*:\s*|\([^)]*\)")
_NOBODY = re.compile(r"[-\u2014/\s]*|待定|全[体组].*|集体|无")

LONGEST = 1000
"""Characters of a cell; what is longer is no cell of a table."""

_ONE_NAME = 3
"""Characters that are one name, whatever blanks stand between: "王 芳"."""

_WIDEST = 30
"""Weeks a term has at most."""


@dataclass(frozen=True)
class Weeks:
    """What a cell of weeks says. ``days`` is what else it holds ("9.1-9.5"); ``odd`` a doubt, a Chinese clause."""

    weeks: tuple[int, ...] = ()
    days: str = ""
    odd: str = ""

    @property
    def says_nothing(self) -> bool:
        """Neither weeks nor days."""
        return not self.weeks and not self.days


def weeks_of(cell: str) -> Weeks:
    """The weeks of a cell: 3, 第三周, 3-4周, 第3、4周, 3.0, "1 (9.1-9.5)"; 预备周 is week 0."""
    text = _AROUND.sub(r"\1", _tidy(cell))
    if whole := _FLOAT.fullmatch(text):
        text = whole[1]
    if _PREPARATION.fullmatch(text):
        return Weeks((0,))
    if changed := _FULL_DATE.fullmatch(text):
        return _made_a_date(int(changed[1]), int(changed[2]), text)
    found = _WEEKS.fullmatch(text)
    if found is None:
        return Weeks(days=text if re.search(r"\d", text) else "")
    weeks = _listed(re.sub(r"[第教学周]", "", found["weeks"]))
    rest = found["rest"].strip(" ()")
    if weeks and _AND_AFTER.match(rest):
        return Weeks(weeks, odd=f"没有写到哪一周，只按第{weeks[-1]}周读")
    return Weeks(weeks, rest if re.search(r"\d", rest) else "", "" if weeks else "次序不对")


def is_full_date(cell: str) -> bool:
    """Whether a cell is a whole day, as a spreadsheet's own dates are read."""
    return bool(_FULL_DATE.fullmatch(_tidy(cell)))


def lessons_of(cell: str) -> int | None:
    """The number of lessons: 4, 4课时, 四节, 4.0, 3+1; None for anything else."""
    text = _tidy(cell).replace(" ", "")
    if whole := _FLOAT.fullmatch(text):
        return int(whole[1])
    if _SUM.fullmatch(text):
        return sum(int(number) for number in re.findall(r"\d+", text))
    found = _LESSONS.fullmatch(text)
    return chinese_number(found[1]) if found else None


def leads_of(cell: str) -> tuple[str, ...]:
    """The names of a cell: "王老师、张老师", "王 芳" (one name), "主备：王老师"."""
    text = _LABEL.sub("", fold(cell).strip())
    if len(joined := "".join(text.split())) <= _ONE_NAME:
        text = joined
    return tuple(dict.fromkeys(name for name in _LEADS.split(text) if name and not _NOBODY.fullmatch(name)))


def words_of(cell: str) -> str:
    """A cell's words as written, in one line of at most ``LONGEST``; a spreadsheet's error is nothing."""
    text = " ".join(cell.split())[:LONGEST]
    return "" if _ERROR.fullmatch(text) else text


def _tidy(cell: str) -> str:
    return " ".join(fold(cell).split())


def _made_a_date(month: int, day: int, text: str) -> Weeks:
    """Spreadsheets make a date of "3-4"."""
    if month < day <= _WIDEST:
        return Weeks(tuple(range(month, day + 1)), odd=f"像是被 Excel 改成了日期，按第{month}–{day}周读")
    return Weeks(days=text)


def _listed(text: str) -> tuple[int, ...]:
    """The numbers of "3-4", "1、3", "1-3,5"; empty when one of the ranges runs backwards."""
    found: list[int] = []
    for part in _SEPARATOR.split(text):
        weeks = numbers(part)
        if not weeks:
            return ()
        found += weeks
    return tuple(sorted(set(found))[:_WIDEST])

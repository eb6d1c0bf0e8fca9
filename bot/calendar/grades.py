"""Grades as schools write them: "高一", "高一年级", "高一、二年级", "七年级"; and the grade of a group by its name."""

import re
from functools import lru_cache
from unicodedata import normalize

_DIGITS = {str(number): char for number, char in enumerate("零一二三四五六七八九")}
_JUNIOR = {"七": "初一", "八": "初二", "九": "初三"}
_STAGES = {"高中": "高", "初中": "初", "小学": "小学"}
_YEARS = {"高": "一二三", "初": "一二三", "小学": "一二三四五六"}
_YEAR = "[一二三四五六七八九1-9]"
_HIGH, _LOW = "[一二三1-3]", "[一二三四五六1-6]"
_FIRST = r"(?<!\d(?=\d))"
_NEXT = r"(?![\d节月日号.周班级])"
# ascii: regular expressions


def _years_of(year: str) -> str:
    """One year, and those that follow it: 一、二 or, before 年级, 一二."""
    return f"{year}(?={year}+年级){year}+|{year}{_FIRST}(?:[、,和及与/]{year}{_NEXT})*"


_GRADE = re.compile(
    f"(?P<stage>高中|初中|小学|[高初])(?P<years>(?<=[高初中])(?:{_years_of(_HIGH)})|(?<=小学)(?:{_years_of(_LOW)}))(?:年级|年段|级)?"
    f"|(?<![高初一二三四五六])(?P<plain>{_YEAR}(?:[、,和及与/]?{_YEAR})*)年级"
    "|(?P<all>高中|初中|小学)(?:部|各年级)"
)


def grades_in(text: str) -> tuple[str, ...]:
    """Every grade that ``text`` names, in its order, each once and as ``same_grade`` has it; empty for none."""
    return tuple(dict.fromkeys(grade for match in _GRADE.finditer(normalize("NFKC", text)) for grade in _meant(match)))


def without_grades(text: str) -> str:
    """``text`` without the words that name grades."""
    return _GRADE.sub("", text)


@lru_cache(maxsize=256)
def grade_of(name: str) -> str | None:
    """The one grade that a group's name speaks of (高一语文备课组 → 高一); None for none, or for several.

    It is asked for with every message of a group.
    """
    found = grades_in(name)
    return found[0] if len(found) == 1 else None


def same_grade(words: str) -> str:
    """The one way to write a grade: 高中一年级 and 高一年级 are 高一, 七年级 is 初一; anything else stays as it is."""
    return next(iter(grades_in(words)), words)


def _meant(match: re.Match[str]) -> list[str]:
    if match["all"]:
        stage = _STAGES[match["all"]]
        return [f"{stage}{year}" for year in _YEARS[stage]]
    if match["plain"]:
        return [_JUNIOR.get(year, f"小学{year}") for year in _years(match["plain"])]
    stage = _STAGES.get(match["stage"], match["stage"])
    return [f"{stage}{year}" for year in _years(match["years"])]


def _years(text: str) -> list[str]:
    return [_DIGITS.get(year, year) for year in re.findall(_YEAR, text)]

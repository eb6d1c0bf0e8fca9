"""Several teaching weeks in what somebody types; one week alone is another matter."""

from datetime import date

import pytest

from bot.calendar.term import Term
from bot.calendar.week_words import several_weeks

TERM = Term(name="2026学年第一学期", first_day=date(2026, 8, 31), weeks=21, midterm_week=10, final_week=21)


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("第2-4周", [2, 3, 4]),
        ("2-4周", [2, 3, 4]),
        ("第2、4周", [2, 4]),
        ("第20-30周", [20, 21]),
        ("本学期", [1, 2, 3]),
        (" 全部 ", [1, 2, 3]),
        ("第3周", []),
        ("下周", []),
        ("第4-2周", []),
        ("第30-40周", []),
        ("9月", []),
        ("", []),
        ("3", []),
    ],
)
def test_several_weeks(text: str, weeks: list[int]) -> None:
    assert several_weeks(text, TERM, 3) == weeks

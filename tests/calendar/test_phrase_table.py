"""What teachers type as a time, read at seven moments of a year: right, asked, or said; never wrong in silence."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.calendar.phrases import understand_when
from bot.calendar.term import SchoolCalendar
from bot.errors import BadArgument
from tests.calendar.school import AUTUMN, BELLS, SPRING

TABLE = Path(__file__).resolve().parent / "data" / "phrases.txt"
ZONE = ZoneInfo("Asia/Shanghai")
SCHOOL = SchoolCalendar(terms=(AUTUMN, SPRING), bells=(BELLS,))
MOMENTS = {
    "WED": datetime(2026, 9, 16, 10, 30, tzinfo=ZONE),
    "SUN": datetime(2026, 11, 15, 10, 0, tzinfo=ZONE),
    "MAKEUP": datetime(2026, 10, 10, 7, 0, tzinfo=ZONE),
    "LATE": datetime(2026, 9, 30, 23, 59, tzinfo=ZONE),
    "DEC": datetime(2026, 12, 30, 8, 0, tzinfo=ZONE),
    "ZERO": datetime(2026, 8, 26, 9, 0, tzinfo=ZONE),
    "BREAK": datetime(2027, 2, 10, 9, 0, tzinfo=ZONE),
}
ASKED = "?"


def plain(text: str) -> str:
    return text.translate({0xFF08: "(", 0xFF09: ")", 0xFF0C: ",", 0x2013: "-"})


def rows() -> list[tuple[str, str, str]]:
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [(moment, typed, expected) for moment, typed, expected in (line.split(" | ") for line in lines)]


def said(moment: str, typed: str) -> str:
    now = MOMENTS[moment]
    try:
        when = understand_when(typed, now.date(), SCHOOL, now)
    except BadArgument:
        return ASKED
    return when.said if when else ASKED


@pytest.mark.parametrize(("moment", "typed", "expected"), rows(), ids=[f"{one}-{typed}" for one, typed, _ in rows()])
def test_every_phrase(moment: str, typed: str, expected: str) -> None:
    assert plain(said(moment, typed)) == plain(expected)


def test_the_table_is_long_enough() -> None:
    assert len(rows()) >= 100
    assert set(MOMENTS) == {moment for moment, _, _ in rows()}

"""A school's notice of swapped days, read part by part: what is clear is right, what is unclear is asked."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar.notice_answer import Answer
from bot.calendar.swap_notice import read_notice
from bot.calendar.term import SchoolCalendar
from bot.calendar.timetable import Swap
from tests.calendar.school import AUTUMN, SPRING

SCHOOL = SchoolCalendar(terms=(AUTUMN, SPRING))
TODAY = date(2026, 9, 7)
LINES = [
    line.rsplit("|", 1)
    for line in Path(__file__).with_name("swap_notices.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


def read(text: str, today: date = TODAY, school: SchoolCalendar = SCHOOL) -> list[Answer]:
    return read_notice(text, today, school)


def short(answers: list[Answer]) -> str:
    rows = [row for one in answers for row in [*map(_swap, one.swaps), *("已" for _ in one.already)]]
    return "; ".join([*rows, *("?" for one in answers for _ in one.questions)])


def _swap(swap: Swap) -> str:
    what = f"{swap.half or ''}{'停' if swap.runs == 'off' else swap.runs}"
    day = f"{swap.date.month}.{swap.date.day}"
    return " ".join(filter(None, (day, what, *swap.grades, *(f"-{grade}" for grade in swap.without), swap.note)))


@pytest.mark.parametrize(("typed", "meant"), LINES, ids=[line[0].strip()[:30] for line in LINES])
def test_what_schools_write(typed: str, meant: str) -> None:
    assert sorted(short(read(typed.strip())).split("; ")) == sorted(meant.strip().split("; "))


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert len(LINES) > 120


NOTICE = """关于2026年国庆节放假调课的通知
各位老师：
一、放假时间：10月1日（周四）至10月7日（周三）放假，共7天。
二、调课安排
1. 9月27日（周日）补10月6日（周二）的课；
2. 10月11日（周日）上课，按周三课表执行。
高一、高二年级：
9月30日下午停课
全校：
9月29日（周二）停课，高三照常上课
请各班主任通知学生。"""


def test_a_whole_notice_with_headings_numbers_and_grades_of_a_section() -> None:
    assert short(read(NOTICE)) == (
        "已; 9.27 周二; 10.11 周三; 9.30 下午停 高一 高二; 9.29 停 -高三"
    )  # fmt: skip


def test_a_question_says_what_to_type() -> None:
    [answer] = read("10月17日（周六）高三上课")
    assert answer.questions == (
        "10月17日（周六）平时不上课，高三按周几的课表？例：/调课 10月17日 按周一 高三",
    )  # fmt: skip
    [answer] = read("高三照常上课")
    assert "“高三照常上课”是哪一天？" in answer.questions[0]


def test_a_day_that_gives_its_lessons_away_is_asked_about_unless_it_is_said() -> None:
    assert "9月29日（周二）自己还上不上课" in read("9月29日的课调到9月26日上")[0].questions[0]
    assert not any(one.questions for one in read("9月29日的课调到9月26日上，9月29日放假"))


@pytest.mark.parametrize(
    ("today", "typed", "meant"),
    [
        (date(2026, 12, 30), "1月4日停课", date(2027, 1, 4)),
        (date(2027, 1, 2), "12月30日停课", None),
        (date(2026, 9, 7), "5月10日停课", date(2027, 5, 10)),
        (date(2026, 9, 7), "8月31日停课", None),
        (date(2027, 5, 6), "5月10日停课", date(2027, 5, 10)),
    ],
)
def test_a_notice_looks_ahead(today: date, typed: str, meant: date | None) -> None:
    answers = read(typed, today)
    assert [swap.date for one in answers for swap in one.swaps] == ([meant] if meant else [])
    assert meant or "已经过去了" in answers[0].questions[0]


def test_a_day_the_school_has_said_something_of_goes_back_to_usual() -> None:
    school = SchoolCalendar(terms=(AUTUMN,), swaps=(Swap(date=date(2026, 9, 30), runs="off"),))
    assert short(read("9月30日照常上课", school=school)) == "9.30 周三"
    worked = SchoolCalendar(terms=(AUTUMN,), swaps=(Swap(date=date(2026, 9, 19), runs="周一"),))
    assert short(read("9月19日停课", school=worked)) == "9.19 停"


def test_what_two_lines_say_goes_together_or_is_asked() -> None:
    assert short(read("9月30日停课\n9月30日高三照常上课")) == "9.30 停; 9.30 周三 高三"
    assert short(read("9月30日停课\n9月30日（周三）停课")) == "9.30 停; 9.30 停"
    answers = read("9月30日停课\n9月29日停课\n9月30日按周一课表")
    assert short(answers) == "9.29 停; ?; ?"
    assert "9月30日（周三）说了两样" in answers[0].questions[0]


def test_a_range_is_no_year() -> None:
    assert "不像一段假期" in read("9月30日至1月20日放假")[0].questions[0]


@given(st.text(alphabet="9月30日（周三）停课，补至、高一按照常除外20.-/ \n：；下午第1节🎒", max_size=60))
def test_no_text_breaks_it_and_nothing_is_entered_of_the_past(typed: str) -> None:
    for answer in read(typed):
        assert all(swap.date >= TODAY for swap in answer.swaps)

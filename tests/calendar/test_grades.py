"""Grades as schools write them, and a calendar as one grade sees it."""

from datetime import date, time

import pytest
from pydantic import ValidationError

from bot.calendar.grade_view import seen_by
from bot.calendar.grades import grade_of, grades_in, same_grade, without_grades
from bot.calendar.term import SchoolCalendar, Swap
from tests.calendar.school import AUTUMN, BELLS

DAY = date(2026, 9, 30)


@pytest.mark.parametrize(
    ("words", "grades"),
    [
        ("高一高二", "高一 高二"),
        ("高一、高二年级", "高一 高二"),
        ("高一、二年级", "高一 高二"),
        ("高一二年级", "高一 高二"),
        ("高一和高三", "高一 高三"),
        ("七年级数学组", "初一"),
        ("初一、九年级", "初一 初三"),
        ("高中一年级", "高一"),
        ("高１", "高一"),
        ("初中部", "初一 初二 初三"),
        ("小学三年级", "小学三"),
        ("高2026级", ""),
        ("高一二班", "高一"),
        ("高一（3）班", "高一"),
        ("高一9月30日", "高一"),
        ("高一月考", "高一"),
        ("高一周三停课", "高一"),
        ("语文教研组", ""),
        ("全校", ""),
    ],
)
def test_grades(words: str, grades: str) -> None:
    assert " ".join(grades_in(words)) == grades


def test_the_grade_of_a_group_is_the_one_its_name_speaks_of() -> None:
    assert grade_of("高一语文备课组") == "高一"
    assert grade_of("高一高二语文组") is None
    assert grade_of("语文备课组") is None
    assert same_grade("高一年级") == same_grade("高一") == "高一"
    assert same_grade("国际部") == "国际部"
    assert without_grades("高一停课") == "停课"


def school(*swaps: Swap) -> SchoolCalendar:
    return SchoolCalendar(terms=(AUTUMN,), bells=(BELLS,), swaps=swaps)


def off(*grades: str, **more: object) -> Swap:
    return Swap.model_validate({"date": DAY, "runs": "off", "grades": grades, **more})


@pytest.mark.parametrize(
    ("swaps", "grade", "runs"),
    [
        ((off(),), "高一", None),
        ((off("高一年级"),), "高一", None),
        ((off("高一"),), "高二", 3),
        ((off("高一"),), None, 3),
        ((off(without=("高三",)),), "高三", 3),
        ((off(without=("高三",)),), None, None),
        ((off(), Swap(date=DAY, runs="周一", grades=("高三",))), "高三", 1),
    ],
)
def test_a_grade_sees_its_own_days(swaps: tuple[Swap, ...], grade: str | None, runs: int | None) -> None:
    assert seen_by(school(*swaps), grade).runs_weekday(DAY) == runs
    assert school(*swaps).runs_weekday(DAY, grade) == runs


def test_half_a_day_is_off() -> None:
    known = school(off(half="下午", note="家长会"))
    assert known.is_school_day(DAY)
    assert known.day_note(DAY) == "家长会，下午停课"
    assert known.is_free_at(DAY, time(14, 0))
    assert known.is_free_at(DAY, None, "晚上")
    assert not known.is_free_at(DAY, time(11, 50))
    assert not known.is_free_at(DAY, None)
    assert not school(off(half="下午"), off(half="上午")).is_school_day(DAY)
    other = school(Swap(date=DAY, runs="周一"), off(half="下午"))
    assert (other.runs_weekday(DAY), other.day_note(DAY)) == (1, "按周一课表，下午停课")


def test_the_note_of_a_swap_does_not_hide_the_timetable() -> None:
    assert school(Swap(date=DAY, runs="周一", note="校庆")).day_note(DAY) == "校庆，按周一课表"


def test_half_a_day_runs_no_other_timetable() -> None:
    with pytest.raises(ValidationError, match="半天只能停课"):
        Swap(date=DAY, runs="周一", half="下午")

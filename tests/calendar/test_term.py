"""Weeks, school days, swaps and bells of a school."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.calendar import names
from bot.calendar.term import Bells, SchoolCalendar, Swap, Term, each_day, week_start
from tests.calendar.school import AUTUMN, BELLS, SPRING

SUNDAYS = AUTUMN.model_copy(update={"week_starts_on": "sunday"})
LATE = AUTUMN.model_copy(update={"first_day": date(2026, 9, 1)})
WINTER_BELLS = Bells(valid_from=date(2026, 11, 1), lessons=(("08:00", "08:40"), ("12:00", "12:40")))
SCHOOL = SchoolCalendar(terms=(SPRING, AUTUMN), bells=(WINTER_BELLS, BELLS))


@pytest.mark.parametrize(
    ("term", "day", "week"),
    [
        (AUTUMN, date(2026, 8, 31), 1),
        (AUTUMN, date(2026, 9, 6), 1),
        (AUTUMN, date(2026, 9, 7), 2),
        (AUTUMN, date(2026, 8, 30), 0),
        (AUTUMN, date(2026, 8, 24), 0),
        (AUTUMN, date(2026, 8, 23), -1),
        (AUTUMN, date(2027, 1, 1), 18),
        (AUTUMN, date(2027, 1, 24), 21),
        (AUTUMN, date(2027, 1, 25), 22),
        (SUNDAYS, date(2026, 8, 30), 1),
        (SUNDAYS, date(2026, 9, 5), 1),
        (SUNDAYS, date(2026, 9, 6), 2),
        (SUNDAYS, date(2026, 8, 29), 0),
        (LATE, date(2026, 8, 31), 1),
        (LATE, date(2026, 9, 7), 2),
    ],
)
def test_the_teaching_week_of_a_day(term: Term, day: date, week: int) -> None:
    assert term.week_of(day) == week
    first, last = term.bounds(week)
    assert first <= day <= last
    assert last - first == timedelta(days=6)


def test_a_term_knows_its_ends() -> None:
    assert AUTUMN.last_day == date(2027, 1, 24)
    assert AUTUMN.bounds(0) == (date(2026, 8, 24), date(2026, 8, 30))
    assert SUNDAYS.last_day == date(2027, 1, 23)
    assert LATE.start == date(2026, 8, 31)
    assert not LATE.contains(date(2026, 8, 31))
    assert LATE.prepares(date(2026, 8, 31))
    assert (AUTUMN.parity(1), AUTUMN.parity(2), AUTUMN.parity(0)) == ("odd", "even", "even")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"weeks": 0}, "1 到 30 个教学周"),
        ({"weeks": 31}, "不能是 31 周"),
        ({"midterm_week": 22}, "期中在第 22 周"),
        ({"final_week": 0}, "期末在第 0 周"),
        ({"midterm_week": 12, "final_week": 11}, "期中第 12 周不能晚于期末第 11 周"),
    ],
)
def test_an_impossible_term_is_refused_in_chinese(change: dict[str, int], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence) as caught:
        Term.model_validate(AUTUMN.model_dump() | change)
    assert "Value error" not in caught.value.errors()[0]["msg"]


def test_overlapping_terms_are_refused() -> None:
    with pytest.raises(ValidationError, match="日期重叠"):
        SchoolCalendar(terms=(AUTUMN, SUNDAYS))


@pytest.mark.parametrize(
    ("day", "term"),
    [
        (date(2026, 8, 2), None),
        (date(2026, 8, 3), AUTUMN),
        (date(2026, 8, 30), AUTUMN),
        (date(2027, 1, 24), AUTUMN),
        (date(2027, 1, 24) + timedelta(days=1), SPRING),
        (date(2027, 7, 11), SPRING),
        (date(2028, 2, 29), SPRING),
    ],
)
def test_the_term_a_day_counts_towards(day: date, term: Term | None) -> None:
    assert SCHOOL.term_on(day) == term
    assert SCHOOL.week_of(day) == (term.week_of(day) if term else None)


def test_in_long_holidays_the_last_term_counts_until_four_weeks_before_the_next() -> None:
    far = SPRING.model_copy(update={"first_day": date(2027, 3, 15)})
    school = SchoolCalendar(terms=(AUTUMN, far))
    assert school.term_on(date(2027, 2, 14)) == AUTUMN
    assert school.term_on(date(2027, 2, 15)) == far


@pytest.mark.parametrize(
    ("day", "runs", "note"),
    [
        (date(2026, 9, 18), 5, None),
        (date(2026, 9, 19), None, None),
        (date(2026, 9, 20), 2, "调休\uff0c按周二课表"),
        (date(2026, 9, 25), None, "中秋节"),
        (date(2026, 9, 26), None, "中秋节"),
        (date(2026, 10, 1), None, "国庆节"),
        (date(2026, 10, 7), None, "国庆节"),
        (date(2026, 10, 8), 4, None),
        (date(2026, 10, 10), 3, "调休\uff0c按周三课表"),
        (date(2026, 8, 28), None, None),
        (date(2027, 1, 22), 5, None),
        (date(2027, 1, 25), None, None),
        (date(2027, 1, 1), None, "元旦"),
    ],
)
def test_what_runs_on_a_day(day: date, runs: int | None, note: str | None) -> None:
    assert SCHOOL.runs_weekday(day) == runs
    assert SCHOOL.is_school_day(day) == (runs is not None)
    assert SCHOOL.day_note(day) == note


def test_the_preparation_week_has_work_but_no_school() -> None:
    assert SCHOOL.is_work_day(date(2026, 8, 28))
    assert not SCHOOL.is_school_day(date(2026, 8, 28))
    assert not SCHOOL.is_work_day(date(2026, 8, 29))
    assert not SCHOOL.is_work_day(date(2026, 8, 21))


def test_the_schools_own_word_comes_first() -> None:
    school = SchoolCalendar(
        terms=(AUTUMN,),
        swaps=(
            Swap(date=date(2026, 10, 10), runs="周五"),
            Swap(date=date(2026, 9, 24), runs="off", note="运动会"),
            Swap(date=date(2026, 9, 26), runs="周六", grades=("高三",)),
            Swap(date=date(2026, 9, 28), runs="off", grades=("高一",)),
            Swap(date=date(2026, 9, 29), runs="周一"),
            Swap(date=date(2026, 7, 1), runs="周三"),
            Swap(date=date(2027, 1, 4), runs="周一"),
        ),
    )
    assert (school.runs_weekday(date(2026, 10, 10)), school.day_note(date(2026, 10, 10))) == (5, "调休\uff0c按周五课表")
    assert (school.is_school_day(date(2026, 9, 24)), school.day_note(date(2026, 9, 24))) == (False, "运动会")
    assert (school.runs_weekday(date(2026, 9, 26)), school.runs_weekday(date(2026, 9, 26), "高三")) == (None, 6)
    assert (school.runs_weekday(date(2026, 9, 28)), school.runs_weekday(date(2026, 9, 28), "高一")) == (1, None)
    assert school.day_note(date(2026, 9, 29)) == "按周一课表"
    assert not school.is_school_day(date(2026, 7, 1)), "a swap does not make school in the holidays"
    assert (school.published(date(2027, 1, 4)), school.published(date(2027, 1, 5))) == (True, False)


def test_a_swap_of_a_grade_beats_one_for_everybody() -> None:
    day = date(2026, 10, 10)
    school = SchoolCalendar(
        terms=(AUTUMN,), swaps=(Swap(date=day, runs="周五"), Swap(date=day, runs="off", grades=("高二",)))
    )
    assert [school.runs_weekday(day, grade) for grade in (None, "高一", "高二")] == [5, 5, None]


def test_school_days_and_the_next_one() -> None:
    assert [day.day for day in SCHOOL.school_days(date(2026, 9, 24), date(2026, 10, 10))] == [24, 28, 29, 30, 8, 9, 10]
    assert SCHOOL.school_days(date(2026, 10, 2), date(2026, 10, 1)) == []
    assert SCHOOL.next_school_day(date(2026, 9, 30)) == date(2026, 10, 8)
    assert SCHOOL.next_school_day(date(2027, 1, 22)) == date(2027, 2, 22)
    assert SCHOOL.next_school_day(date(2026, 1, 1)) == date(2026, 8, 31)
    assert SCHOOL.next_school_day(SPRING.last_day) is None


def test_lessons_follow_the_bells_of_the_day() -> None:
    assert SCHOOL.lesson_times(date(2026, 9, 16), 8) == (time(15, 10), time(15, 50))
    assert SCHOOL.lesson_times(date(2026, 11, 1), 1) == (time(8, 0), time(8, 40)), "from its very first day"
    assert SCHOOL.lesson_times(date(2026, 10, 31), 1) == (time(7, 40), time(8, 20))
    assert SCHOOL.lesson_times(date(2026, 9, 16), 10) is None
    assert SCHOOL.lesson_times(date(2026, 9, 16), 0) is None
    assert SCHOOL.lesson_times(date(2026, 7, 31), 1) is None
    assert SCHOOL.lessons_span(date(2026, 9, 16), [9, 8]) == (time(15, 10), time(17, 10))
    assert SCHOOL.lessons_span(date(2026, 9, 16), [9, 10]) is None


@pytest.mark.parametrize(
    ("day", "number", "period"),
    [
        (date(2026, 9, 16), 1, 6),
        (date(2026, 9, 16), 4, 9),
        (date(2026, 9, 16), 5, None),
        (date(2026, 9, 16), 0, None),
        (date(2026, 11, 2), 1, 2),
        (date(2026, 7, 1), 1, None),
    ],
)
def test_an_afternoon_lesson(day: date, number: int, period: int | None) -> None:
    assert SCHOOL.afternoon_lesson(day, number) == period


@pytest.mark.parametrize(
    ("periods", "half", "meant"),
    [
        ([1], "下午", (6,)),
        ([3, 4], "下午", (8, 9)),
        ([8, 9], "下午", (8, 9)),
        ([3], "上午", (3,)),
        ([3], None, (3,)),
        ([5], "下午", ()),
        ([], "下午", ()),
    ],
)
def test_lessons_counted_from_noon(periods: list[int], half: str | None, meant: tuple[int, ...]) -> None:
    assert SCHOOL.lessons_meant(date(2026, 9, 16), periods, half) == meant


@pytest.mark.parametrize(
    "lessons",
    [(), (("08:20", "07:40"),), (("07:40", "08:20"), ("08:10", "09:00")), (("7点", "8点"),), (("07:40", "07:40"),)],
)
def test_impossible_bells_are_refused(lessons: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(ValidationError, match=r"作息表|写成 07:40"):
        Bells(valid_from=date(2026, 9, 1), lessons=lessons)


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.sampled_from(["monday", "sunday"]), st.integers(1, 30))
def test_weeks_tile_the_calendar(first: date, starts: str, weeks: int) -> None:
    term = Term.model_validate(
        {
            "name": "x",
            "first_day": first,
            "weeks": weeks,
            "midterm_week": 1,
            "final_week": weeks,
            "week_starts_on": starts,
        }
    )
    assert term.week_of(first) == 1
    days = list(each_day(term.preparation_day, term.last_day))
    assert len(days) == 7 * (weeks + 1)
    assert [term.week_of(day) for day in days] == [week for week in range(weeks + 1) for _ in range(7)]
    assert all(week_start(day, term.week_starts_on) == term.bounds(term.week_of(day))[0] for day in days)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("二十一", 21),
        ("十", 10),
        ("十九", 19),
        ("三十", 30),
        ("21", 21),
        ("\uff12\uff11", 21),
        ("两", 2),
        ("零", 0),
        ("09", 9),
        ("\u3007三", 3),
        ("", None),
        ("十十", None),
        ("二三十", None),
        ("零十", None),
        ("张", None),
        ("123", None),
        ("😂", None),
    ],
)
def test_chinese_numbers(text: str, number: int | None) -> None:
    assert names.chinese_number(text) == number


def test_weekday_names() -> None:
    assert [names.weekday_number(text) for text in ("周三", "星期三", "礼拜三", "周3", "周日", "星期天")] == [
        3,
        3,
        3,
        3,
        7,
        7,
    ]
    assert [names.weekday_number(text) for text in ("周八", "三", "周", "周0", "周一二", "")] == [None] * 6
    assert [names.weekday_number(names.weekday_name(n)) for n in range(1, 8)] == list(range(1, 8))
    assert names.day_label(date(2026, 9, 6)) == "9月6日"
    assert [names.period_label(p) for p in ((8,), (8, 9), (2, 4), ())] == ["第8节", "第8\u20139节", "第2、4节", ""]


def test_the_last_week_may_be_short() -> None:
    short = Term.model_validate(AUTUMN.model_dump() | {"ends": date(2027, 1, 20)})
    assert short.last_day == date(2027, 1, 20)
    assert short.bounds(21) == (date(2027, 1, 18), date(2027, 1, 24))
    school = SchoolCalendar(terms=(short, SPRING))
    assert school.is_school_day(date(2027, 1, 20))
    assert not school.is_school_day(date(2027, 1, 21))
    assert school.term_on(date(2027, 1, 22)) == short
    with pytest.raises(ValidationError, match="1月14日不在最后一周（第 21 周）里"):
        Term.model_validate(AUTUMN.model_dump() | {"ends": date(2027, 1, 14)})

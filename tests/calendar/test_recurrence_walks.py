"""Laws that hold for every entry in every term, and days found again by walking through the term."""

import calendar as civil
import json
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar.entries import Entry
from bot.calendar.recurrence import Occasion, dates
from bot.calendar.term import Bells, SchoolCalendar, Swap, Term, each_day

LINES = Path(__file__).parents[3] / "shared" / "plan-lines" / "lines.json"
TERM = Term(name="2026学年第一学期", first_day=date(2026, 8, 31), weeks=21, midterm_week=10, final_week=21)
SPRING = Term(name="2026学年第二学期", first_day=date(2027, 2, 22), weeks=20, midterm_week=9, final_week=20)
BELLS = Bells(valid_from=date(2022, 1, 1), lessons=(("07:40", "08:20"), ("08:30", "09:10"), ("13:30", "14:10")))
SCHOOL = SchoolCalendar(terms=(TERM, SPRING), bells=(BELLS,))


def entry(kind: str, **details: Any) -> Entry:
    return Entry.model_validate({"kind": kind, "activity": "集体备课"} | details)


@pytest.mark.skipif(not LINES.exists(), reason="the composed plan lines are not beside this checkout")
def test_every_composed_plan_line_has_lawful_occasions() -> None:
    lines = json.loads(LINES.read_text(encoding="utf-8"))
    allowed = {field.alias or name for name, field in Entry.model_fields.items()}
    checked = 0
    for line in lines:
        for item in (line["expected"], *line["expected"].get("multi", [])):
            if "kind" in item:
                known = Entry.model_validate({key: value for key, value in item.items() if key in allowed})
                check_lawful(dates(known, TERM, SCHOOL), TERM, SCHOOL)
                check_lawful(dates(known, SPRING, SCHOOL), SPRING, SCHOOL)
                checked += 1
    assert checked > 100


def check_lawful(occasions: list[Occasion], term: Term, school: SchoolCalendar) -> None:
    order = [(one.day, one.last, one.key) for one in occasions]
    assert order == sorted(set(order))
    assert len({one.key for one in occasions}) == len(occasions)
    for one in occasions:
        assert term.preparation_day <= one.day <= one.last <= term.last_day
        assert school.is_work_day(one.day)
        if one.precise:
            assert one.day == one.last
            assert school.is_school_day(one.day) or one.day < term.first_day
    precise = [one.day for one in occasions if one.precise]
    assert all(one < other for one, other in pairwise(precise))


@st.composite
def schools(draw: st.DrawFn) -> tuple[Term, SchoolCalendar]:
    weeks = draw(st.integers(1, 24))
    first = draw(st.dates(date(2022, 1, 1), date(2028, 3, 1)))
    final = draw(st.integers(1, weeks))
    term = Term(
        name="x",
        first_day=first,
        weeks=weeks,
        midterm_week=draw(st.integers(1, final)),
        final_week=final,
        week_starts_on=draw(st.sampled_from(["monday", "sunday"])),
    )
    days = st.integers(0, weeks * 7).map(lambda n: term.preparation_day + timedelta(days=n))
    swap = st.builds(Swap, date=days, runs=st.sampled_from(["周一", "周三", "周五", "周日", "off"]))
    return term, SchoolCalendar(terms=(term,), swaps=tuple(draw(st.lists(swap, max_size=8))), bells=(BELLS,))


WEEKDAYS = st.one_of(st.integers(1, 7), st.lists(st.integers(1, 7), min_size=1, max_size=3))
WEEKS = st.lists(st.integers(-1, 26), min_size=1, max_size=3)
DETAILS = st.fixed_dictionaries(
    {},
    optional={
        "weekday": WEEKDAYS,
        "parity": st.sampled_from(["odd", "even"]),
        "weeks": WEEKS,
        "list": st.booleans(),
        "from_week": st.integers(0, 10),
        "except_weeks": WEEKS,
        "week_of_month": st.sampled_from([1, 2, 3, 4, 5, -1, -2, [1, 3], [2, -1]]),
        "month_day": st.sampled_from([1, 15, 31, [5, 6, 20]]),
        "month_pos": st.sampled_from(["start", "end"]),
        "months": st.lists(st.integers(1, 12), min_size=1, max_size=4),
        "xun": st.sampled_from(["上", "中", "下", "初", "底", "中下", ["上", "下"]]),
        "date": st.dates(date(2022, 1, 1), date(2028, 12, 31)),
        "date_to": st.sampled_from(["期末", "2026-10-10", date(2025, 3, 1)]),
        "offset": st.sampled_from(["before", "after"]),
        "offset_weeks": st.integers(-3, 3),
        "within_days": st.integers(1, 10),
        "before": st.just("放假"),
        "anchor": st.just("期末考试"),
        "periods": st.lists(st.integers(1, 12), max_size=2),
        "half": st.sampled_from(["上午", "下午"]),
    },
)
KINDS = ["weekly", "biweekly", "monthly", "monthly_week", "week_number", "date", "month"]
KINDS += ["term_start", "term_mid", "term_end", "all_term", "irregular"]


@settings(max_examples=150, deadline=None)
@given(schools(), st.sampled_from(KINDS), DETAILS)
def test_whatever_the_entry_says_its_occasions_are_lawful(
    school: tuple[Term, SchoolCalendar], kind: str, details: dict[str, Any]
) -> None:
    term, calendar = school
    occasions = dates(entry(kind, **details), term, calendar)
    check_lawful(occasions, term, calendar)
    assert dates(entry(kind, **details), term, calendar) == occasions


@settings(max_examples=60, deadline=None)
@given(schools(), WEEKDAYS, st.sampled_from(["odd", "even", None]), st.integers(0, 8), WEEKS)
def test_weekly_days_are_those_of_a_walk_through_the_term(
    school: tuple[Term, SchoolCalendar], weekday: int | list[int], parity: str | None, start: int, holes: list[int]
) -> None:
    term, calendar = school
    wanted = weekday if isinstance(weekday, list) else [weekday]
    walked = []
    for number in range((term.last_day - term.first_day).days + 1):
        day = term.first_day + timedelta(days=number)
        week = (day - term.start).days // 7 + 1
        if parity and (week % 2 == 1) != (parity == "odd"):
            continue
        if week >= start and week not in holes and calendar.runs_weekday(day) in wanted:
            walked.append(day)
    kind = "biweekly" if parity else "weekly"
    given_entry = entry(kind, weekday=weekday, parity=parity, from_week=start, except_weeks=holes)
    assert [one.day for one in dates(given_entry, term, calendar)] == walked


@settings(max_examples=60, deadline=None)
@given(schools(), st.integers(1, 7), st.integers(1, 5))
def test_the_nth_weekday_is_that_of_the_civil_calendar_or_the_next_that_runs(
    school: tuple[Term, SchoolCalendar], weekday: int, nth: int
) -> None:
    term, calendar = school
    walked = []
    for year, month in sorted({(day.year, day.month) for day in each_day(term.first_day, term.last_day)}):
        column = [row[weekday - 1] for row in civil.monthcalendar(year, month) if row[weekday - 1]]
        days = [date(year, month, n) for n in range(1, civil.monthrange(year, month)[1] + 1)]
        if nth > len(column) or sum(term.contains(day) and calendar.is_school_day(day) for day in days) < 5:
            continue
        walked += [day for day in days if day.day >= column[nth - 1] and calendar.runs_weekday(day) == weekday][:1]
    assert [
        one.day for one in dates(entry("monthly_week", week_of_month=nth, weekday=weekday), term, calendar)
    ] == walked

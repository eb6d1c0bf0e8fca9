"""What the notices say, and what may be concluded from them."""

from datetime import date

import pytest
from chinese_calendar.constants import in_lieu_days, workdays

from bot.calendar.holidays import public_day, replaced_day


@pytest.mark.parametrize(
    ("day", "works", "holiday", "runs"),
    [
        (date(2026, 9, 24), True, None, 4),
        (date(2026, 9, 25), False, "中秋节", None),
        (date(2026, 9, 27), False, "中秋节", None),
        (date(2026, 10, 1), False, "国庆节", None),
        (date(2026, 10, 7), False, "国庆节", None),
        (date(2026, 10, 8), True, None, 4),
        (date(2026, 9, 20), True, "国庆节", 2),
        (date(2026, 10, 10), True, "国庆节", 3),
        (date(2026, 9, 19), False, None, None),
        (date(2026, 1, 4), True, "元旦", 5),
        (date(2026, 4, 6), False, "清明节", None),
        (date(2024, 2, 29), True, None, 4),
    ],
)
def test_a_published_day(day: date, works: bool, holiday: str | None, runs: int | None) -> None:
    known = public_day(day)
    assert (known.works, known.holiday, known.runs) == (works, holiday, runs)
    assert known.published


@pytest.mark.parametrize(
    ("day", "works", "holiday"),
    [
        (date(2027, 1, 1), False, "元旦"),
        (date(2027, 1, 4), True, None),
        (date(2027, 2, 6), False, None),
        (date(2027, 5, 3), True, None),
        (date(2027, 10, 1), False, "国庆节"),
        (date(2028, 2, 29), True, None),
        (date(1999, 9, 1), True, None),
    ],
)
def test_a_year_without_notice_knows_weekdays_and_the_days_fixed_by_law(
    day: date, works: bool, holiday: str | None
) -> None:
    known = public_day(day)
    assert (known.works, known.holiday, known.published) == (works, holiday, False)
    assert known.runs == (day.isoweekday() if works else None)


def test_every_make_up_day_of_recent_years_stands_for_a_weekday_taken_off() -> None:
    recent = [day for day in workdays if 2020 <= day.year <= 2026]
    replaced = {day: replaced_day(day) for day in recent}
    assert len(recent) > 30
    assert all(other in in_lieu_days and other.isoweekday() <= 5 for other in replaced.values())
    assert len(set(replaced.values())) == len(recent), "no weekday is made up twice"


def test_what_is_no_make_up_day_replaces_nothing() -> None:
    assert replaced_day(date(2026, 9, 21)) is None
    assert replaced_day(date(2027, 9, 21)) is None


def test_unequal_numbers_are_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    public_day.cache_clear()
    monkeypatch.delitem(in_lieu_days, date(2026, 10, 7))
    try:
        known = public_day(date(2026, 10, 10))
    finally:
        public_day.cache_clear()
    assert known.works
    assert known.makeup
    assert known.runs is None

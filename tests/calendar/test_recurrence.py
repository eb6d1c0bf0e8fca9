"""From entries to days: tables on the sample term, and brute force on any term."""

from datetime import date, time
from typing import Any

import pytest

from bot.calendar.entries import Entry
from bot.calendar.recurrence import Occasion, dates, out_of_term
from bot.calendar.term import SchoolCalendar, Swap, Term, each_day
from tests.calendar.school import AUTUMN as TERM
from tests.calendar.school import BELLS, SPRING

SCHOOL = SchoolCalendar(terms=(TERM, SPRING), bells=(BELLS,))


def entry(kind: str, **details: Any) -> Entry:
    return Entry.model_validate({"kind": kind, "activity": "集体备课"} | details)


def found(kind: str, in_term: Term = TERM, **details: Any) -> list[Occasion]:
    return dates(entry(kind, **details), in_term, SCHOOL)


def keys(kind: str, **details: Any) -> str:
    return " ".join(one.key for one in found(kind, **details))


def short(occasions: list[Occasion]) -> str:
    """Day, end of the span where it is another day, "!" for precise."""
    return " ".join(
        f"{one.day:%m%d}" + ("" if one.last == one.day else f"-{one.last:%m%d}") + ("!" if one.precise else "")
        for one in occasions
    )


def test_every_wednesday_follows_the_timetable_that_runs() -> None:
    days = [one.day for one in found("weekly", weekday=3)]
    assert date(2026, 10, 7) not in days
    assert date(2026, 10, 10) in days, "the make-up Saturday runs Wednesday's timetable"
    assert date(2026, 11, 4) in days, "also in the week of the midterm exams"
    assert (days[0], days[-1], len(days)) == (date(2026, 9, 2), date(2027, 1, 20), 21)


@pytest.mark.parametrize(
    ("kind", "details", "expected"),
    [
        ("weekly", {"weekday": 5, "weeks": [3, 6]}, "0918! 1009!"),
        ("weekly", {"weekday": 5, "weeks": [3, 6], "list": True}, "0918! 1009!"),
        ("weekly", {"weekday": 2, "from_week": 19, "except_weeks": [20]}, "0105! 0119!"),
        ("weekly", {"weekday": [4, 1], "weeks": [1, 1]}, "0831! 0903!"),
        ("weekly", {"weekday": 2, "weeks": [3, 3]}, "0915! 0920!"),
        ("weekly", {"weekday": 7}, ""),
        ("weekly", {"weeks": [5, 6]}, "0928-1004 1008-1011"),
        ("weekly", {"weekday": 1, "weeks": [2, 4], "cancelled_date": "2026-09-14"}, "0907! 0921!"),
        ("weekly", {"weekday": 1, "date_from": "2026-09-08", "date_to": "2026-09-22"}, "0914! 0921!"),
        ("weekly", {"count": 2}, ""),
        ("weekly", {"quota": True}, ""),
        ("biweekly", {"weekday": 3, "parity": "even", "weeks": [1, 8]}, "0909! 0923! 1010! 1021!"),
        ("biweekly", {"parity": "odd", "weeks": [1, 4]}, "0831-0906 0914-0920"),
        ("biweekly", {"weekday": 3}, ""),
        ("monthly_week", {"week_of_month": 1}, "0831-0906 1008-1011 1102-1108 1130-1206 0104-0110"),
        ("monthly_week", {"week_of_month": -1}, "0928-1004 1026-1101 1130-1206 1228-0103 0118-0124"),
        ("monthly_week", {"week_of_month": 1, "weekday": 3}, "0902! 1010! 1104! 1202! 0106!"),
        ("monthly_week", {"week_of_month": 3, "weekday": 4}, "0917! 1015! 1119! 1217! 0121!"),
        ("monthly_week", {"week_of_month": -1, "weekday": 5}, "0918! 1030! 1127! 1225! 0122!"),
        ("monthly_week", {"week_of_month": 5, "weekday": 3}, "0930! 1230!"),
        (
            "monthly_week",
            {"week_of_month": [3, 1], "weekday": 1},
            "0907! 0921! 1012! 1019! 1102! 1116! 1207! 1221! 0104! 0118!",
        ),
        ("monthly", {"month_day": 31}, "0831! 0930! 1030-1031 1130! 1231!"),
        (
            "monthly",
            {"month_day": [5, 6]},
            "0904-0905 0904-0906 0930-1005 0930-1006 1105! 1106! 1204-1205 1204-1206 0105! 0106!",
        ),
        ("monthly", {"month_pos": "end"}, "0928-0930 1026-1031 1125-1130 1225-1231"),
        ("monthly", {}, "0901-0930 1008-1031 1102-1130 1201-1231 0104-0124"),
        ("monthly", {"months": [11]}, "1102-1130"),
        ("monthly", {"count": 1, "weekday": 5}, ""),
        ("week_number", {"weeks": [13, 13]}, "1123-1129"),
        ("week_number", {"weeks": [2, 3]}, "0907-0920"),
        ("week_number", {"weeks": [2, 4, 6], "list": True}, "0907-0913 0921-0927 1008-1011"),
        ("week_number", {"weeks": [0, 0]}, "0824-0830"),
        ("week_number", {"weeks": [-1, -1]}, ""),
        ("week_number", {"weeks": [22, 22]}, ""),
        ("week_number", {"weeks": [20, 25]}, "0111-0124"),
        ("week_number", {"weeks": [11, 11], "weekday": 5}, "1113!"),
        ("week_number", {"weeks": [4, 4], "weekday": 5}, "0921-0927"),
        ("week_number", {"weeks": [19, 19], "deadline": "2027-01-08"}, "0104-0108"),
        ("week_number", {"weeks": [2, 2], "date_from": "2026-09-06", "date_to": "2026-09-12"}, "0907-0912"),
        ("week_number", {"weeks": [6, 6], "date": "2026-10-09", "date_to": "2026-10-10"}, "1009!"),
        ("week_number", {"weeks": [6, 6], "empty": True}, ""),
        ("week_number", {"weeks": [8, 8], "term": 2}, ""),
        ("date", {"date": "2026-09-10", "deadline": True}, "0910!"),
        ("date", {"date": "2026-11-16", "date_to": "2026-11-20"}, "1116-1120"),
        ("date", {"date": "2027-01-18", "date_to": "期末"}, "0118-0124"),
        ("date", {"date": "2026-10-03"}, "0930-1003"),
        ("date", {"date": "2026-08-26"}, "0826!"),
        ("date", {"date": "2027-01-25"}, ""),
        ("date", {"date": "2026-11-18", "approx": True}, "1118"),
        ("month", {"months": [11]}, "1102-1130"),
        ("month", {"months": [12], "xun": "中"}, "1211-1220"),
        ("month", {"months": [10], "xun": "初"}, "1008-1010"),
        ("month", {"months": [9, 10], "xun": ["上", "底"]}, "0901-0910 1026-1031"),
        ("month", {"months": [12, 1]}, "1201-0124"),
        ("month", {"months": [9, 11]}, "0901-0930 1102-1130"),
        ("month", {"months": [4]}, ""),
        ("term_start", {}, "0831-0906"),
        ("term_start", {"before": "开学"}, "0824-0830"),
        ("term_mid", {"count": 1}, "1102-1108"),
        ("term_mid", {"anchor": "期中考试", "offset": "after"}, "1109-1115"),
        ("term_mid", {"anchor": "期中考试", "offset_weeks": -1}, "1026-1101"),
        ("term_mid", {"within_days": 3, "offset": "after"}, "1106-1109"),
        ("term_end", {}, "0104-0124"),
        ("term_end", {"anchor": "期末考试", "offset_weeks": -2}, "0104-0110"),
        ("term_end", {"anchor": "期末考试", "offset": "after"}, "0118-0124"),
        ("term_end", {"before": "寒假", "offset_weeks": -1}, "0118-0124"),
        ("all_term", {}, ""),
        ("irregular", {"count": 3, "per": "term"}, ""),
    ],
)
def test_when_an_entry_falls_due(kind: str, details: dict[str, Any], expected: str) -> None:
    assert short(found(kind, **details)) == expected


def test_keys_are_stable_names() -> None:
    assert keys("weekly", weeks=[3, 3], weekday=3) == "2026-09-16"
    assert keys("weekly", weeks=[3, 3]) == "w03"
    assert keys("week_number", weeks=[2, 3]) == "w02-03"
    assert keys("monthly") == "m09 m10 m11 m12 m01"
    assert keys("monthly_week", week_of_month=-1) == "m09w-1 m10w-1 m11w-1 m12w-1 m01w-1"
    assert keys("month", months=[12], xun="中") == "m12-b"
    assert keys("month", months=[12, 1]) == "m12-01"
    assert keys("date", date="2026-10-03") == "2026-10-03", "the day that was named, not the one that stands in"
    assert keys("term_end") == "end"


def test_lessons_and_times_become_hours_of_the_day() -> None:
    [lessons] = found("weekly", weekday=3, periods=[8, 9], weeks=[3, 3])
    assert (lessons.start, lessons.end) == (time(15, 10), time(17, 10))
    [afternoon] = found("weekly", weekday=3, periods=[2], half="下午", weeks=[3, 3])
    assert (afternoon.start, afternoon.end) == (time(14, 20), time(15, 0))
    [clock] = found("weekly", weekday=4, time="09:00", time_to="11:00", weeks=[3, 3])
    assert (clock.start, clock.end) == (time(9), time(11))
    [unknown] = found("weekly", weekday=4, periods=[12], weeks=[3, 3])
    assert (unknown.start, unknown.end) == (None, None)


def test_a_swap_moves_the_weekly_day() -> None:
    swaps = (Swap(date=date(2026, 9, 16), runs="off"), Swap(date=date(2026, 9, 19), runs="周三"))
    school = SCHOOL.model_copy(update={"swaps": swaps})
    assert short(dates(entry("weekly", weekday=3, weeks=[2, 4]), TERM, school)) == "0909! 0919! 0923!"


def test_a_whole_week_off_has_no_weekly_occasion_but_keeps_what_the_plan_names() -> None:
    swaps = tuple(Swap(date=day, runs="off") for day in each_day(date(2026, 9, 14), date(2026, 9, 20)))
    school = SCHOOL.model_copy(update={"swaps": swaps})
    assert short(dates(entry("weekly", weeks=[3, 3]), TERM, school)) == ""
    assert short(dates(entry("week_number", weeks=[3, 3]), TERM, school)) == "0911-0920"


def test_february_has_29_days_in_a_leap_year() -> None:
    term = Term(name="x", first_day=date(2024, 2, 5), weeks=8, midterm_week=4, final_week=8)
    school = SchoolCalendar(terms=(term,))
    leap = dates(entry("monthly", month_day=31), term, school)
    assert short(leap) == "0229! 0329-0331"
    assert leap[0].key == "2024-02-29"


def test_weeks_that_begin_on_sunday() -> None:
    term = TERM.model_copy(update={"week_starts_on": "sunday"})
    school = SchoolCalendar(terms=(term,))
    assert short(dates(entry("week_number", weeks=[4, 4]), term, school)) == "0920-0926"
    odd = dates(entry("biweekly", weekday=2, parity="even", weeks=[1, 4]), term, school)
    assert short(odd) == "0908! 0920! 0922!", "the make-up Sunday opens week 4"


def test_a_late_first_day_has_no_monday() -> None:
    term = TERM.model_copy(update={"first_day": date(2026, 9, 1)})
    school = SchoolCalendar(terms=(term,))
    assert short(dates(entry("weekly", weekday=1, weeks=[1, 2]), term, school)) == "0907!"
    assert short(dates(entry("term_start"), term, school)) == "0901-0906"


def test_the_second_term_of_the_year() -> None:
    assert short(found("week_number", SPRING, weeks=[8, 8], term=2)) == "0412-0418"
    assert short(found("month", SPRING, months=[4, 5])) == "0401-0531"


def test_dates_outside_the_term_are_told() -> None:
    outside = {"2026-08-23": True, "2026-08-24": False, "2027-01-24": False, "2027-01-25": True}
    assert {day: out_of_term(entry("date", date=day), TERM) for day in outside} == outside
    assert not out_of_term(entry("date", date="2026-08-01", date_to="2026-09-01"), TERM)
    assert not out_of_term(entry("weekly", weekday=3), TERM)


def test_ten_thousand_characters_and_signs_do_no_harm() -> None:
    long = entry("weekly", weekday=3, weeks=[3, 3]).model_copy(update={"activity": "备" * 10_000 + "😂"})
    assert short(dates(long, TERM, SCHOOL)) == "0916!"


def test_what_lies_in_the_half_of_a_day_taken_off_does_not_take_place() -> None:
    half = Swap(date=date(2026, 9, 16), runs="off", half="下午")
    school = SCHOOL.model_copy(update={"swaps": (half,)})

    def on_the_day(kind: str, **details: Any) -> str:
        return short([one for one in dates(entry(kind, **details), TERM, school) if one.day == half.date])

    assert on_the_day("weekly", weekday=3, periods=[8, 9]) == ""
    assert on_the_day("weekly", weekday=3, periods=[2]) == "0916!"
    assert on_the_day("weekly", weekday=3, half="下午") == ""
    assert on_the_day("weekly", weekday=3) == "0916!", "nobody knows the hour"
    assert on_the_day("date", date=half.date, periods=[8]) == "0916", "said that morning, without its hour"

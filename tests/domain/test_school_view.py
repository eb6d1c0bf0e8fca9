"""The school's calendar in a few lines: weeks from Sunday, new bells, other grades, years without a notice."""

from datetime import date

from bot.calendar.term import Bells, Swap, Term
from bot.domain import school_view
from bot.simulator import sample

WINTER = Bells(valid_from=date(2026, 11, 1), lessons=(("08:00", "08:40"), ("13:30", "14:10")))
SUNDAYS = Term.model_validate(sample.TERM.model_dump() | {"week_starts_on": "sunday"})
SWAPS = (
    Swap(date=date(2026, 9, 15), runs="off", grades=("高二",)),
    Swap(date=date(2026, 9, 16), runs="周一", without=("高三",), note="校庆"),
    Swap(date=date(2026, 9, 17), runs="off", half="下午"),
)


async def known(group, **parts):
    calendar = group.school.calendar.model_copy(update=parts)
    group.take_school(group.school.model_copy(update={"calendar": calendar}))
    return group


async def test_weeks_that_begin_on_sunday_and_a_short_last_one(visit):
    async with visit() as group:
        short = SUNDAYS.model_copy(update={"ends": date(2027, 1, 20)})
        await known(group, terms=(short,))
        lines = school_view.week_lines(group, *short.bounds(3))
        assert lines[:2] == ["📅 第3周（单周） 9月13日–9月19日", "上课：周一至周五"]
        assert school_view.exam_rows(short, 21) == ["期末第21周（1月17日–1月20日）"]
        assert school_view.week_lines(group, *short.bounds(21))[1] == "上课：周一至周三"
        assert school_view.week_lines(group, *short.bounds(0))[1] == "老师到校：周一至周五"


async def test_new_bells_are_told_in_their_month_and_the_term_has_both(visit):
    async with visit() as group:
        await known(group, bells=(*sample.CALENDAR.bells, WINTER))
        assert "11月1日起换作息，第1节 08:00" in school_view.month_lines(group, date(2026, 11, 1), date(2026, 11, 30))
        assert "作息：8月31日起 07:40–17:10 9 节；11月1日起 08:00–14:10 2 节" in school_view.term_lines(
            group, group.term
        )


async def test_a_grade_sees_its_own_and_a_group_of_no_grade_all(visit):
    async with visit() as group:
        await known(group, swaps=SWAPS)
        assert group.grade == "高一"
        rows = ["9月16日（周三）校庆，按周一课表", "9月17日（周四）下午停课"]
        week = date(2026, 9, 14), date(2026, 9, 19)
        assert school_view.specials(group, *week) == rows
        group.record = group.record.model_copy(update={"name": "语文教研组"})
        await known(group)
        assert school_view.specials(group, *week) == [*rows, "9月15日（周二）停课（只高二）"]


async def test_a_year_without_a_notice_is_named_only_where_there_is_school(visit):
    async with visit() as group:
        line = "⚠️ 2027年的放假安排未公布，先按周一到周五上课算"
        assert line in school_view.month_lines(group, date(2027, 1, 1), date(2027, 1, 31))
        assert line not in school_view.month_lines(group, date(2027, 2, 1), date(2027, 2, 28))
        said = Swap(date=date(2027, 1, 4), runs="周一")
        await known(group, swaps=(said,))
        assert school_view.unpublished(group, said.date, said.date) == []

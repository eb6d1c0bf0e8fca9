"""The registry of subjects, periods, and finding an item by its number."""

from datetime import date, datetime

import pytest

from bot.clock import SCHOOL_ZONE
from bot.domain import observations, reflections
from bot.domain.subjects import Period, find_item, subjects


def test_every_subject_is_found_once_in_reading_order():
    names = [subject.name for subject in subjects()]
    assert len(names) == len(set(names))
    assert {"集体备课", "听课", "公开课", "反思"} <= set(names)
    assert [subject.order for subject in subjects()] == sorted(subject.order for subject in subjects())


def test_a_table_belongs_to_one_subject():
    tables = [kind.TABLE for subject in subjects() for kind in subject.records]
    assert len(tables) == len(set(tables))


@pytest.mark.parametrize(
    ("year", "month", "first", "last"),
    [
        (2026, 9, date(2026, 9, 1), date(2026, 9, 30)),
        (2026, 12, date(2026, 12, 1), date(2026, 12, 31)),
        (2027, 2, date(2027, 2, 1), date(2027, 2, 28)),
        (2028, 2, date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_a_month_is_whole(year, month, first, last):
    period = Period.month(year, month)
    assert (period.label, period.first, period.last) == (f"{month}月", first, last)


@pytest.mark.parametrize(
    ("moment", "held"),
    [
        (date(2026, 9, 1), True),
        (datetime(2026, 9, 30, 23, 59, 59, tzinfo=SCHOOL_ZONE), True),
        (datetime(2026, 10, 1, tzinfo=SCHOOL_ZONE), False),
        (date(2026, 8, 31), False),
        (None, False),
    ],
)
def test_both_ends_are_in(moment, held):
    assert Period.month(2026, 9).holds(moment) is held


async def test_numbers_run_through_all_subjects_and_are_never_given_twice(visit):
    async with visit() as group:
        first, _ = await reflections.write(group, "王老师", "导入太长", shared=True)
        second, _ = await observations.record(
            group, "王老师", teacher="张老师", day=group.today, periods=(1,), classroom="", text=""
        )
        assert (first.number, second.number) == (5, 6)
        subject, found = await find_item(group, 6)
        assert (subject.name, found) == ("听课", second)
        await observations.remove(group, "王老师", 6)
        assert await find_item(group, 6) is None
        third, _ = await reflections.write(group, "王老师", "再写一篇", shared=True)
        assert third.number == 7


async def test_each_group_has_numbers_of_its_own(visit):
    async with visit(key="research") as group:
        stored, _ = await reflections.write(group, "王老师", "课题组第一篇", shared=True)
        assert stored.number == 1
        assert await find_item(group, 5) is None

"""The month that /汇总 is asked for."""

from datetime import date

import pytest

from bot.calendar.year_guess import parse_month
from bot.errors import BadArgument


@pytest.mark.parametrize(
    ("typed", "today", "month"),
    [
        ("10月", date(2027, 1, 9), (2026, 10)),
        ("10月", date(2026, 9, 9), (2026, 10)),
        ("10月", date(2027, 5, 9), (2026, 10)),
        ("十月", date(2026, 11, 1), (2026, 10)),
        ("十二月份", date(2027, 1, 1), (2026, 12)),
        ("6月", date(2026, 9, 1), (2026, 6)),
        ("6月", date(2027, 8, 20), (2027, 6)),
        ("7月", date(2027, 7, 31), (2027, 7)),
        ("9", date(2027, 1, 9), (2026, 9)),
        ("\uff19", date(2027, 1, 9), (2026, 9)),
        (" 9月 ", date(2026, 9, 9), (2026, 9)),
        ("上个月", date(2027, 1, 9), (2026, 12)),
        ("上月", date(2026, 9, 9), (2026, 8)),
        ("本月", date(2027, 1, 9), (2027, 1)),
        ("这个月", date(2027, 1, 9), (2027, 1)),
        ("下个月", date(2026, 12, 31), (2027, 1)),
        ("2026年9月", date(2028, 2, 29), (2026, 9)),
        ("去年10月", date(2027, 1, 9), (2026, 10)),
        ("2026-09", date(2027, 1, 9), (2026, 9)),
    ],
)
def test_the_month_of_a_summary(typed: str, today: date, month: tuple[int, int]) -> None:
    assert parse_month(typed, today) == month


@pytest.mark.parametrize("typed", ["13月", "0月", "13", "", "周三", "999", "10月8日", "2026年", "每月", "10月 图"])
def test_what_is_no_month_is_quoted(typed: str) -> None:
    with pytest.raises(BadArgument) as caught:
        parse_month(typed, date(2026, 9, 14))
    assert caught.value.lines == [f"❌ 没看懂月份“{typed}”。", "可以这样写\uff1a10月、上个月、2026年9月"]

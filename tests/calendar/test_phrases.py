"""What teachers type as a time. The table is read on Monday 14 September 2026, week 3."""

import re
import time as stopwatch
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar.phrases import When, find_when, understand_when
from bot.calendar.term import SchoolCalendar
from bot.errors import BadArgument
from tests.calendar.school import AUTUMN as TERM
from tests.calendar.school import BELLS

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 9, 14)
SCHOOL = SchoolCalendar(terms=(TERM,), bells=(BELLS,))


def read(text: str, today: date = MONDAY, *, past: bool = False) -> When:
    when = understand_when(text, today, SCHOOL, past=past)
    assert when is not None, text
    return when


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("今天", "9月14日 周一"),
        ("明天", "9月15日 周二"),
        ("后天", "9月16日 周三"),
        ("大后天", "9月17日 周四"),
        ("昨天第2节", "9月13日 周日第2节"),
        ("周一", "9月14日 周一"),
        ("周三", "9月16日 周三"),
        ("星期天", "9月20日 周日"),
        ("礼拜3", "9月16日 周三"),
        ("本周三", "9月16日 周三"),
        ("这周三", "9月16日 周三"),
        ("下周三", "9月23日 周三"),
        ("下个星期三", "9月23日 周三"),
        ("下下周一", "9月28日 周一"),
        ("上周五第3节", "9月11日 周五第3节"),
        ("周四第8节", "9月17日 周四第8节"),
        (" 周四 第8节 ", "9月17日 周四第8节"),
        ("周三第8-9节", "9月16日 周三第8\u20139节"),
        ("周三第8\u20139节", "9月16日 周三第8\u20139节"),
        ("周三第八、九节", "9月16日 周三第8\u20139节"),
        ("周三第八九节", "9月16日 周三第8\u20139节"),
        ("周三第2、4节", "9月16日 周三第2、4节"),
        ("周三第6到8节课", "9月16日 周三第6\u20138节"),
        ("周三下午第2节", "9月16日 周三第7节"),
        ("周三下午第8节", "9月16日 周三第8节"),
        ("周三下午", "9月16日 周三下午"),
        ("周三15:30-16:10", "9月16日 周三 15:30\u201316:10"),
        ("周三15\uff1a30", "9月16日 周三 15:30"),
        ("周三下午3点半", "9月16日 周三 15:30"),
        ("明天23:59", "9月15日 周二 23:59"),
        ("每周三第8-9节", "每周三第8\u20139节"),
        ("每周", "每周"),
        ("单周周二", "单周周二"),
        ("单周二", "单周周二"),
        ("双周", "双周"),
        ("双周周一上午", "双周周一上午"),
        ("9月17日", "9月17日 周四"),
        ("九月十七号", "9月17日 周四"),
        ("\uff19月\uff11\uff17日", "9月17日 周四"),
        ("9月17日 周四第8节", "9月17日 周四第8节"),
        ("9月17日\uff08周四\uff09第8节", "9月17日 周四第8节"),
        ("9.17", "9月17日 周四"),
        ("9/17第8节", "9月17日 周四第8节"),
        ("2026-09-17", "9月17日 周四"),
        ("2027年1月8日", "2027年1月8日 周五"),
        ("1月8日", "2027年1月8日 周五"),
        ("8月28日", "8月28日 周五"),
        ("10月", "10月"),
        ("9月", "9月"),
        ("十月份", "10月"),
        ("上个月", "8月"),
        ("本月", "9月"),
        ("下个月", "10月"),
        ("月底", "9月底"),
        ("12月下旬", "12月下旬"),
        ("1月", "2027年1月"),
        ("本周", "第3周\uff089月14日\u20139月20日\uff09"),
        ("下周", "第4周\uff089月21日\u20139月27日\uff09"),
        ("第9周", "第9周\uff0810月26日\u201311月1日\uff09"),
        ("第九周", "第9周\uff0810月26日\u201311月1日\uff09"),
        ("第0周", "第0周\uff088月24日\u20138月30日\uff09"),
        ("第21周", "第21周\uff082027年1月18日\u20131月24日\uff09"),
        ("第9周周三", "10月28日 周三"),
        ("第9周 周三第8节", "10月28日 周三第8节"),
        ("第九周星期三", "10月28日 周三"),
        ("第3节", "第3节"),
        ("9月14日到9月18日", "9月14日\u20139月18日"),
        ("9月14-18日", "9月14日\u20139月18日"),
        ("12月30日\uff5e1月2日", "12月30日\u20131月2日"),
        ("9月14日至9月20日", "第3周\uff089月14日\u20139月20日\uff09"),
        ("两周后", "9月28日 周一"),
        ("三天后", "9月17日 周四"),
    ],
)
def test_a_time_is_said_back_in_full(typed: str, said: str) -> None:
    assert read(typed).text == said


@pytest.mark.parametrize(
    ("typed", "quoted"),
    [
        ("周八", "周八"),
        ("周0", "周0"),
        ("下周八", "下周八"),
        ("第9周周九", "第9周周九"),
        ("13月", "13月"),
        ("0月", "0月"),
        ("13月2日", "13月2日"),
        ("2月31日", "2月31日"),
        ("2.30", "2.30"),
        ("9月0日", "9月0日"),
        ("2027年2月29日", "2027年2月29日"),
        ("2026-02-29", "2026-02-29"),
        ("第30周", "第30周"),
        ("第12节", "第12节"),
        ("第0节", "第0节"),
        ("第9-8节", "第9-8节"),
        ("25:00", "25:00"),
        ("16:10-15:30", "16:10-15:30"),
        ("9月17日周三", "9月17日周三"),
        ("9月17日到9月14日", "9月17日到9月14日"),
        ("2月27日到30日", "2月27日到30日"),
        ("每月第一周周三", "每月第一周"),
        ("周末", "周末"),
        ("改到周八第3节", "周八"),
    ],
)
def test_what_is_no_date_is_quoted_with_an_example(typed: str, quoted: str) -> None:
    with pytest.raises(BadArgument) as caught:
        find_when(typed, MONDAY, SCHOOL)
    first, second = caught.value.lines
    assert first.startswith(f"❌ 没看懂日期“{quoted}”")
    assert second == "可以这样写\uff1a周四第8节、下周三、9月17日"
    assert not re.search(r"[\u4e00-\u9fff][,:?!;()]|[,:?!;()][\u4e00-\u9fff]", first)


def test_the_wrong_weekday_is_named() -> None:
    with pytest.raises(BadArgument, match="9月17日是周四\uff0c不是周三"):
        find_when("9月17日周三", MONDAY, SCHOOL)


@pytest.mark.parametrize(
    "typed", ["", "   ", "录播室", "9.5分", "第3单元", "高一3班", "1/2报名了", "13.5", "一周", "😂", "反思"]
)
def test_no_time_at_all(typed: str) -> None:
    assert find_when(typed, MONDAY, SCHOOL) == (None, typed.strip())
    assert understand_when(typed, MONDAY, SCHOOL) is None


@pytest.mark.parametrize(
    ("typed", "said", "rest"),
    [
        ("周四第8节 录播室", "9月17日 周四第8节", "录播室"),
        ("周四第8节\u3000录播室", "9月17日 周四第8节", "录播室"),
        ("周四第8节\uff0c录播室", "9月17日 周四第8节", "录播室"),
        ("张老师 周三第2节 高一3班 导入 9.5分", "9月16日 周三第2节", "张老师 高一3班 导入 9.5分"),
        ("高一3班周三第2节", "9月16日 周三第2节", "高一3班"),
        ("周三 周四", "9月16日 周三", "周四"),
        ("周一、周四", "9月14日 周一", "、周四"),
        ("9月17日、9月18日", "9月17日 周四", "、9月18日"),
        ("每周一次", "每周", "一次"),
        ("每周一学", "每周", "一学"),
        ("9月17日 第3单元 10月见", "9月17日 周四", "第3单元 10月见"),
    ],
)
def test_free_text_keeps_its_rest(typed: str, said: str, rest: str) -> None:
    when, left = find_when(typed, MONDAY, SCHOOL)
    assert (when.text if when else None, left) == (said, rest)
    assert understand_when(typed, MONDAY, SCHOOL) is None, "more than a time"


def test_the_parts_can_be_used() -> None:
    rule = read("单周周三第8-9节")
    assert (rule.every, rule.parity, rule.weekday, rule.periods, rule.day) == (True, "odd", 3, (8, 9), None)
    one = read("周三第8-9节")
    assert (one.every, one.weekday, one.day, one.periods) == (False, 3, date(2026, 9, 16), (8, 9))
    clock = read("周三下午3点半")
    assert (clock.time, clock.time_to) == (time(15, 30), None)
    assert read("9月").month == (2026, 9)
    assert read("9月底").span == (date(2026, 9, 25), date(2026, 9, 30))
    assert read("2月", date(2028, 1, 5)).span == (date(2028, 2, 1), date(2028, 2, 29))
    assert read("第9周").span == (date(2026, 10, 26), date(2026, 11, 1))
    assert read("每周三").span is None
    assert read("第3节").day is None


def test_today_counts_as_the_coming_weekday_until_its_lesson_is_over() -> None:
    def said(text: str, clock: time) -> str:
        when = understand_when(text, MONDAY, SCHOOL, datetime.combine(MONDAY, clock, ZONE))
        return when.text if when else ""

    assert said("周一第2节", time(9, 9)) == "9月14日 周一第2节"
    assert said("周一第2节", time(9, 10)) == "9月21日 周一第2节"
    assert said("周一下午第2节", time(9, 10)) == "9月14日 周一第7节"
    assert said("周一9:00", time(9, 0)) == "9月21日 周一 09:00"
    assert said("周一", time(23, 59)) == "9月14日 周一"
    assert said("明天", time(23, 59)) == "9月15日 周二"
    assert said("周二第1节", time(23, 59)) == "9月15日 周二第1节"


def test_records_look_back() -> None:
    assert read("周五第3节", past=True).day == date(2026, 9, 11)
    assert read("周一第3节", past=True).day == MONDAY
    assert read("下周五", past=True).day == date(2026, 9, 25)


def test_weeks_that_begin_on_sunday() -> None:
    term = TERM.model_copy(update={"week_starts_on": "sunday"})
    school = SchoolCalendar(terms=(term,))
    days = [understand_when(text, date(2026, 9, 16), school) for text in ("本周日", "本周六", "下周日", "第3周周日")]
    assert [when.day for when in days if when] == [date(2026, 9, n) for n in (13, 19, 20, 13)]


@pytest.mark.parametrize(
    ("typed", "today", "day"),
    [
        ("10月8日", date(2027, 1, 5), date(2026, 10, 8)),
        ("1月8日", date(2026, 12, 31), date(2027, 1, 8)),
        ("明天", date(2026, 12, 31), date(2027, 1, 1)),
        ("9月1日", date(2027, 6, 20), date(2027, 9, 1)),
        ("6月20日", date(2026, 9, 3), date(2026, 6, 20)),
        ("2月29日", date(2028, 1, 10), date(2028, 2, 29)),
        ("明天", date(2028, 2, 28), date(2028, 2, 29)),
    ],
)
def test_the_year_is_that_of_the_school_year(typed: str, today: date, day: date) -> None:
    assert read(typed, today).day == day


def test_a_week_without_term_cannot_be_told() -> None:
    with pytest.raises(BadArgument, match="还不知道学期从哪天开始"):
        find_when("第9周", MONDAY, SchoolCalendar())
    weekday = understand_when("下周三下午第2节", MONDAY, SchoolCalendar())
    assert weekday is not None
    assert weekday.text == "9月23日 周三第2节"


@settings(max_examples=200, deadline=None)
@given(st.dates(date(2026, 4, 1), date(2027, 2, 28)), st.lists(st.integers(1, 9), max_size=1))
def test_what_is_said_back_is_understood_the_same(day: date, periods: list[int]) -> None:
    typed = f"{day.year}年{day.month}月{day.day}日" + "".join(f"第{n}节" for n in periods)
    when = read(typed)
    assert (when.day, when.periods) == (day, tuple(periods) or None)
    assert read(when.text).model_copy(update={"weekday": None}) == when


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="周三第8节月日9.1/每单双下本上午底:-、 ,\uff0c一二十个后天年份半点", max_size=14))
def test_any_mixture_of_signs_is_a_time_or_a_sentence(text: str) -> None:
    try:
        when, rest = find_when(text, MONDAY, SCHOOL)
    except BadArgument:  # any other error is a defect and fails here
        return
    if when is None:
        assert rest == text.strip()
    else:
        assert when.text
        assert len(rest) < len(text)


def test_ten_thousand_characters_are_read_at_once() -> None:
    begin = stopwatch.perf_counter()
    when, rest = find_when("备" * 10_000 + " 周三第2节", MONDAY, SCHOOL)
    assert when is not None
    assert when.day == MONDAY + timedelta(days=2)
    assert len(rest) == 10_000
    assert stopwatch.perf_counter() - begin < 2

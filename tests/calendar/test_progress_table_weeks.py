"""Rows of a progress table against the term: days become weeks, several weeks a row each, and what does not fit."""

from datetime import date

import pytest

from bot.calendar.progress_table import read_table
from bot.calendar.progress_table.weeks import WeekRow, by_week, days_of, missing, named
from bot.calendar.term import Swap, Term
from bot.simulator.sample import CALENDAR, TERM

HEADER = "周次\t日期\t单元\t内容\t课时\t主备\t备注"


def read(*rows: str, term: Term = TERM) -> tuple[list[WeekRow], list[str]]:
    return by_week(read_table("\n".join([HEADER, *rows])), term, CALENDAR)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("9.1-9.5", (2026, 9, 1), (2026, 9, 5)),
        ("9.1\uff5e9.5", (2026, 9, 1), (2026, 9, 5)),
        ("9/1\u20149/5", (2026, 9, 1), (2026, 9, 5)),
        ("\uff19.\uff11\uff0d\uff19.\uff15", (2026, 9, 1), (2026, 9, 5)),
        ("9月1日-5日", (2026, 9, 1), (2026, 9, 5)),
        ("9月1日至9月5日", (2026, 9, 1), (2026, 9, 5)),
        ("9-1至9-5", (2026, 9, 1), (2026, 9, 5)),
        ("09-01~09-05", (2026, 9, 1), (2026, 9, 5)),
        ("2026-09-01", (2026, 9, 1), (2026, 9, 1)),
        ("2026.9.1-2026.9.5", (2026, 9, 1), (2026, 9, 5)),
        ("2026年9月1日-2026年9月5日", (2026, 9, 1), (2026, 9, 5)),
        ("12.28-1.1", (2026, 12, 28), (2027, 1, 1)),
        ("1.4-1.8", (2027, 1, 4), (2027, 1, 8)),
        ("2025-09-01", (2025, 9, 1), (2025, 9, 1)),
    ],
)
def test_days_are_those_of_the_term(text: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    assert days_of(text, TERM) == (date(*first), date(*last))


def test_no_days_are_none() -> None:
    assert days_of("国庆以后", TERM) is None


def test_rows_of_days_alone_become_weeks() -> None:
    rows, doubts = read(
        "\t8.31-9.4\t\t《沁园春》\t4\t\t",
        "\t9.6-9.12\t\t《百合花》\t4\t\t",  # from Sunday to Saturday
        "\t9月14日\t\t《登高》\t4\t\t",
        "\t9.21-10.2\t\t《师说》\t8\t\t",
        "\t暑假\t\t《劝学》\t8\t\t",
    )
    assert [(row.week, row.topic, row.lessons) for row in rows] == [
        (1, "《沁园春》", 4),
        (2, "《百合花》", 4),
        (3, "《登高》", 4),
        (4, "《师说》\uff081/2\uff09", 4),
        (5, "《师说》\uff082/2\uff09", 4),
    ]
    assert doubts == ["第6行的日期“暑假”没看懂\uff0c没有读。"]


def test_a_term_that_counts_from_sunday() -> None:
    term = TERM.model_copy(update={"week_starts_on": "sunday"})
    rows, _ = read("\t9.6-9.12\t\t《百合花》\t4\t\t", term=term)
    assert [row.week for row in rows] == [2]


def test_several_weeks_share_their_lessons() -> None:
    rows, doubts = read("3-5\t\t第一单元\t《乡土中国》\t13\t王老师\t整本书", "6、7\t\t\t写作\t1\t\t")
    assert [(row.week, row.topic, row.lessons) for row in rows] == [
        (3, "《乡土中国》\uff081/3\uff09", 5),
        (4, "《乡土中国》\uff082/3\uff09", 4),
        (5, "《乡土中国》\uff083/3\uff09", 4),
        (6, "写作\uff081/2\uff09", 1),
        (7, "写作\uff082/2\uff09", 1),
    ]
    assert {row.leads for row in rows[:3]} == {("王老师",)}
    assert rows[2].remark == "整本书"
    assert doubts == []


def test_rows_of_one_week_are_joined_and_said() -> None:
    rows, doubts = read(
        "3\t\t第一单元\t《百合花》\t2\t王老师\t",
        "3\t\t第一单元\t《哦\uff0c香雪》\t2\t张老师\t带书",
        "3\t\t第二单元\t《插秧歌》\t\t\t",
        "3\t\t第二单元\t《芣苢》\t\t\t",
    )
    (row,) = rows
    assert (row.unit, row.topic) == (
        "第一单元",
        "《百合花》\uff1b《哦\uff0c香雪》\uff1b第二单元 《插秧歌》\uff1b《芣苢》",
    )
    assert (row.lessons, row.leads, row.remark, row.lines) == (4, ("王老师", "张老师"), "带书", (2, 3, 4, 5))
    assert doubts == ["第3周写了 4 行\uff08第2、3、4、5行\uff09\uff0c合在一起。"]
    _, many = read(*(f"{week}\t\t\t《登高》{part}\t\t\t" for week in (2, 3, 5) for part in "上下"))
    assert many == ["第2–3、5周各写了几行\uff0c合在一起。"]


@pytest.mark.parametrize(
    ("row", "doubt"),
    [
        ("22\t\t\t《登高》", "第22周\uff08第2行\uff09不在2026学年第一学期\uff08第1–21周\uff09里\uff0c没有读。"),
        ("预备周\t\t\t《登高》", "第0周\uff08第2行\uff09不在2026学年第一学期\uff08第1–21周\uff09里\uff0c没有读。"),
        ("\t2025-09-01\t\t《登高》", "不在2026学年第一学期"),
        ("3\t9.21-9.25\t\t《登高》", "第2行写的是第3周\uff0c日期“9.21-9.25”却在第4周\uff0c按周次读。"),
        ("10\t\t\t《登高》", "第10周是期中考试周\uff0c还排了《登高》。"),
        ("21\t\t\t《登高》", "第21周是期末考试周\uff0c还排了《登高》。"),
    ],
)
def test_what_does_not_fit_is_said(row: str, doubt: str) -> None:
    _, doubts = read(f"{row}\t\t\t")
    assert len(doubts) == 1
    assert doubt in doubts[0]


def test_many_weeks_outside_the_term_are_one_sentence() -> None:
    rows, doubts = read(*(f"{week}\t\t\t《登高》\t\t\t" for week in (20, 22, 23, 25)), "20-24\t\t\t写作\t\t\t")
    assert [row.week for row in rows] == [20, 21]
    assert doubts[0].startswith("第22–25周\uff08第3、4、5、6行\uff09不在")


@pytest.mark.parametrize("row", ["10\t\t\t期中复习", "10\t\t期中\t复习与命题", "3\t9.14-9.18\t\t《登高》"])
def test_what_fits_is_not_doubted(row: str) -> None:
    assert read(f"{row}\t\t\t")[1] == []


def test_lessons_in_a_week_off_are_doubted() -> None:
    off = tuple(Swap(date=date(2026, 9, day), runs="off") for day in range(14, 21))
    calendar = CALENDAR.model_copy(update={"swaps": off})
    table = read_table(f"{HEADER}\n3\t\t\t《登高》\t\t\t")
    assert by_week(table, TERM, calendar)[1] == ["第3周\uff089月14日起\uff09放假\uff0c还排了《登高》。"]
    assert by_week(read_table(f"{HEADER}\n3\t\t\t放假\t\t\t"), TERM, calendar)[1] == []
    rows, _ = by_week(table, TERM, calendar)
    assert 3 not in missing([], TERM, calendar)
    assert missing(rows, TERM, calendar)[:3] == [1, 2, 4]


def test_examination_weeks_may_be_left_out() -> None:
    left = missing([], TERM, CALENDAR)
    assert {10, 21}.isdisjoint(left)
    assert named([1, 2, 4, 6, 7, 8]) == "第1–2、4、6–8周"


@pytest.mark.parametrize(
    ("rows", "doubts"),
    [
        (["5\t10月1日-2日\t\t《登高》"], ["第2行写的10月1日\u201310月2日国庆节放假\uff0c还排了《登高》。"]),
        (["5\t10月1日\t\t《登高》"], ["第2行写的10月1日国庆节放假\uff0c还排了《登高》。"]),
        (["5\t10月1日\t\t国庆放假"], []),
        (["5\t9.28-10.2\t\t《登高》"], []),  # some of these days have lessons
        (["3\t9月20日\t\t《登高》"], []),  # a make-up Sunday
        (["3\t9月19日\t\t《登高》"], ["第2行写的9月19日不上课\uff0c还排了《登高》。"]),
        (
            ["3\t9月16日\t\t《登高》", "3\t9月16日\t\t《蜀道难》"],
            ["第3周写了 2 行\uff08第2、3行\uff09\uff0c合在一起。", "第2、3行都在9月16日\uff1a《登高》、《蜀道难》。"],
        ),
        (
            ["3\t9月16日第1节\t\t《登高》", "3\t9月16日第2节\t\t《蜀道难》"],
            ["第3周写了 2 行\uff08第2、3行\uff09\uff0c合在一起。"],
        ),
    ],
)
def test_days_off_and_days_named_twice_are_doubted(rows: list[str], doubts: list[str]) -> None:
    assert read(*(f"{row}\t\t\t" for row in rows))[1] == doubts

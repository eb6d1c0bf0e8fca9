"""Lines and documents composed for the tests: what is read, what is asked, what is left alone."""

import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.calendar.entries import Entry, Kind
from bot.calendar.plan_reader import PlanContext, question_for, read_line, read_plan

TERM = {"first_day": "2026-08-31", "weeks": 21, "midterm_week": 10}
SEED = Path(__file__).resolve().parents[3] / "shared" / "plans" / "seed-plan.txt"


def context(**more: Any) -> PlanContext:
    return PlanContext.model_validate({"term": TERM, "year": 2026, "unknown_key": 1} | more)


def details(entry: Entry) -> dict[str, Any]:
    shown = entry.model_dump(mode="json", by_alias=True, exclude_none=True)
    for key in ("line", "text", "kind", "activity", "sure", "question", "choices"):
        shown.pop(key, None)
    return shown


SURE: list[tuple[str, Kind, str, dict[str, Any]]] = [
    ("每周二第5、6节在会议室集体备课", Kind.WEEKLY, "集体备课", {"weekday": 2, "periods": [5, 6], "place": "会议室"}),
    ("每周四晚7:00-8:30\uff1a网络研修", Kind.WEEKLY, "网络研修", {"weekday": 4, "time": "19:00", "time_to": "20:30"}),
    (
        "从第2周开始\uff0c每周三下午第7节集体备课",
        Kind.WEEKLY,
        "集体备课",
        {"weekday": 3, "periods": [7], "half": "下午", "from_week": 2},
    ),
    (
        "除第10周外\uff0c每周五下午第一节\uff1a教研活动",
        Kind.WEEKLY,
        "教研活动",
        {"weekday": 5, "periods": [1], "half": "下午", "except_weeks": [10]},
    ),
    (
        "自10月起\uff0c每周五下午开展阅读分享",
        Kind.WEEKLY,
        "开展阅读分享",
        {"weekday": 5, "half": "下午", "date_from": "2026-10-01"},
    ),
    ("每周一至周五中午\uff1a值班辅导", Kind.WEEKLY, "值班辅导", {"weekday": [1, 2, 3, 4, 5], "half": "中午"}),
    ("单周一\uff1a交换批改", Kind.BIWEEKLY, "交换批改", {"weekday": 1, "parity": "odd"}),
    ("每周三\uff08单周\uff09下午\uff1a教研", Kind.BIWEEKLY, "教研", {"weekday": 3, "half": "下午", "parity": "odd"}),
    (
        "每月第二个星期三下午\uff1a读书沙龙",
        Kind.MONTHLY_WEEK,
        "读书沙龙",
        {"weekday": 3, "half": "下午", "week_of_month": 2},
    ),
    ("每月倒数第二周\uff1a月考", Kind.MONTHLY_WEEK, "月考", {"week_of_month": -2}),
    ("每月第一、三周的周五\uff1a组内研讨", Kind.MONTHLY_WEEK, "组内研讨", {"weekday": 5, "week_of_month": [1, 3]}),
    ("每月15日前上交听课记录", Kind.MONTHLY, "上交听课记录", {"month_day": 15, "deadline": True}),
    ("第1、3、5周\uff1a集体备课", Kind.WEEK_NUMBER, "集体备课", {"weeks": [1, 3, 5], "list": True}),
    ("第3周至第5周\uff1a新教师亮相课", Kind.WEEK_NUMBER, "新教师亮相课", {"weeks": [3, 5]}),
    ("5\uff5e8周完成第一单元", Kind.WEEK_NUMBER, "完成第一单元", {"weeks": [5, 8]}),
    ("十一月中下旬\uff1a期中质量分析", Kind.MONTH, "期中质量分析", {"months": [11], "xun": "中下"}),
    ("拟于11月中旬举行课本剧展演", Kind.MONTH, "举行课本剧展演", {"months": [11], "xun": "中", "tentative": True}),
    ("12月24、25日\uff1a期末模拟", Kind.DATE, "期末模拟", {"date": "2026-12-24", "date_to": "2026-12-25"}),
    ("1月8日前上交总结", Kind.DATE, "上交总结", {"date": "2027-01-08", "deadline": True}),
    ("原定10月20日的公开课延期到10月27日", Kind.DATE, "公开课", {"date": "2026-10-27", "cancelled_date": "2026-10-20"}),
    ("期中考试前两周\uff1a制定复习计划", Kind.TERM_MID, "制定复习计划", {"anchor": "期中考试", "offset_weeks": -2}),
    ("放假前一天\uff1a收齐教案", Kind.TERM_END, "收齐教案", {"before": "放假", "offset_days": -1}),
    ("整个学期\uff1a培优辅导", Kind.ALL_TERM, "培优辅导", {"span": "term"}),
    ("每人每学期听课不少于20节", Kind.IRREGULAR, "听课", {"count": 20, "per": "term", "at_least": True, "quota": True}),
]


@pytest.mark.parametrize(("line", "kind", "activity", "expected"), SURE, ids=[row[0] for row in SURE])
def test_a_time_that_needs_no_guess(line: str, kind: Kind, activity: str, expected: dict[str, Any]) -> None:
    (entry,) = read_line(line, context())
    assert (entry.kind, entry.activity, details(entry)) == (kind, activity, expected)
    assert entry.sure
    assert entry.question is None


ASKED = [
    ("每周固定时间\uff1a集体备课", Kind.WEEKLY, "星期几"),
    ("每周一次\uff0c围绕易错点集体磨题", Kind.WEEKLY, "星期几"),
    ("每周二次集体备课", Kind.WEEKLY, "星期几"),
    ("周三下午集体备课", Kind.WEEKLY, "每周一次"),
    ("隔周周四下午\uff1a听评课", Kind.BIWEEKLY, "单周还是双周"),
    ("每月一次\uff1a读书会", Kind.MONTHLY, "哪一周"),
    ("11月31日\uff1a月考分析会", Kind.DATE, "11月30日"),
    ("10月32日\uff1a活动", Kind.IRREGULAR, "没有看懂"),
    ("2026年11月20日\uff08星期四\uff09\uff1a汇报", Kind.DATE, "周五"),
    ("2025年10月13日\uff1a会议", Kind.DATE, "不在本学期"),
    ("第30周\uff1a总结", Kind.WEEK_NUMBER, "不在本学期"),
    ("第3周或第4周\uff1a公开课", Kind.WEEK_NUMBER, "不止一个时间"),
    ("每周一上午、周四下午集体备课", Kind.WEEKLY, "不止一个时间"),
    ("下周三上午\uff1a调研", None, "几月几日"),
    ("清明节前后\uff1a诗歌朗诵会", Kind.DATE, "清明节"),
    ("每三周一次\uff1a单元研讨", Kind.IRREGULAR, "隔多久"),
    ("第二学期第8周\uff1a同课异构", Kind.WEEK_NUMBER, "不在本学期"),
    ("暑假第一周\uff1a培训", Kind.IRREGULAR, "没有看懂"),
    ("国庆放假前\uff1a检查", Kind.DATE, "国庆"),
    ("明天第三节\uff1a听课", Kind.IRREGULAR, "写计划那天"),
    ("双休日\uff1a网络学习", Kind.IRREGULAR, "没有看懂"),
    ("10 | 期中综合素养测评", Kind.WEEK_NUMBER, "第10周吗"),
    ("第5周 | 11.16-11.20 | 听课", Kind.WEEK_NUMBER, "对不上"),
]


@pytest.mark.parametrize(("line", "kind", "words"), ASKED, ids=[row[0] for row in ASKED])
def test_what_must_be_asked_is_asked(line: str, kind: Kind | None, words: str) -> None:
    (entry,) = read_line(line, context())
    assert kind is None or entry.kind is kind
    assert not entry.sure
    assert entry.question is not None
    assert words in entry.question


LEFT_OPEN = ["双周组织听课", "不定期\uff1a开展推门听课", "适时举办学科沙龙"]


@pytest.mark.parametrize("line", LEFT_OPEN)
def test_what_the_plan_leaves_open_on_purpose_is_not_asked(line: str) -> None:
    (entry,) = read_line(line, context())
    assert entry.sure
    assert entry.question is None


NOTHING = [
    "",
    "三、具体活动安排",
    "周次 | 日期 | 研讨内容 | 主备人",
    "周次 起止日期 课题 主讲人",
    "| --- | --- |",
    "2026学年第一学期高一语文备课组工作计划",
    "\uff082026年秋季\uff09",
    "高一语文备课组 2026年8月30日",
    "注\uff1a进度可根据情况上下浮动一周。",
    "※以上时间如有调整另行通知",
    "本计划自9月1日起执行",
    "制定日期\uff1a2026年8月30日",
    "请假须提前一天告诉组长\uff0c一学期累计超过三次的在组内说明。",
    "书面作业每天不超过三十分钟\uff0c周三为无作业日。",
    "第六届青年教师赛课",
    "第二十四期《语文报》征稿",
    "本学期共21周\uff0c每周6课时",
    "\uff0810月10日周六按周三课表上课\uff09",
    "5 | 10.1-10.7 | 国庆节放假 |",
    "第6周 | 10月4日--10月10日 |",
    "上学期已完成每月一次的研讨",
]


@pytest.mark.parametrize("line", NOTHING)
def test_what_only_looks_like_a_time_gives_nothing(line: str) -> None:
    assert read_line(line, context()) == []


def test_relative_days_count_from_the_day_of_posting() -> None:
    (entry,) = read_line("下周三上午\uff1a调研", context(posted="2026-10-13"))
    assert (entry.date, entry.sure) == (date(2026, 10, 21), True)


def test_a_weekday_that_only_counts_is_no_monday() -> None:
    for line in ("每周一次集体备课", "每周一学\uff1a教育理论", "每周一练", "“每周一题”每周固定时段推送"):
        (entry,) = read_line(line, context())
        assert (entry.kind, entry.weekday) == (Kind.WEEKLY, None)


def test_without_a_midterm_week_the_middle_of_the_term_is_asked() -> None:
    plain = PlanContext.model_validate({"term": {"first_day": "2026-08-31", "weeks": 21}})
    (entry,) = read_line("每学期中\uff1a专题研讨", plain)
    assert not entry.sure
    assert "期中考试前一周" in entry.choices


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2、8月下旬完成修订", [8]),
        ("4、5月\uff1a同课异构", [4, 5]),
        ("9.4-5月份\uff0c开展视导", [4, 5]),
        ("二、十月份\uff1a赛课", [10]),
        ("2026年9月至2027年1月\uff1a课题研究", [9, 10, 11, 12, 1]),
    ],
)
def test_item_numbers_are_no_months(line: str, expected: list[int]) -> None:
    assert read_line(line, context())[0].months == expected


def test_several_parts_with_labels_of_their_own() -> None:
    entries = read_line("每月底\uff1a上交资料\uff1b每月初\uff1a布置任务", context())
    assert [(one.activity, one.month_pos) for one in entries] == [("上交资料", "end"), ("布置任务", "start")]


def test_both_parities_of_a_line() -> None:
    odd, even = read_line("单周周三、双周周五\uff1a集体备课", context())
    assert [(one.parity, one.weekday) for one in (odd, even)] == [("odd", 3), ("even", 5)]


def test_questions_offer_the_times_that_are_given() -> None:
    (entry,) = read_line("每周固定时间\uff1a集体备课", context())
    bare = entry.model_copy(update={"question": None, "choices": []})
    assert question_for(bare, ["周三第8-9节", "周四第3节"])[1] == ["周三第8-9节", "周四第3节"]
    assert question_for(bare.model_copy(update={"weekday": 3})) == (None, [])


def test_a_merged_cell_goes_on() -> None:
    above = context(row_above="4 | 9.21-9.25 | 备课 | 李老师", heading="周次 | 日期 | 内容 | 主备人")
    (entry,) = read_line("| | 同课异构 | 张老师", above)
    assert (entry.weeks, entry.date_from, entry.who) == ([4, 4], date(2026, 9, 21), "张老师")


def test_the_month_of_the_title_gives_bare_days() -> None:
    october = context(month=10)
    assert read_line("15日 | 教研活动", october)[0].date == date(2026, 10, 15)
    assert read_line("上旬 | 常规检查", october)[0].xun == "上"
    assert not read_line("第二周 | 例会", october)[0].sure


DOCUMENT = """高一语文备课组工作计划
一、指导思想
每周集体备课\uff0c将学情分析作为议题。
每学期推荐3-5本专业书籍。
每位教师每月听课不少于规定节数。
定期组织教师学习教育理论。
10月20日前上交读书笔记。
二、活动安排
\uff08一\uff09第一阶段
每月第一周\uff1a召开例会。
九月\uff1a
1. 制定计划
2. 开学检测

每学期末\uff1a组织复习研讨\uff0c进行质量分析。
三、保障措施
时间保障\uff1a每周固定时间开展活动。
高一语文备课组 2026年8月30日""".splitlines()


def test_beside_an_arrangement_only_definite_times_count() -> None:
    read = [(entry.line, entry.kind.value, entry.activity) for entry in read_plan(DOCUMENT, context())]
    assert read == [
        (7, "date", "上交读书笔记"),
        (10, "monthly_week", "召开例会"),
        (12, "month", "制定计划"),
        (13, "month", "开学检测"),
        (15, "term_end", "组织复习研讨"),
        (15, "term_end", "进行质量分析"),
    ]


def test_without_an_arrangement_every_line_is_read() -> None:
    lines = ["每周集体备课\uff0c将学情分析作为议题。", "每学期组织两次学情会诊。", "每人每学期听课15节。"]
    assert [entry.line for entry in read_plan(lines, context())] == [1, 2]


def test_a_header_names_the_columns_of_the_rows_below() -> None:
    lines = ["周次 | 内容 | 主备人", "1 | 《沁园春》 | 王老师", "2 | 《劝学》 | 张老师"]
    entries = read_plan(lines, context())
    assert [(one.weeks, one.who, one.sure) for one in entries] == [([1, 1], "王老师", True), ([2, 2], "张老师", True)]


@pytest.mark.skipif(not SEED.is_file(), reason="../shared/plans/seed-plan.txt is not there")
def test_the_model_plans_give_exactly_their_arrangement() -> None:
    lines = SEED.read_text(encoding="utf-8").splitlines()
    started = time.perf_counter()
    entries = read_plan(lines, context())
    assert time.perf_counter() - started < 3
    assert [(one.line, one.kind.value) for one in entries] == [
        (97, "monthly_week"), (98, "weekly"), (99, "biweekly"), (100, "term_start"), (101, "term_mid"),
        (102, "term_end"), (102, "term_end"), (103, "irregular"), (104, "irregular"), (105, "all_term"),
    ]  # fmt: skip
    assert entries[0].week_of_month == 1
    assert [one.sure for one in entries[:4]] == [True, False, False, True]
    assert [entries[1].weekday, entries[2].parity] == [None, None]


HOSTILE = [
    "1" * 10_000,
    "第" * 10_000,
    "每周一" * 3_000,
    "\uff08" * 10_000,
    "九月、" * 3_000,
    "9.1-" * 2_500,
    "1|" * 5_000,
]
HOSTILE += [
    "周一、" * 3_000,
    "1月1日" * 3_000,
    "第1周" * 400_000,
    " " * 1_000_000,
    "至少1次" * 2_000,
    "\x00" * 5_000,
    "🎉" * 5_000,
]


@pytest.mark.parametrize("line", HOSTILE, ids=[f"{line[:4]!r}x{len(line)}" for line in HOSTILE])
def test_long_lines_take_no_time(line: str) -> None:
    started = time.perf_counter()
    read_line(line, context())
    read_plan([line, "| " + line], context())
    assert time.perf_counter() - started < 3


MARKDOWN = """# 高一语文备课组
## 活动安排
| 时间 | 内容 | 主备人 |
|---|---|---|
| 第2周 | 集体备课 | 王老师 |
|  | 听课 | 张老师 |
## 其他
每周集体备课\uff0c形成共识。""".splitlines()


def test_a_markdown_table_with_an_empty_cell() -> None:
    entries = read_plan(MARKDOWN, context())
    assert [(one.line, one.weeks, one.who) for one in entries] == [(5, [2, 2], "王老师"), (6, [2, 2], "张老师")]


def test_a_time_on_its_own_line_holds_until_the_next() -> None:
    lines = ["九月份", "1、制定计划", "十月份\uff1a", "赛课", "十二月份 总结", "备课组长\uff1a李老师", "2026.9.1"]
    entries = read_plan(lines, context())
    assert [(one.line, one.months) for one in entries] == [(2, [9]), (4, [10]), (5, [12])]

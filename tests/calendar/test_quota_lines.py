"""Numbers to reach: read where a plan names them, and nowhere else."""

import pytest

from bot.calendar.plan_reader import PlanContext, TermSpan, read_plan
from bot.calendar.quota_lines import read_quotas
from tests.calendar.school import AUTUMN

CONTEXT = PlanContext(
    term=TermSpan(first_day=AUTUMN.first_day, weeks=AUTUMN.weeks, midterm_week=AUTUMN.midterm_week), year=2026
)

FOUND = [
    ("每位教师每学期听课不少于16节", "每人每学期听课不少于 16 节"),
    ("每人每学期至少开一节组内公开课", "每人每学期组内公开课不少于 1 节"),
    ("每位教师一学期上一节公开课", "每人每学期公开课 1 节"),
    ("每学期听课不少于１０节", "每学期听课不少于 10 节"),
    ("每学期不少于10节听课", "每学期听课不少于 10 节"),
    ("实验每学期达十二次", "每学期实验不少于 12 次"),
    ("每学期不少于2次年级说题", "每学期年级说题不少于 2 次"),
    ("每周\uff1a至少磨题2道", "每周磨题不少于 2 道"),
    ("教师每人每学年发表论文1篇", "每人每学年发表论文 1 篇"),
]
NONE = [
    "每位教师每月听课不少于规定节数",
    "课前演讲天天坚持\uff0c每生每学期轮到不少于两次",
    "请假须提前告诉组长\uff0c一学期累计超过三次的在组内说明",
    "书面作业每天不超过三十分钟",
    "第5周\uff1a组内公开课一节",
    "每月至少共读一篇教学文章\uff0c读后写三五句话",
    "去年本组获得第六届评比一等奖",
    "",
]


def labels(*lines: str) -> list[str]:
    return [one.label for one in read_quotas(lines, read_plan(lines, CONTEXT))]


@pytest.mark.parametrize(("line", "label"), FOUND)
def test_a_number_to_reach(line: str, label: str) -> None:
    assert labels(line) == [label]


@pytest.mark.parametrize("line", NONE)
def test_no_number_to_reach(line: str) -> None:
    assert labels(line) == []


def test_two_in_a_line_share_the_time_and_the_same_is_kept_once() -> None:
    line = "3、每人每学期至少开一节组内公开课\uff0c听课不少于15节。"
    found = read_quotas(["标题", line, line], [])
    assert [(one.line, one.label) for one in found] == [
        (2, "每人每学期组内公开课不少于 1 节"),
        (2, "每人每学期听课不少于 15 节"),
    ]

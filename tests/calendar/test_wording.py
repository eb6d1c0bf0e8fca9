"""Rules said back: what the reader understood must come out as a teacher would say it."""

from datetime import date

import pytest

from bot.calendar.plan_reader import PlanContext, TermSpan, read_line
from bot.calendar.wording import rule_of

CONTEXT = PlanContext(term=TermSpan(first_day=date(2026, 8, 31), weeks=21, midterm_week=10), year=2026)
SAID = [
    ("每周三第8-9节\uff1a集体备课", "每周三第8\u20139节"),
    ("每周一、四早读\uff1a词汇过关", "每周一、周四"),
    ("每周五下午第二节\uff1a课标研读", "每周五下午第2节"),
    ("双周周二第3节\uff1a推门观课", "双周周二第3节"),
    ("每两周一次\uff1a听评课", "每两周"),
    ("每月第一周\uff1a例会", "每月第一周"),
    ("每月最后一周周三\uff1a汇总题库", "每月最后一周周三"),
    ("每月5日、20日\uff1a核对资源", "每月5、20日"),
    ("第2-3周\uff1a确定微课选题", "第2\u20133周"),
    ("10月中旬\uff1a月考分析", "10月中旬"),
    ("11月20日\uff1a汇报课", "11月20日"),
    ("11月16日—20日 实验技能评比", "11月16日\u201311月20日"),
    ("期中考试前一周\uff1a考点梳理", "期中考试前1周"),
    ("学期初\uff1a学习课标", "学期初"),
    ("贯穿学年\uff1a青蓝工程", "贯穿学期"),
]


@pytest.mark.parametrize(("line", "words"), SAID, ids=[line for line, _ in SAID])
def test_a_rule_is_said_back(line, words):
    assert rule_of(read_line(line, CONTEXT)[0]) == words

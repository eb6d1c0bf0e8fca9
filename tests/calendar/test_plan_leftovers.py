"""What no pattern understands is asked, never posted: a time that no entry holds, a word of time left over."""

import pytest

from bot.calendar.plan_reader import PlanContext, read_line
from tests.calendar.plan_scoring import AUTUMN

CONTEXT = PlanContext.model_validate({"term": AUTUMN})

#: A line, and the words of it that the question names.
LEFT = [
    ("学期初三天内完成计划上交", "天内"),
    ("10月12日起连续三周 听课", "连续三周"),
    ("每月的第二个和第四个周三 教研", "第二个和"),
    ("每周三第7节（第10周改为周四第7节）集体备课", "第10周改为周四第7节"),
    ("第七周周末 教师团建", "周末"),
    ("4月第1个完整周 公开课展示", "第1"),
    ("除考试周外，每周一下午放学后召开质量追踪会", "除考试周外"),
    ("每周一三五听力训练，二四限时阅读", "二四"),
]

#: Words of time that are part of a name, or told by the entry in another form.
USED = [
    "1月20日：放假前安全教育",
    "10月：13日公开课，20日评课，27日总结",
    "11月 | 上旬 | 期中考试",
    "第3周：第1号教材研读",
    "每月第一周：召开备课组例会，总结上月工作",
    "公开课原定第8周，现调整到第9周",
    "每逢月末召开学情分析会",
    "每周日晚8点前上传下周电子教案",
]


@pytest.mark.parametrize(("line", "words"), LEFT)
def test_words_of_time_left_over_are_asked_about(line: str, words: str) -> None:
    entries = read_line(line, CONTEXT)
    assert entries
    assert not any(entry.sure for entry in entries)
    assert any(words in (entry.question or "") for entry in entries), [entry.question for entry in entries]
    assert any(entry.choices for entry in entries)


@pytest.mark.parametrize("line", USED)
def test_what_is_used_is_not_asked_about(line: str) -> None:
    entries = read_line(line, CONTEXT)
    assert entries
    assert all(entry.sure for entry in entries), [entry.question for entry in entries]


@pytest.mark.parametrize(
    "line", ["开学两周后 摸底测试", "若区里组织抽测，则提前一周安排模拟", "10月8日（补周五的课）第3节 组内公开课"]
)
def test_a_line_that_looks_temporal_is_never_dropped_in_silence(line: str) -> None:
    entries = read_line(line, CONTEXT)
    assert [entry.sure for entry in entries] == [False]

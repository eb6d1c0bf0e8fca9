"""Which subject an activity belongs to."""

import pytest

from bot.domain.subjects import subjects
from bot.domain.topics import TOPICS, topic_of


def test_every_topic_is_a_subject() -> None:
    assert {name for name, _ in TOPICS} <= {subject.name for subject in subjects()}


@pytest.mark.parametrize(
    ("activity", "topic"),
    [
        ("召开备课组例会", "例会"),
        ("集中进行集体备课", "集体备课"),
        ("组织听评课活动", "听课"),
        ("听一节组内的课", "听课"),
        ("组内教师轮流上研讨课", "研讨课"),
        ("新教师汇报课", "公开课"),
        ("骨干教师示范课", "公开课"),
        ("撰写教学反思", "反思"),
        ("共性问题研讨", "问题"),
        ("教学进度检查", "进度"),
        ("完成导学案的修订", "资源"),
        ("期中考试", ""),
        ("邀请校内外专家进行专题讲座或指导", ""),
        ("空间向量及其运算", ""),
    ],
)
def test_by_its_words(activity: str, topic: str) -> None:
    assert topic_of(activity) == topic

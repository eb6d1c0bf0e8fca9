"""Which subject of the group's work an activity of a plan belongs to, by its words.

Whether a subject speaks for the entry itself is another matter (``routines.subject_of``): a plan may have ten lessons
heard together, each an event of its own, and they all belong to 听课.
"""

import re

_HEARD = re.compile("听评课|听课|评课|听.{0,6}的?课|随堂听|推门课|磨课")
TOPICS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("例会", re.compile("例会")),
    ("集体备课", re.compile("集体备课|集备|集体研讨教材|备课活动")),
    ("轮值", re.compile("主备(?:人)?(?:轮|安排|分工)|轮流主备")),
    ("听课", _HEARD),
    ("研讨课", re.compile("研讨课|研究课|同课异构")),
    ("公开课", re.compile("公开课|示范课|汇报课|展示课|观摩课|展评课|亮相课|过关课")),
    ("反思", re.compile("反思")),
    ("问题", re.compile("共性问题|疑难问题|问题(?:征集|研讨|汇总|清单)")),
    ("进度", re.compile("教学进度|进度(?:表|检查|安排)")),
    ("资源", re.compile("资源(?:库|共享|建设|整理)|资料(?:库|共享|整理)|导学案|题库")),
)
"""Name of a subject (``bot.domain.subjects``), with what its activities are called; the first that is found counts."""


def topic_of(activity: str) -> str:
    """The subject that an activity belongs to; "" for a plain event."""
    return next((name for name, words in TOPICS if words.search(activity)), "")
